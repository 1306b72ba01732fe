"""HTTP routes of the diagnostics service."""

from services.diagnostics.api.areas import Diagnostic
from services.diagnostics.api.imports import Imports

ROUTES = (
    Diagnostic,
    Imports,
)
