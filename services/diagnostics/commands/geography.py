"""Bring the country's communes, and name those of coordinations by them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import structs

from services.chassis.database import Connection
from services.chassis.importer import Outcome
from services.diagnostics.model.counts import department_of_qpv
from services.diagnostics.model.geography import DistrictRow, Movement, NationalCommune, Told
from services.diagnostics.model.places import commune_key
from services.diagnostics.store import geography


async def bring_territories(
    connection: Connection,
    coordination: str,  # noqa: ARG001  # They are every coordination's.
    rows: Sequence[Told],
    *,
    now: datetime,  # noqa: ARG001  # A territory is as its file has it, whenever it was brought.
    new_id: Callable[[], UUID],  # noqa: ARG001  # Nothing new is named here.
) -> list[Outcome]:
    """Write lines of the national files, for every coordination."""
    communes = {one.commune: one for one in rows if isinstance(one, NationalCommune)}
    movements = [one for one in rows if isinstance(one, Movement)]
    known = await geography.national_communes(connection, list(communes))
    fresh = [one for one in communes.values() if _says_more(one, known.get(one.commune))]
    if fresh:
        await geography.put_national_communes(connection, fresh)
        await geography.name_communes(connection, [one.commune for one in fresh])
    before = await geography.national_movements(connection, [one.code_before for one in movements])
    moved = set(movements) - before
    if moved:
        told = {(one.code_before, one.effective_on, one.code_after): one for one in moved}
        await geography.put_national_movements(connection, [told[key] for key in sorted(told)])
    changed: set[object] = {*(one.commune for one in fresh), *moved}
    return [(one.commune if isinstance(one, NationalCommune) else one) in changed for one in rows]


def _says_more(told: NationalCommune, known: NationalCommune | None) -> bool:
    """Tell whether a line changes what is known; coordinates that it lacks change nothing."""
    if known is None:
        return True
    longitude = known.longitude if told.longitude is None else told.longitude
    latitude = known.latitude if told.latitude is None else told.latitude
    return structs.replace(told, longitude=longitude, latitude=latitude) != known


async def name_communes(connection: Connection, codes: Sequence[str]) -> None:
    """Give the communes of a new coordination their names, populations and places."""
    await geography.name_communes(connection, codes)


async def place_districts(
    connection: Connection, coordination: str, hosts: Mapping[str, Sequence[str]]
) -> None:
    """Keep which communes QPV are in, from the names that a file gives; unknown ones are left out.

    A name is looked for in the département that the code of the QPV names.
    """
    departments = {code: department_of_qpv(code) for code in hosts}
    wanted = sorted(set(departments.values()))
    known = {
        (one.department, commune_key(one.name)): one.commune
        for one in (await geography.communes_of(connection, wanted) if wanted else ())
    }
    found = [
        DistrictRow(code, commune)
        for code, names in hosts.items()
        for name in names
        if (commune := known.get((departments[code], commune_key(name)))) is not None
    ]
    if found:
        await geography.put_districts(connection, coordination, found)
