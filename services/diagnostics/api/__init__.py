"""HTTP routes of the diagnostics service."""

from services.diagnostics.api.activity import Advisers
from services.diagnostics.api.areas import Diagnostic
from services.diagnostics.api.imports import Imports
from services.diagnostics.api.indicators import Indicators

ROUTES = (
    Advisers,
    Diagnostic,
    Imports,
    Indicators,
)
