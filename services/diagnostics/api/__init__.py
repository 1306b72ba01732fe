"""HTTP routes of the diagnostics service."""

from services.diagnostics.api.activity import Advisers
from services.diagnostics.api.areas import Diagnostic
from services.diagnostics.api.contributions import Shared
from services.diagnostics.api.elements import Proofs, Qualification
from services.diagnostics.api.imports import Imports
from services.diagnostics.api.indicators import Indicators
from services.diagnostics.api.maps import Maps
from services.diagnostics.api.needs import Needs, Projection
from services.diagnostics.api.places import Places
from services.diagnostics.api.proofs import Packs
from services.diagnostics.api.surveys import Found, Surveys
from services.diagnostics.api.visits import Ground, Voices

ROUTES = (
    Advisers,
    Diagnostic,
    Needs,
    Projection,
    Imports,
    Indicators,
    Maps,
    Places,
    Qualification,
    Proofs,
    Surveys,
    Found,
    Voices,
    Ground,
    Packs,
    Shared,
)
