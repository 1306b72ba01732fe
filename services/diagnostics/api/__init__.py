"""HTTP routes of the diagnostics service."""

from services.diagnostics.api.areas import Diagnostic

ROUTES = (Diagnostic,)
