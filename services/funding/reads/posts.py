"""Questions about adviser posts, their programmes and their allocations."""

from collections.abc import Iterable
from datetime import date

import msgspec

from contracts.http.funding.posts import (
    AdviserRole,
    Allocation,
    Allocations,
    EmployerFigure,
    EmployerKind,
    HolderShare,
    Post,
    PostEvent,
    PostEventKind,
    PostHistory,
    Posts,
    PostStep,
    Programme,
    Programmes,
    Rate,
    Sector,
)
from services.chassis.database import Connection
from services.funding.errors import NotKnown
from services.funding.model import posts as model
from services.funding.model.months import split
from services.funding.model.posts import (
    AllocationRow,
    HolderRow,
    KnownPost,
    PostEventRow,
    ProgrammeRow,
    RateRow,
)
from services.funding.store import posts as rows


async def posts(
    connection: Connection, coordination: str, *, day: date, after: str, most: int
) -> Posts:
    """Return a page of posts as they stand on a day, by slug; one moment for all."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        found = await rows.posts(connection, coordination, after, most + 1)
        known = await rows.known_posts(connection, coordination, found[:most], day=day)
        kinds = await rows.by_employer(connection, coordination, day=day)
    return Posts(
        as_of=day,
        items=[shown(one, day=day) for one in known],
        by_employer=[
            EmployerFigure(employer_kind=EmployerKind(one.employer_kind), posts=one.posts)
            for one in kinds
        ],
        cursor=found[most - 1].post if len(found) > most else None,
    )


async def post(connection: Connection, coordination: str, name: str, *, day: date) -> PostHistory:
    """Return one post as it stands on a day, with its steps and its history.

    Raises:
        NotKnown: the post was never written.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        row = await rows.post(connection, coordination, name)
        if row is None:
            raise NotKnown("Le poste", name, field="post")
        (known,) = await rows.known_posts(connection, coordination, [row], day=day)
    standing, rate = known.standing, known.rate
    return PostHistory(
        post=shown(known, day=day),
        steps=[
            PostStep(
                rank=rank,
                from_day=first,
                until_day=last,
                amount_cents=rate.step_cents(rank, bonus=standing.bonus),
                paid_cents=standing.paid.get(rank, 0),
            )
            for rank, first, last in model.steps(row, rate)
        ],
        events=[shown_event(one) for one in known.events],
    )


def shown(known: KnownPost, *, day: date) -> Post:
    """Return a post as it stands on a day."""
    row, rate, standing = known.row, known.rate, known.standing
    last = model.return_by(standing, known.programme)
    used = model.consumed(standing, row, rate, day=day)
    return Post(
        id=row.post,
        programme=row.programme,
        role=AdviserRole(row.role),
        allocation=row.allocation,
        fund=row.fund,
        funder=row.funder,
        employer=standing.employer,
        host=standing.host,
        deployer=standing.deployer,
        employer_kind=EmployerKind(standing.employer_kind),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        reference=row.reference,
        yearly_cost_cents=row.yearly_cost_cents,
        state=standing.state,
        since=standing.since,
        return_by=last,
        must_return=last is not None and day > last,
        months_total=rate.months,
        months_consumed=used,
        months_left=rate.months - used,
        bonus_granted=standing.bonus,
        granted_cents=model.granted_cents(standing, rate),
        credit_cents=standing.credit_cents,
        paid_cents=sum(standing.paid.values()),
        due_cents=model.due_cents(standing, row, rate, day=day),
        to_return_cents=model.to_return_cents(standing, row, rate, day=day),
    )


def shown_event(row: PostEventRow) -> PostEvent:
    """Return an event of a post as it is shown."""
    kept = msgspec.structs.asdict(row)
    del kept["post"]
    kept["id"], kept["kind"] = kept.pop("event"), PostEventKind(kept["kind"])
    return PostEvent(**kept)


def shown_programme(row: ProgrammeRow, rates: Iterable[RateRow]) -> Programme:
    """Return a programme as it is shown."""
    return Programme(
        id=row.programme,
        name=row.name,
        funder=row.funder,
        rates=[
            Rate(
                sector=Sector(one.sector),
                months=one.months,
                instalments_cents=one.instalments_cents,
                bonuses_cents=one.bonuses_cents,
            )
            for one in rates
            if one.programme == row.programme
        ],
        vacancy_months_max=row.vacancy_months_max,
        posts_max=row.posts_max,
        envelope_cents=row.envelope_cents,
    )


async def programmes(
    connection: Connection, coordination: str, *, after: str, most: int
) -> Programmes:
    """Return a page of programmes, by slug."""
    found = await rows.programmes(connection, coordination, after, most + 1)
    page = found[:most]
    rates = await rows.rates(connection, coordination, [one.programme for one in page])
    return Programmes(
        items=[shown_programme(one, rates) for one in page],
        cursor=page[-1].programme if len(found) > most else None,
    )


def shown_allocation(row: AllocationRow, holders: Iterable[HolderRow]) -> Allocation:
    """Return an allocation with each holder's part of it, to the cent."""
    of_one = [one for one in holders if one.allocation == row.allocation]
    shares = split(row.amount_cents, [one.weight for one in of_one])
    whole, left = divmod(row.amount_cents, row.posts)
    return Allocation(
        id=row.allocation,
        programme=row.programme,
        holders=[
            HolderShare(holder=one.holder, weight=one.weight, amount_cents=cents)
            for one, cents in zip(of_one, shares, strict=True)
        ],
        posts=row.posts,
        amount_cents=row.amount_cents,
        per_post_cents=None if left else whole,
        estimated_cents=row.estimated_cents,
        reference=row.reference,
    )


async def allocations(
    connection: Connection, coordination: str, *, after: str, most: int
) -> Allocations:
    """Return a page of allocations by slug, and what all of them add up to."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        found = await rows.allocations(connection, coordination, after, most + 1)
        page = found[:most]
        holders = await rows.holders(connection, coordination, [one.allocation for one in page])
        total = await rows.allocated(connection, coordination, None)
    return Allocations(
        items=[shown_allocation(one, holders) for one in page],
        posts_total=total.posts,
        amount_cents_total=total.amount_cents,
        cursor=page[-1].allocation if len(found) > most else None,
    )
