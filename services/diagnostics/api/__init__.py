"""HTTP routes of the diagnostics service."""

from services.diagnostics.api.areas import Diagnostic
from services.diagnostics.api.elements import Proofs, Qualification

ROUTES = (
    Diagnostic,
    Qualification,
    Proofs,
)
