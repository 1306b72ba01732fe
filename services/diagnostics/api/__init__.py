"""HTTP routes of the diagnostics service."""

from services.diagnostics.api.areas import Diagnostic
from services.diagnostics.api.elements import Proofs, Qualification
from services.diagnostics.api.imports import Imports
from services.diagnostics.api.indicators import Indicators
from services.diagnostics.api.needs import Needs, Projection
from services.diagnostics.api.place_files import PlaceFiles
from services.diagnostics.api.places import Places
from services.diagnostics.api.supply import Matching
from services.diagnostics.api.surveys import Found, Surveys

ROUTES = (
    Diagnostic,
    Needs,
    Projection,
    Imports,
    Indicators,
    Places,
    PlaceFiles,
    Matching,
    Qualification,
    Proofs,
    Surveys,
    Found,
)
