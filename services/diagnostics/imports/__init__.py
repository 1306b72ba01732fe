"""Kinds of files the diagnostic takes, by name; each has its writer in `commands.bringing`."""

from typing import Any

from services.chassis.importer import Kind
from services.diagnostics.imports.activity import ACTIVITY
from services.diagnostics.imports.counts import CNAF_IRIS
from services.diagnostics.imports.geography import COG
from services.diagnostics.imports.indicators import IFN, INDICATORS
from services.diagnostics.imports.places import PLACES

KINDS: dict[str, Kind[Any]] = {
    "cog": COG,
    "ifn": IFN,
    "indicators": INDICATORS,
    "cnaf-iris": CNAF_IRIS,
    "activity": ACTIVITY,
    "places": PLACES,
}
