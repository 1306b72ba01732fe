"""Questions about the Code officiel géographique."""

from typing import NamedTuple

from services.chassis.database import Connection
from services.members.errors.territories import NoSuchTerritory
from services.members.model.names import name_key
from services.members.model.territories import Commune, Epci, Successor
from services.members.reads.pages import page
from services.members.store import territories as rows


class Answering(NamedTuple):
    """The commune that answers to a code, and all that took over a part of it."""

    commune: Commune
    successors: list[Successor]


async def commune(connection: Connection, code: str) -> Answering:
    """Return the commune that answers to a code today; the most peopled of several.

    Raises:
        NoSuchTerritory: no commune of today has, or took over, this code.
    """
    found = await rows.successors(connection, code)
    known = await rows.known_communes(connection, [one.code for one in found])
    if not known:
        raise NoSuchTerritory(code, field="code")
    peopled = sorted(known.values(), key=lambda one: (-(one.population or 0), one.code))
    places = {one.code: place for place, one in enumerate(peopled)}
    return Answering(peopled[0], sorted(found, key=lambda one: places[one.code]))


async def communes(
    connection: Connection, *, q: str, department: str | None, after: str, most: int
) -> tuple[list[Commune], str | None]:
    """Return a page of the communes whose name begins with `q`, by code; homonyms are all there."""
    found = await rows.communes_named(connection, name_key(q), department, after, most + 1)
    shown, last = page(found, most)
    return shown, last.code if last else None


async def epci(connection: Connection, siren: str) -> tuple[Epci, list[Commune]]:
    """Return an EPCI and its communes by code.

    Raises:
        NoSuchTerritory: there is none of this SIREN.
    """
    found = await rows.epci(connection, siren)
    if found is None:
        raise NoSuchTerritory(siren, field="siren")
    return found, await rows.communes_of_epcis(connection, [siren])
