"""Questions about priorities, definitions and what other bodies validated."""

from collections.abc import Collection
from uuid import UUID

from services.chassis.database import Connection
from services.members.errors.priorities import (
    NoSuchDefinition,
    NoSuchPrioritisation,
    RankingIsAnothers,
)
from services.members.model import definitions as texts
from services.members.model import priorities as model
from services.members.reads.pages import FIRST, page
from services.members.store import priorities as store
from services.members.store import sessions


async def remarks(
    connection: Connection, coordination: str, opinions: Collection[UUID]
) -> list[texts.WordedRemark]:
    """Return the objections and reservations of some opinions, in order."""
    return await store.remarks(connection, coordination, opinions)


async def ballot(connection: Connection, ballot_id: UUID) -> model.Ballot:
    """Return one ballot on priorities.

    Raises:
        NoSuchPrioritisation: there is none of this id.
    """
    found = await store.ballot(connection, ballot_id)
    if found is None:
        raise NoSuchPrioritisation(ballot_id)
    return found


async def ballots(
    connection: Connection, coordination: str, *, after: UUID | None, most: int
) -> tuple[list[model.Ballot], UUID | None]:
    """Return a page of ballots on priorities by id."""
    rows = await store.ballots(connection, coordination, after or FIRST, most + 1)
    found, last = page(rows, most)
    return found, last.prioritisation_id if last else None


async def rankings(connection: Connection, ballot_id: UUID) -> list[model.CastRanking]:
    """Return the last ranking of each member."""
    return await store.rankings(connection, ballot_id)


async def must_rank_for(
    connection: Connection, coordination: str, member: UUID, organization: str | None
) -> None:
    """Refuse a caller that ranks for another organisation.

    Raises:
        RankingIsAnothers: it does.
    """
    names = await sessions.names(connection, coordination, [member])
    if member not in names or names[member].organization != organization:
        raise RankingIsAnothers


async def definition_home(connection: Connection, definition_id: UUID) -> str:
    """Return the coordination of a definition, so that the caller's right can be checked.

    Raises:
        NoSuchDefinition: there is none of this id.
    """
    found = await store.definition(connection, definition_id)
    if found is None:
        raise NoSuchDefinition(definition_id)
    return found.coordination


async def definitions(
    connection: Connection, coordination: str, *, after: int, most: int
) -> tuple[list[texts.Definition], int | None]:
    """Return a page of definitions by version."""
    rows = await store.definitions(connection, coordination, after, most + 1)
    found, last = page(rows, most)
    return found, last.version if last else None


async def in_force(connection: Connection, coordination: str) -> texts.Definition | None:
    """Return the definition in force, or None."""
    return await store.definition_in_force(connection, coordination)


async def validations(
    connection: Connection,
    coordination: str,
    *,
    opinion_id: UUID | None,
    after: UUID | None,
    most: int,
) -> tuple[list[texts.Validation], UUID | None]:
    """Return a page of validations by id."""
    rows = await store.validations(connection, coordination, opinion_id, after or FIRST, most + 1)
    found, last = page(rows, most)
    return found, last.validation_id if last else None
