"""The files this service takes: how each is read, what it needs."""

from typing import Any

from services.chassis.importer import Kind
from services.members.imports.seats import MEMBERS
from services.members.imports.territories import COG

KINDS: dict[str, Kind[Any]] = {kind.name: kind for kind in (COG, MEMBERS)}

__all__ = ["COG", "KINDS", "MEMBERS"]
