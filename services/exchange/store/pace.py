"""How partners keep in touch, and what became of their signals by agreement."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from services.chassis.database import Connection
from services.exchange.store.queries import SQL


class PaceRow(msgspec.Struct, frozen=True):
    """Columns of `paces`."""

    institution: str
    last_at: datetime
    usual_seconds: float | None
    quiet_since: datetime | None
    flooding_since: datetime | None


class SilentRow(msgspec.Struct, frozen=True):
    """Columns of `fell_silent`."""

    coordination: str
    institution: str
    last_at: datetime
    usual_seconds: float


class EpisodeRow(msgspec.Struct, frozen=True):
    """Columns of `came_back`, `began_flood` and `ended_flood`."""

    coordination: str
    institution: str
    since: datetime


class AgreementTallyRow(msgspec.Struct, frozen=True):
    """Columns of `agreement_tallies`."""

    opened_by: str
    institution: str
    status: str
    code: str
    n: int
    last_at: datetime


class DelayRow(msgspec.Struct, frozen=True):
    """Columns of `delays`."""

    p50_ms: float
    p99_ms: float
    decided: int


class ParkedRow(msgspec.Struct, frozen=True):
    """Columns of `parked_of_partners`."""

    institution: str
    waiting: int


class FigureRow(msgspec.Struct, frozen=True):
    """Columns of `figures`."""

    institution: str
    status: str
    n: int
    last_at: datetime


class EpisodesRow(msgspec.Struct, frozen=True):
    """Columns of `episodes`."""

    silent: int
    flooding: int


ROWS: dict[str, type[msgspec.Struct]] = {
    "paces": PaceRow,
    "fell_silent": SilentRow,
    "came_back": EpisodeRow,
    "began_flood": EpisodeRow,
    "ended_flood": EpisodeRow,
    "agreement_tallies": AgreementTallyRow,
    "delays": DelayRow,
    "parked_of_partners": ParkedRow,
    "figures": FigureRow,
    "episodes": EpisodesRow,
}


async def note_seen(
    connection: Connection, coordination: str, institution: str, *, now: datetime, beyond: bool
) -> None:
    """Note that a partner sent something, within its quota or beyond."""
    await connection.execute(SQL["note_seen"], coordination, institution, now, beyond)


async def paces(connection: Connection, coordination: str) -> list[PaceRow]:
    """Return how each partner of a coordination keeps in touch."""
    return [PaceRow(*row) for row in await connection.fetch(SQL["paces"], coordination)]


async def fell_silent(
    connection: Connection, *, now: datetime, least_seconds: float
) -> list[SilentRow]:
    """Note partners that fall silent now, and return them, once per episode."""
    rows = await connection.fetch(SQL["fell_silent"], now, least_seconds)
    return [SilentRow(*row) for row in rows]


async def came_back(connection: Connection) -> list[EpisodeRow]:
    """Note partners that were silent and are not, and return them."""
    return [EpisodeRow(*row) for row in await connection.fetch(SQL["came_back"])]


async def began_flood(connection: Connection, *, since: datetime) -> list[EpisodeRow]:
    """Note partners that went beyond their quota since an instant, and return the new ones."""
    return [EpisodeRow(*row) for row in await connection.fetch(SQL["began_flood"], since)]


async def ended_flood(connection: Connection, *, since: datetime) -> list[EpisodeRow]:
    """Note partners that kept within their quota since an instant, and return them."""
    return [EpisodeRow(*row) for row in await connection.fetch(SQL["ended_flood"], since)]


async def add_agreement_tallies(
    connection: Connection,
    counts: Mapping[tuple[str, str, str, str, str], int],
    *,
    now: datetime,
) -> None:
    """Add counts by coordination, agreement, institution, status and code, in one order."""
    if not counts:
        return
    keys = sorted(counts)
    columns = [list(column) for column in zip(*keys, strict=True)]
    numbers = [counts[key] for key in keys]
    await connection.execute(SQL["add_agreement_tallies"], *columns, numbers, now)


async def agreement_tallies(connection: Connection, coordination: str) -> list[AgreementTallyRow]:
    """Return what became of a coordination's signals, by agreement or licence."""
    rows = await connection.fetch(SQL["agreement_tallies"], coordination)
    return [AgreementTallyRow(*row) for row in rows]


async def delays(
    connection: Connection, coordination: str, institution: str, *, last: int
) -> DelayRow:
    """Return how long a partner's last signals waited for their decision."""
    row = await connection.fetchrow(SQL["delays"], coordination, institution, last)
    assert row is not None, "an aggregate has one row"
    return DelayRow(*row)


async def parked_of_partners(connection: Connection, coordination: str) -> dict[str, int]:
    """Return how many messages of each partner are set aside."""
    rows = await connection.fetch(SQL["parked_of_partners"], coordination)
    return {row["institution"]: row["waiting"] for row in rows}


async def figures(connection: Connection, *, most: int) -> list[FigureRow]:
    """Return counts by partner and status over all coordinations."""
    return [FigureRow(*row) for row in await connection.fetch(SQL["figures"], most)]


async def episodes(connection: Connection) -> EpisodesRow:
    """Return how many partners are silent, and how many flood."""
    row = await connection.fetchrow(SQL["episodes"])
    assert row is not None, "an aggregate has one row"
    return EpisodesRow(*row)
