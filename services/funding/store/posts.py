"""Rows of adviser posts, of their programmes and of their allocations."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec

from services.chassis.database import Connection
from services.funding.model.posts import (
    AllocationRow,
    HolderRow,
    KnownPost,
    PostEventRow,
    PostRow,
    ProgrammeRow,
    RateRow,
    by_post,
    sector_of,
    told,
)
from services.funding.store.queries import SQL, rows_of


class Allocated(msgspec.Struct, frozen=True):
    """Posts and cents of several allocations."""

    posts: int
    amount_cents: int


class OfEmployer(msgspec.Struct, frozen=True):
    """Posts that employers of a kind hold."""

    employer_kind: str
    posts: int


ROWS: dict[str, type[msgspec.Struct]] = {
    "programme": ProgrammeRow,
    "lock_programme": ProgrammeRow,
    "programmes": ProgrammeRow,
    "named_programmes": ProgrammeRow,
    "programme_rates": RateRow,
    "allocation": AllocationRow,
    "lock_allocation": AllocationRow,
    "allocations": AllocationRow,
    "allocation_holders": HolderRow,
    "allocated": Allocated,
    "post": PostRow,
    "lock_post": PostRow,
    "posts": PostRow,
    "post_events": PostEventRow,
    "posts_by_employer": OfEmployer,
}

_EVER = date.max
_PAGE = 1_000


async def add_programme(
    connection: Connection, coordination: str, row: ProgrammeRow, rates: Sequence[RateRow]
) -> bool:
    """Write a programme with its rates; return False if its slug is taken."""
    done = await connection.execute(
        SQL["add_programme"], coordination, *msgspec.structs.astuple(row)
    )
    if done != "INSERT 0 1":
        return False
    for rate in rates:
        await connection.execute(
            SQL["add_programme_rate"], coordination, *msgspec.structs.astuple(rate)
        )
    return True


async def programme(
    connection: Connection, coordination: str, name: str, *, lock: bool = False
) -> ProgrammeRow | None:
    """Return one programme, held until the end when `lock`."""
    query = SQL["lock_programme"] if lock else SQL["programme"]
    row = await connection.fetchrow(query, coordination, name)
    return ProgrammeRow(*row) if row else None


async def programmes(
    connection: Connection, coordination: str, after: str, most: int
) -> list[ProgrammeRow]:
    """Return the programmes with a slug after `after`, at most `most`."""
    return await rows_of(connection, SQL["programmes"], ProgrammeRow, coordination, after, most)


async def named_programmes(
    connection: Connection, coordination: str, names: Sequence[str]
) -> list[ProgrammeRow]:
    """Return these programmes."""
    return await rows_of(
        connection, SQL["named_programmes"], ProgrammeRow, coordination, list(names)
    )


async def rates(connection: Connection, coordination: str, names: Sequence[str]) -> list[RateRow]:
    """Return the rates of these programmes, the public one first."""
    return await rows_of(connection, SQL["programme_rates"], RateRow, coordination, list(names))


async def add_allocation(
    connection: Connection, coordination: str, row: AllocationRow, holders: Sequence[HolderRow]
) -> bool:
    """Write an allocation with its holders; return False if its slug is taken."""
    done = await connection.execute(
        SQL["add_allocation"], coordination, *msgspec.structs.astuple(row)
    )
    if done != "INSERT 0 1":
        return False
    for holder in holders:
        await connection.execute(
            SQL["add_allocation_holder"], coordination, *msgspec.structs.astuple(holder)
        )
    return True


async def allocation(
    connection: Connection, coordination: str, name: str, *, lock: bool = False
) -> AllocationRow | None:
    """Return one allocation, held until the end when `lock`."""
    query = SQL["lock_allocation"] if lock else SQL["allocation"]
    row = await connection.fetchrow(query, coordination, name)
    return AllocationRow(*row) if row else None


async def allocations(
    connection: Connection, coordination: str, after: str, most: int
) -> list[AllocationRow]:
    """Return the allocations with a slug after `after`, at most `most`."""
    return await rows_of(connection, SQL["allocations"], AllocationRow, coordination, after, most)


async def holders(
    connection: Connection, coordination: str, names: Sequence[str]
) -> list[HolderRow]:
    """Return the holders of these allocations, by slug."""
    return await rows_of(
        connection, SQL["allocation_holders"], HolderRow, coordination, list(names)
    )


async def allocated(connection: Connection, coordination: str, of: str | None) -> Allocated:
    """Return what a programme allocated in all, or all of them."""
    row = await connection.fetchrow(SQL["allocated"], coordination, of)
    assert row is not None, "a sum always answers"
    return Allocated(*row)


async def posts_opened(connection: Connection, coordination: str, allocated_by: str) -> int:
    """Return how many posts an allocation opened already."""
    count: int = await connection.fetchval(SQL["posts_opened"], coordination, allocated_by)
    return count


async def add_post(connection: Connection, coordination: str, row: PostRow) -> bool:
    """Open a post; return False if its slug is taken."""
    done = await connection.execute(SQL["add_post"], coordination, *msgspec.structs.astuple(row))
    return done == "INSERT 0 1"


async def post(
    connection: Connection, coordination: str, name: str, *, lock: bool = False
) -> PostRow | None:
    """Return one post, held until the end when `lock`."""
    row = await connection.fetchrow(SQL["lock_post"] if lock else SQL["post"], coordination, name)
    return PostRow(*row) if row else None


async def posts(connection: Connection, coordination: str, after: str, most: int) -> list[PostRow]:
    """Return the posts with a slug after `after`, at most `most`."""
    return await rows_of(connection, SQL["posts"], PostRow, coordination, after, most)


async def add_event(
    connection: Connection, coordination: str, row: PostEventRow, *, n: int, at: datetime
) -> None:
    """Append what happened to a post, at its place."""
    await connection.execute(
        SQL["add_post_event"], coordination, n, *msgspec.structs.astuple(row), at
    )


async def events(
    connection: Connection, coordination: str, names: Sequence[str], *, until: date = _EVER
) -> list[PostEventRow]:
    """Return what happened to these posts up to a day, in order."""
    return await rows_of(
        connection, SQL["post_events"], PostEventRow, coordination, list(names), until
    )


async def by_employer(connection: Connection, coordination: str, *, day: date) -> list[OfEmployer]:
    """Return how many posts employers of each kind hold on a day."""
    return await rows_of(connection, SQL["posts_by_employer"], OfEmployer, coordination, day)


async def known_posts(
    connection: Connection, coordination: str, found: Iterable[PostRow], *, day: date
) -> list[KnownPost]:
    """Return these posts with their programme, their rate and what happened until a day."""
    opened = list(found)
    names = sorted({one.programme for one in opened})
    programme_of = {
        one.programme: one for one in await named_programmes(connection, coordination, names)
    }
    rate_of = {
        (one.programme, one.sector): one for one in await rates(connection, coordination, names)
    }
    told_of = by_post(
        await events(connection, coordination, [one.post for one in opened], until=day)
    )
    known = []
    for one in opened:
        programme = programme_of[one.programme]
        rate = rate_of[one.programme, sector_of(one.employer_kind)]
        of_one = told_of.get(one.post, [])
        standing = told(one, programme, rate, of_one)
        known.append(KnownPost(one, programme, rate, of_one, standing))
    return known


async def all_posts(connection: Connection, coordination: str, *, day: date) -> list[KnownPost]:
    """Return every post of a coordination with what happened until a day, a page at a time."""
    found: list[PostRow] = []
    after: str | None = ""
    while after is not None:
        page = await posts(connection, coordination, after, _PAGE)
        found += page
        after = page[-1].post if len(page) == _PAGE else None
    return await known_posts(connection, coordination, found, day=day)
