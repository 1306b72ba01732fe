"""Found coordinations, from a code or from their communes, and put one under another."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from contracts.envelope import Fact
from contracts.events.members import CoordinationFounded, CoordinationPlaced
from contracts.http import members as bodies
from contracts.values import Role, TerritoryLevel
from services.chassis import outbox
from services.chassis.database import Connection
from services.members import model, store
from services.members.commands.seats import SOURCE, coordination_of
from services.members.errors import RecordDiffers
from services.members.errors.territories import (
    LevelDoesNotFit,
    TerritoryIsNotSaid,
    TerritoryIsUnknown,
)
from services.members.model.names import NAME_CHARS_MAX
from services.members.model.parents import must_hold
from services.members.model.territories import Commune
from services.members.store import lineage, rights, territories


class _Territory(NamedTuple):
    level: TerritoryLevel
    name: str
    communes: list[str]


async def found_coordination(
    connection: Connection,
    asked: bodies.FoundCoordination,
    *,
    founder: str | None,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Coordination:
    """Found a coordination and tell the other services; the same one again changes nothing.

    `founder`, a subject of tokens, becomes its coordinator; None where an operator founds it.

    Raises:
        TerritoryIsNotSaid: no territory is given, or several.
        TerritoryIsUnknown: the code is not in the Code officiel géographique.
        LevelDoesNotFit: the level is another one's.
        NoSuchCoordination, ParentDoesNotFit: it cannot be under `parent`.
        RecordDiffers: the slug names a coordination with another content.
        ValueRepeats: a commune or an EPCI is given twice.
    """
    model.must_be_plain(asked, "name", "strategy")
    model.must_name_once("communes", asked.communes)
    model.must_name_once("epcis", asked.epcis)
    if asked.starts_on and asked.ends_on:
        model.must_follow(asked.starts_on, asked.ends_on, field="ends_on")
    async with connection.transaction():
        known = await store.coordination(connection, asked.slug)
        if known is not None:
            return _same(asked, known)
        row = _row(asked, await _territory(connection, asked))
        if row.parent is not None:
            parent = await coordination_of(connection, row.parent)
            must_hold(parent, row, above=await lineage.above(connection, parent.coordination))
        if not await store.add_coordination(connection, row, now=now):
            found = await store.coordination(connection, asked.slug)
            assert found is not None, "its slug was taken"
            return _same(asked, found)
        if founder is not None:
            right = model.Right(Role.COORDINATOR.value, None)
            await rights.grant(
                connection, row.coordination, founder, right, origin="founding", now=now
            )
        await outbox.put(connection, _told(row), source=SOURCE, now=now, new_id=new_id)
    return row


def _told(row: model.Coordination) -> list[Fact]:
    """Return the facts of a coordination that was just founded."""
    founded = CoordinationFounded(
        coordination=row.coordination,
        name=row.name,
        level=TerritoryLevel(row.level),
        siren=row.siren,
        communes=row.communes,
    )
    if row.parent is None:
        return [founded]
    return [founded, CoordinationPlaced(coordination=row.coordination, parent=row.parent)]


async def place_coordination(
    connection: Connection,
    coordination: str,
    asked: bodies.PlaceCoordination,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Coordination:
    """Put a coordination under another one, or take it out, and tell it; again, nothing changes.

    Raises:
        NoSuchCoordination: one of the two was never founded.
        ParentDoesNotFit: the other one cannot hold it.
    """
    async with connection.transaction():
        await lineage.lock(connection)
        row = await coordination_of(connection, coordination)
        if asked.parent == row.parent:
            return row
        if asked.parent is not None:
            parent = await coordination_of(connection, asked.parent)
            must_hold(parent, row, above=await lineage.above(connection, asked.parent))
        await lineage.place(connection, coordination, asked.parent)
        fact = CoordinationPlaced(coordination=coordination, parent=asked.parent)
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return msgspec.structs.replace(row, parent=asked.parent)


async def _territory(connection: Connection, asked: bodies.FoundCoordination) -> _Territory:
    if asked.communes:
        if asked.level is None or asked.name is None:
            raise TerritoryIsNotSaid
        return _Territory(asked.level, asked.name, sorted(asked.communes))
    said = [one for one in (asked.siren, asked.commune, asked.department, asked.epcis) if one]
    if len(said) != 1:
        raise TerritoryIsNotSaid
    level, found = await _looked_up(connection, asked)
    if asked.level not in {None, level}:
        assert asked.level is not None, "None is admitted"
        raise LevelDoesNotFit(asked.level.value, fits=level.value)
    return _Territory(level, asked.name or _name(level, found), [one.code for one in found])


async def _looked_up(
    connection: Connection, asked: bodies.FoundCoordination
) -> tuple[TerritoryLevel, list[Commune]]:
    if asked.commune is not None:
        codes = [one.code for one in await territories.successors(connection, asked.commune)]
        if len(codes) != 1:
            raise TerritoryIsUnknown(asked.commune, field="commune")
        known = await territories.known_communes(connection, codes)
        return TerritoryLevel.COMMUNE, list(known.values())
    if asked.department is not None:
        found = await territories.communes_of_department(connection, asked.department)
        if not found:
            raise TerritoryIsUnknown(asked.department, field="department")
        return TerritoryLevel.DEPARTMENT, found
    epcis = [asked.siren] if asked.siren else asked.epcis
    found = await territories.communes_of_epcis(connection, epcis)
    for epci in epcis:
        if epci not in {one.epci for one in found}:
            raise TerritoryIsUnknown(epci, field="siren" if asked.siren else "epcis")
    return (TerritoryLevel.EPCI if asked.siren else TerritoryLevel.SEVERAL), found


def _name(level: TerritoryLevel, communes: list[Commune]) -> str:
    first = communes[0]
    if level is TerritoryLevel.COMMUNE:
        return f"CTIN – {first.name}"
    if level is TerritoryLevel.DEPARTMENT:
        return f"CTIN – {first.department_name}"
    names = dict.fromkeys(one.epci_name or "" for one in communes)
    return f"CTIN – {', '.join(names)}"[:NAME_CHARS_MAX]


def _row(asked: bodies.FoundCoordination, territory: _Territory) -> model.Coordination:
    return model.Coordination(
        coordination=asked.slug,
        name=territory.name,
        level=territory.level.value,
        siren=asked.siren,
        communes=territory.communes,
        department=asked.department,
        epcis=sorted(asked.epcis),
        parent=asked.parent,
        experiment=asked.experiment,
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        strategy=asked.strategy,
        process=asked.process,
    )


def _same(asked: bodies.FoundCoordination, known: model.Coordination) -> model.Coordination:
    """Return what is known, unless it is not what is asked; a territory looked up may have moved.

    Raises:
        RecordDiffers: it is not.
    """
    territory = _Territory(
        asked.level or TerritoryLevel(known.level),
        asked.name or known.name,
        sorted(asked.communes) or known.communes,
    )
    if _row(asked, territory) != known:
        raise RecordDiffers("La coordination", asked.slug, field="slug")
    return known
