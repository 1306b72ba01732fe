"""HTTP routes of the diagnostics service."""

from services.diagnostics.api.areas import Diagnostic
from services.diagnostics.api.elements import Proofs, Qualification
from services.diagnostics.api.surveys import Found, Surveys

ROUTES = (
    Diagnostic,
    Qualification,
    Proofs,
    Surveys,
    Found,
)
