"""Chapters of versions that the field makes: surveys, visits, and what advisers did.

They hold counts alone: what people answered or said never enters a version, which nobody can
change.
"""

from collections.abc import Mapping
from datetime import date

from contracts.events.diagnostics import FigureStatus
from contracts.http.diagnostics.activity import PlaceActivity
from contracts.http.diagnostics.versions import VersionElement
from services.chassis.database import Connection
from services.diagnostics.model import freshness, tiers, versions
from services.diagnostics.model.activity import LABELS, SUPPORTS
from services.diagnostics.model.figures import spaced
from services.diagnostics.model.proofs import HeldCampaign
from services.diagnostics.model.tiers import Leaving
from services.diagnostics.model.versions import ACTIVITY, SURVEYS, VISITS
from services.diagnostics.reads import activity, field
from services.diagnostics.reads.asked import Asked
from services.diagnostics.store import proofs, visits

VISITED = "Visites de la coordination"
NOT_TOLD = "non transmis"


def respondents(one: HeldCampaign, to: Leaving) -> tuple[int | None, FigureStatus, str]:
    """Return how many people of a commune answered, as a tier reads it, its status and reading."""
    if not one.told:
        return None, FigureStatus.NOT_COVERED, NOT_TOLD
    count = tiers.admitted(one.respondents, to, least=one.threshold)
    status = FigureStatus.SECRET if count is None else FigureStatus.COMPLETE
    return count, status, tiers.said(count)


async def known_surveys(connection: Connection, asked: Asked) -> list[VersionElement]:
    """Return the campaigns that asked people of communes, and how many answered; never what."""
    held = await proofs.campaigns_held(connection, asked.coordination, asked.communes)
    told = []
    for one in held:
        count, status, reading = respondents(one, asked.to)
        fresh = freshness.of_directory(one.ends_on, today=asked.today)
        told.append(
            VersionElement(
                key=f"{SURVEYS}|{one.commune}|{one.campaign_id}",
                chapter=SURVEYS,
                area=one.commune,
                about={"state": one.state},
                label=one.title,
                value=count,
                unit="person",
                source=one.operator,
                period=one.ends_on.isoformat(),
                status=status,
                reading=reading,
                freshness=freshness.share(fresh),
                confidence=freshness.share(0 if count is None else fresh),
            )
        )
    return told


async def known_visits(connection: Connection, asked: Asked) -> list[VersionElement]:
    """Return how often each commune was visited, and how many were, once there was a visit."""
    made = {
        one.commune: one
        for one in await field.visits_of(connection, asked.coordination, asked.communes)
    }
    if not made and not await visits.tours(connection, asked.coordination, None, "", 1):
        return []
    told = []
    for commune in asked.communes:
        one = made.get(commune)
        count, last = (one.count, one.last_on) if one else (0, None)
        told.append(_visits(commune, count, last, asked.today))
    latest = max((one.last_on for one in made.values()), default=None)
    reading = f"{spaced(len(made))} communes sur {spaced(len(asked.communes))}"
    about = {"communes": str(len(asked.communes))}
    whole = (len(made), reading, about)
    return [*told, _visits(versions.WHOLE, 0, latest, asked.today, whole=whole)]


def _visits(
    area: str,
    count: int,
    last: date | None,
    today: date,
    *,
    whole: tuple[int, str, Mapping[str, str]] | None = None,
) -> VersionElement:
    fresh = None if last is None else freshness.of_directory(last, today=today)
    value, reading, about = whole or (count, spaced(count), {})
    return VersionElement(
        key=f"{VISITS}|{area}",
        chapter=VISITS,
        area=area,
        about=dict(about),
        label="Communes visitées" if whole else "Visites faites",
        value=value,
        unit="commune" if whole else "visit",
        source=VISITED,
        period=last.isoformat() if last else "",
        status=FigureStatus.COMPLETE,
        reading=reading,
        freshness=None if fresh is None else freshness.share(fresh),
        confidence=freshness.share(fresh or 0),
    )


async def known_activity(connection: Connection, asked: Asked) -> list[VersionElement]:
    """Return what advisers did; of several communes together, it is said of the whole."""
    found = await activity.of_coordination(connection, asked.coordination, to=asked.to)
    return [
        _activity(place, name, count, asked)
        for place in found
        for name, count in place.figures.items()
    ]


def _activity(place: PlaceActivity, name: str, count: int | None, asked: Asked) -> VersionElement:
    is_own = len(place.communes) == 1 and place.others == 0
    fresh = freshness.of_period(place.vintage, today=asked.today)
    return VersionElement(
        key=f"{ACTIVITY}|{place.place_kind}|{place.place}|{name}",
        chapter=ACTIVITY,
        area=place.communes[0] if is_own else versions.WHOLE,
        about={
            "place_kind": place.place_kind,
            "place": place.place,
            "figure": name,
            "licence": place.licence,
        },
        label=label_of(name),
        value=count,
        unit="support" if name in SUPPORTS or name.startswith("theme:") else "person",
        source=place.source,
        period=place.vintage,
        status=FigureStatus.SECRET if count is None else FigureStatus.COMPLETE,
        reading=tiers.said(count),
        freshness=None if fresh is None else freshness.share(fresh),
        confidence=freshness.share(0 if count is None or fresh is None else fresh),
    )


def label_of(name: str) -> str:
    """Return what a figure of the activity counts, in French."""
    return LABELS.get(name, name.removeprefix("theme:"))
