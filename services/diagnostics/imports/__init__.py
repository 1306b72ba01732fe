"""Kinds of files the diagnostic takes, by name; each has its writer in `commands.bringing`."""

from typing import Any

from services.chassis.importer import Kind
from services.diagnostics.imports.places import PLACES

KINDS: dict[str, Kind[Any]] = {kind.name: kind for kind in (PLACES,)}
