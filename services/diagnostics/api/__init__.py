"""HTTP routes of the diagnostics service."""

from services.diagnostics.api.areas import Diagnostic
from services.diagnostics.api.imports import Imports
from services.diagnostics.api.place_files import PlaceFiles
from services.diagnostics.api.places import Places
from services.diagnostics.api.supply import Matching

ROUTES = (
    Diagnostic,
    Imports,
    Places,
    PlaceFiles,
    Matching,
)
