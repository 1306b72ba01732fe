"""Write programmes, allocations and adviser posts, and tell what happens to posts."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.envelope import Fact
from contracts.events.funding import PostFilled, PostReturned, PostTransferred, PostVacated
from contracts.http.funding.posts import (
    PostEventKind,
    WriteAllocation,
    WritePost,
    WritePostEvent,
    WriteProgramme,
)
from services.chassis import outbox
from services.chassis.database import Connection
from services.funding import store
from services.funding.commands.posting import SOURCE
from services.funding.errors import DaysReversed, NotKnown, WrittenDiffers, euros
from services.funding.errors.posts import (
    AllocationIsFull,
    EnvelopeExceeded,
    RateNotKnown,
    RateNotWhole,
)
from services.funding.model import posts as model
from services.funding.model.posts import (
    AllocationRow,
    HolderRow,
    PostEventRow,
    PostRow,
    ProgrammeRow,
    RateRow,
    Standing,
)
from services.funding.model.references import FunderRow, FundRow, PayeeRow
from services.funding.store import posts as rows


async def write_programme(
    connection: Connection, coordination: str, programme: str, asked: WriteProgramme
) -> tuple[ProgrammeRow, list[RateRow]]:
    """Write a programme of a known funder; the same one again changes nothing.

    Raises:
        NotKnown: the funder was never written.
        RateNotWhole: a rate does not divide its months, or a sector has two.
        WrittenDiffers: the slug names a programme with another content.
    """
    row = ProgrammeRow(
        programme,
        asked.name,
        asked.funder,
        asked.vacancy_months_max,
        asked.posts_max,
        asked.envelope_cents,
    )
    rates = sorted(
        (
            RateRow(
                programme, one.sector.value, one.months, one.instalments_cents, one.bonuses_cents
            )
            for one in asked.rates
        ),
        key=lambda one: one.sector,
        reverse=True,
    )
    seen: set[str] = set()
    for one in rates:
        count = len(one.instalments_cents)
        if one.months % count or one.sector in seen or len(one.bonuses_cents) > count:
            raise RateNotWhole(one.sector, one.months, count)
        seen.add(one.sector)
    async with connection.transaction():
        if await store.reference(connection, coordination, FunderRow, asked.funder) is None:
            raise NotKnown("Le financeur", asked.funder, field="funder")
        if not await rows.add_programme(connection, coordination, row, rates):
            known = await rows.programme(connection, coordination, programme)
            if known != row or await rows.rates(connection, coordination, [programme]) != rates:
                raise WrittenDiffers("Le programme", programme)
    return row, rates


async def write_allocation(
    connection: Connection, coordination: str, allocation: str, asked: WriteAllocation
) -> tuple[AllocationRow, list[HolderRow]]:
    """Write an allocation of a known programme; the same one again changes nothing.

    Raises:
        NotKnown: the programme or a holder was never written.
        EnvelopeExceeded: the programme's envelope or its posts would be exceeded.
        WrittenDiffers: the slug names an allocation with another content.
    """
    row = AllocationRow(
        allocation,
        asked.programme,
        asked.posts,
        asked.amount_cents,
        asked.estimated_cents,
        asked.reference,
    )
    weights = {one.holder: one.weight for one in asked.holders}
    holders = [HolderRow(allocation, name, weights[name]) for name in sorted(weights)]
    async with connection.transaction():
        programme = await rows.programme(connection, coordination, asked.programme, lock=True)
        if programme is None:
            raise NotKnown("Le programme", asked.programme, field="programme")
        known = await rows.allocation(connection, coordination, allocation)
        if known is not None:
            if (
                known != row
                or await rows.holders(connection, coordination, [allocation]) != holders
            ):
                raise WrittenDiffers("L'allocation", allocation)
            return row, holders
        for one in holders:
            await _must_know_body(connection, coordination, one.holder, "holders")
        await _must_fit(connection, coordination, programme, row)
        await rows.add_allocation(connection, coordination, row, holders)
    return row, holders


async def _must_fit(
    connection: Connection, coordination: str, programme: ProgrammeRow, row: AllocationRow
) -> None:
    used = await rows.allocated(connection, coordination, programme.programme)
    envelope = programme.envelope_cents
    if envelope is not None and used.amount_cents + row.amount_cents > envelope:
        raise EnvelopeExceeded(
            programme.programme,
            most=euros(envelope),
            used=euros(used.amount_cents),
            asked=euros(row.amount_cents),
        )
    if programme.posts_max is not None and used.posts + row.posts > programme.posts_max:
        raise EnvelopeExceeded(
            programme.programme,
            most=f"{programme.posts_max} postes",
            used=f"{used.posts} postes",
            asked=f"{row.posts} postes",
        )


async def _must_know_body(connection: Connection, coordination: str, body: str, field: str) -> None:
    if await store.reference(connection, coordination, PayeeRow, body) is None:
        raise NotKnown("L'organisme", body, field=field)


async def write_post(
    connection: Connection, coordination: str, post: str, asked: WritePost
) -> PostRow:
    """Open a post of a known programme, vacant; the same one again changes nothing.

    Raises:
        NotKnown: the programme, the allocation, the fund or a party was never written.
        RateNotKnown: the programme pays nothing to employers of this sector.
        DaysReversed: the post ends before it begins.
        AllocationIsFull: the allocation opened all its posts already.
        WrittenDiffers: the slug names a post with another content.
    """
    async with connection.transaction():
        programme = await rows.programme(connection, coordination, asked.programme)
        if programme is None:
            raise NotKnown("Le programme", asked.programme, field="programme")
        rate = await _rate(connection, coordination, asked.programme, asked.employer_kind)
        ends_on = asked.ends_on or model.whole_end(asked.starts_on, rate)
        if ends_on < asked.starts_on:
            raise DaysReversed(asked.starts_on, ends_on)
        row = PostRow(
            post,
            asked.programme,
            asked.role.value,
            asked.funder or programme.funder,
            asked.employer,
            asked.host,
            asked.deployer,
            asked.employer_kind.value,
            asked.starts_on,
            ends_on,
            asked.allocation,
            asked.fund,
            asked.yearly_cost_cents,
            asked.reference,
        )
        await _must_know_parties(connection, coordination, row)
        if asked.allocation is not None:
            await _must_have_room(connection, coordination, asked.allocation, post)
        if (
            not await rows.add_post(connection, coordination, row)
            and await rows.post(connection, coordination, post) != row
        ):
            raise WrittenDiffers("Le poste", post)
    return row


async def _must_know_parties(connection: Connection, coordination: str, row: PostRow) -> None:
    if await store.reference(connection, coordination, FunderRow, row.funder) is None:
        raise NotKnown("Le financeur", row.funder, field="funder")
    if (
        row.fund is not None
        and await store.reference(connection, coordination, FundRow, row.fund) is None
    ):
        raise NotKnown("Le fonds", row.fund, field="fund")
    for field in ("employer", "host", "deployer"):
        await _must_know_body(connection, coordination, getattr(row, field), field)


async def _must_have_room(
    connection: Connection, coordination: str, allocation: str, post: str
) -> None:
    held = await rows.allocation(connection, coordination, allocation, lock=True)
    if held is None:
        raise NotKnown("L'allocation", allocation, field="allocation")
    there = await rows.post(connection, coordination, post) is not None
    if not there and await rows.posts_opened(connection, coordination, allocation) >= held.posts:
        raise AllocationIsFull(allocation, held.posts)


async def _rate(
    connection: Connection, coordination: str, programme: str, employer_kind: str
) -> RateRow:
    sector = model.sector_of(employer_kind)
    for rate in await rows.rates(connection, coordination, [programme]):
        if rate.sector == sector:
            return rate
    raise RateNotKnown(programme, "public" if sector == "PUBLIC" else "privé")


async def tell_post_event(
    connection: Connection,
    coordination: str,
    post: str,
    event: str,
    asked: WritePostEvent,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> PostEventRow:
    """Append what happened to a post and tell the other services; told twice, it is kept once.

    Raises:
        NotKnown: the post or a new party was never written.
        WrittenDiffers: the id names another event of the post.
        Refusal: the post does not admit this event then; see `model.posts.after`.
    """
    told = {
        name: value.value if hasattr(value, "value") else value
        for name, value in msgspec.structs.asdict(asked).items()
    }
    row = PostEventRow(post, event, **told)
    async with connection.transaction():
        opened = await rows.post(connection, coordination, post, lock=True)
        if opened is None:
            raise NotKnown("Le poste", post, field="post")
        before = await rows.events(connection, coordination, [post])
        for one in before:
            if one.event == event:
                if one != row:
                    raise WrittenDiffers("L'événement", event)
                return row
        for field in ("employer", "host", "deployer"):
            if (body := getattr(row, field)) is not None:
                await _must_know_body(connection, coordination, body, field)
        programme = await rows.programme(connection, coordination, opened.programme)
        assert programme is not None, "a foreign key holds it"
        rate = await _rate(connection, coordination, opened.programme, opened.employer_kind)
        standing = model.told(opened, programme, rate, before)
        standing = model.after(standing, row, opened, programme, rate)
        await rows.add_event(connection, coordination, row, n=len(before) + 1, at=now)
        facts = _facts(coordination, opened, programme, rate, standing, row)
        await outbox.put(connection, facts, source=SOURCE, now=now, new_id=new_id)
    return row


def _facts(
    coordination: str,
    post: PostRow,
    programme: ProgrammeRow,
    rate: RateRow,
    standing: Standing,
    event: PostEventRow,
) -> list[Fact]:
    """Return what the other services are told of an event."""
    on = event.effective_on
    parties = {
        "coordination": coordination,
        "post": post.post,
        "programme": post.programme,
        "funder": post.funder,
        "employer": standing.employer,
        "host": standing.host,
        "deployer": standing.deployer,
    }
    used = model.consumed(standing, post, rate, day=on)
    match PostEventKind(event.kind):
        case PostEventKind.FILLED:
            return [PostFilled(**parties, filled_on=on, ends_on=post.ends_on)]
        case PostEventKind.VACATED:
            last = model.return_by(standing, programme)
            return [PostVacated(**parties, vacated_on=on, return_by=last)]
        case PostEventKind.TRANSFERRED:
            return [PostTransferred(**parties, transferred_on=on, months_consumed=used)]
        case PostEventKind.RETURNED:
            back = model.to_return_cents(standing, post, rate, day=on)
            return [
                PostReturned(**parties, returned_on=on, months_consumed=used, to_return_cents=back)
            ]
        case _:
            return []
