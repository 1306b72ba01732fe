"""Questions about who coordinates and what was decided; a page says where the next one begins."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from services.chassis.database import Connection
from services.members import store
from services.members.errors import NoSuchAgreement, NoSuchCoordination
from services.members.model import Agreement, Coordination, Decision, Opinion, Seat

T = TypeVar("T")
FIRST = UUID(int=0)


def _page(found: Sequence[T], most: int) -> tuple[list[T], T | None]:
    return list(found[:most]), found[most - 1] if len(found) > most else None


async def coordination(connection: Connection, slug: str) -> Coordination:
    """Return one coordination.

    Raises:
        NoSuchCoordination: there is none of this slug.
    """
    found = await store.coordination(connection, slug)
    if found is None:
        raise NoSuchCoordination(slug)
    return found


async def coordinations(
    connection: Connection, *, only: str | None, after: str, most: int
) -> tuple[list[Coordination], str | None]:
    """Return a page of coordinations by slug, all of them or `only` one."""
    found, last = _page(await store.coordinations(connection, only, after, most + 1), most)
    return found, last.coordination if last else None


async def members(
    connection: Connection, coordination: str, *, college: str | None, after: str, most: int
) -> tuple[list[Seat], str | None]:
    """Return a page of members by organisation."""
    rows = await store.members(connection, coordination, college, after, most + 1)
    found, last = _page(rows, most)
    return found, last.organization if last else None


async def agreement_home(connection: Connection, agreement_id: UUID) -> str:
    """Return the coordination of an agreement, so that the caller's right can be checked.

    Raises:
        NoSuchAgreement: there is none of this id.
    """
    found = await store.agreement(connection, agreement_id)
    if found is None:
        raise NoSuchAgreement(agreement_id)
    return found.coordination


async def agreements(
    connection: Connection, coordination: str, *, after: UUID | None, most: int
) -> tuple[list[Agreement], UUID | None]:
    """Return a page of agreements by id."""
    rows = await store.agreements(connection, coordination, after or FIRST, most + 1)
    found, last = _page(rows, most)
    return found, last.agreement_id if last else None


async def opinions(
    connection: Connection, coordination: str, *, after: UUID | None, most: int
) -> tuple[list[Opinion], UUID | None]:
    """Return a page of opinions by id."""
    rows = await store.opinions(connection, coordination, after or FIRST, most + 1)
    found, last = _page(rows, most)
    return found, last.opinion_id if last else None


async def decisions(
    connection: Connection, coordination: str, *, after: UUID | None, most: int
) -> tuple[list[Decision], UUID | None]:
    """Return a page of funders' decisions by id."""
    rows = await store.decisions(connection, coordination, after or FIRST, most + 1)
    found, last = _page(rows, most)
    return found, last.decision_id if last else None
