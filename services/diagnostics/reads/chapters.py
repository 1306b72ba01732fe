"""What versions and sheets hold: chapters, each read from the room that keeps it.

A chapter gives the elements of some communes of a coordination as a tier may read them. Another one
is added in the tuple below.
"""

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.events.diagnostics import FigureStatus
from contracts.http.diagnostics.elements import ElementState
from contracts.http.diagnostics.versions import Tier, VersionElement
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.model import elements as rules
from services.diagnostics.model import figures, freshness, versions
from services.diagnostics.model.leaving_parts import TOLD, leaving_told
from services.diagnostics.reads.asked import Asked
from services.diagnostics.reads.field_chapters import (
    known_activity,
    known_surveys,
    known_visits,
)
from services.diagnostics.reads.telling import hidden_in
from services.diagnostics.store import elements as element_rows
from services.diagnostics.store import versions as rows

FIRST = UUID(int=0)
PAGE = 500
PLACES, ELEMENTS = "places", "elements"
DIRECTORY = "Annuaire des lieux de médiation numérique"


Chapter = Callable[[Connection, Asked], Awaitable[list[VersionElement]]]


async def known_figures(connection: Connection, asked: Asked) -> list[VersionElement]:
    """Return exposures, needs and indicators, and the sums of the communes."""
    held = await store.area_rows(connection, asked.coordination, asked.communes)
    areas = figures.areas(held, threshold=None)
    if asked.to.tier is not Tier.INSIDE:
        hidden = asked.hidden
        if hidden is None:
            hidden = await hidden_in(
                connection, asked.coordination, areas, threshold=asked.to.threshold
            )
        areas = [leaving_told(one, asked.to, hidden.get(one.commune, TOLD)) for one in areas]
    return versions.of_areas(areas, today=asked.today)


async def known_places(connection: Connection, asked: Asked) -> list[VersionElement]:
    """Return how many places each commune has, none among them, once a directory was brought."""
    if not await rows.has_places(connection, asked.coordination):
        return []
    found = {
        one.commune: one
        for one in await rows.place_ages(connection, asked.coordination, asked.communes)
    }
    told = []
    for commune in asked.communes:
        one = found.get(commune)
        latest = date.fromisoformat(one.updated_on) if one else None
        fresh = freshness.of_directory(latest, today=asked.today) if latest else None
        told.append(
            VersionElement(
                key=f"{PLACES}|{commune}",
                chapter=PLACES,
                area=commune,
                label="Lieux de médiation numérique",
                value=one.places if one else 0,
                unit="place",
                source=DIRECTORY,
                period=latest.isoformat() if latest else "",
                status=FigureStatus.COMPLETE,
                reading=str(one.places if one else 0),
                freshness=None if fresh is None else freshness.share(fresh),
                confidence=freshness.share(Decimal(0) if fresh is None else fresh),
            )
        )
    return told


async def known_elements(connection: Connection, asked: Asked) -> list[VersionElement]:
    """Return the risks that figures showed, with how far the field confirmed each."""
    told: list[VersionElement] = []
    communes, after = set(asked.communes), FIRST
    wanted = rules.Wanted(commune=asked.communes[0] if len(communes) == 1 else None)
    while True:
        found = await element_rows.elements(connection, asked.coordination, wanted, after, PAGE)
        told += [
            _element(row, commune, asked.today)
            for row in found
            for commune in row.communes
            if commune in communes
        ]
        if len(found) < PAGE:
            return told
        after = found[-1].element_id


def _element(row: rules.ElementRow, commune: str, today: date) -> VersionElement:
    fresh = freshness.of_directory(row.changed_on, today=today)
    return VersionElement(
        key=f"{ELEMENTS}|{commune}|{row.element_id}",
        chapter=ELEMENTS,
        area=commune,
        about={"problem": row.problem, "public": row.public},
        label=row.title,
        value=row.state,
        unit="state",
        source=row.organization,
        period=row.changed_on.isoformat(),
        status=FigureStatus.COMPLETE,
        reading=rules.STATES[ElementState(row.state)],
        freshness=freshness.share(fresh),
        confidence=freshness.share(fresh),
    )


CHAPTERS: tuple[Chapter, ...] = (
    known_figures,
    known_places,
    known_elements,
    known_surveys,
    known_visits,
    known_activity,
)
