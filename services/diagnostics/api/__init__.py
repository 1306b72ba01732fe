"""HTTP routes of the diagnostics service."""

from services.diagnostics.api.areas import Diagnostic
from services.diagnostics.api.versions import Versions

ROUTES = (
    Diagnostic,
    Versions,
)
