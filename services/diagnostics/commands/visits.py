"""Keep what is heard on the ground: testimonies, visits, and the tours that posts begin."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

import msgspec

from contracts.events.funding.posts import PostFilled
from contracts.http.diagnostics import visits as asks
from contracts.vocabulary import VOCABULARY
from services.chassis import ids
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.commands import follow_up
from services.diagnostics.commands.elements import must_be_about
from services.diagnostics.errors.field import NoSuchRecord, RecordDiffers
from services.diagnostics.errors.visits import ConsentIsMissing, TestimonyIsWithdrawn
from services.diagnostics.model import visits as rules
from services.diagnostics.model import wording
from services.diagnostics.store import visits as rows


async def bring_testimony(
    connection: Connection,
    coordination: str,
    asked: asks.BringTestimony,
    *,
    testimony_id: UUID,
    now: datetime,
) -> rules.TestimonyRow:
    """Keep what an inhabitant agreed to let be told; the same again changes nothing.

    Raises:
        ConsentIsMissing: nobody agreed.
        NoSuchRecord: what it is about is not of here.
        WordIsUnknown, CommuneIsElsewhere, DayIsAhead: a value does not fit.
        TextHoldsPerson, TextHoldsControls: the words may not be kept.
        TestimonyIsWithdrawn, RecordDiffers: the id names one that is gone, or another.
    """
    if not asked.consent:
        raise ConsentIsMissing
    wording.must_be_plain(asked, "said")
    wording.must_be_word("public", asked.public, VOCABULARY.publics)
    wording.must_have_come("heard_on", asked.heard_on, today=wording.day_of(now))
    row = rules.TestimonyRow(
        coordination=coordination,
        testimony_id=testimony_id,
        target_kind=asked.target.kind.value,
        target=asked.target.id,
        commune=asked.commune,
        public=asked.public,
        said=asked.said,
        heard_on=asked.heard_on,
        organization=asked.organization,
    )
    async with connection.transaction():
        here = await store.covered_codes(connection, coordination)
        wording.must_be_here("commune", [asked.commune], here)
        await must_be_about(connection, coordination, asked.target)
        if not await rows.add_testimony(connection, row, now):
            known = await rows.testimony(connection, coordination, testimony_id)
            if known is not None and known.said is None:
                raise TestimonyIsWithdrawn(testimony_id)
            if known != row:
                raise RecordDiffers("Le témoignage", testimony_id)
    return row


async def withdraw_testimony(
    connection: Connection, coordination: str, testimony_id: UUID, *, today: date
) -> None:
    """Forget the words of a testimony; again changes nothing.

    Raises:
        NoSuchRecord: it is not of here.
    """
    async with connection.transaction():
        if await rows.testimony(connection, coordination, testimony_id) is None:
            raise NoSuchRecord("Le témoignage", testimony_id)
        await rows.withdraw_testimony(connection, coordination, testimony_id, today)


async def start_tour(connection: Connection, fact: PostFilled) -> None:
    """Begin the tour of the communes of a post that was filled."""
    await rows.start_tour(connection, fact.coordination, fact.post, fact.filled_on)


async def plan_visit(
    connection: Connection,
    coordination: str,
    asked: asks.PlanVisit,
    *,
    visit_id: UUID,
    now: datetime,
) -> rules.VisitRow:
    """Plan a visit to a commune; the same one again changes nothing.

    Raises:
        CommuneIsElsewhere: the commune is not of here.
        RecordDiffers: the id names another one.
    """
    row = rules.VisitRow(
        coordination=coordination,
        visit_id=visit_id,
        commune=asked.commune,
        planned_on=asked.planned_on,
        state=asks.VisitState.PLANNED.value,
        done_on=None,
        met=[],
        needs=[],
    )
    async with connection.transaction():
        here = await store.covered_codes(connection, coordination)
        wording.must_be_here("commune", [asked.commune], here)
        if await rows.add_visit(connection, row, now):
            return row
        known = await rows.visit(connection, coordination, visit_id)
        assert known is not None, "an id that is taken names a visit"
        first = msgspec.structs.replace(known, state=row.state, done_on=None, met=[], needs=[])
        if first != row:
            raise RecordDiffers("La visite", visit_id)
        return known


async def _lock(connection: Connection, coordination: str, visit_id: UUID) -> rules.VisitRow:
    found = await rows.lock_visit(connection, coordination, visit_id)
    if found is None:
        raise NoSuchRecord("La visite", visit_id)
    return found


async def report_visit(
    connection: Connection,
    coordination: str,
    visit_id: UUID,
    asked: asks.ReportVisit,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> rules.VisitRow:
    """Keep how a visit went, and report the needs it heard; the same again changes nothing.

    Raises:
        NoSuchRecord: the visit is not of here.
        VisitIsOver: it was reported otherwise, or cancelled.
        WordIsUnknown, DayIsAhead, NeedIsHeardTwice: a value does not fit.
        ReportDiffers: a need was reported of other people before.
    """
    for number, need in enumerate(asked.needs):
        wording.must_be_word(f"needs.{number}.problem", need.problem, VOCABULARY.problems)
        wording.must_be_word(f"needs.{number}.public", need.public, VOCABULARY.publics)
        if need.theme is not None:
            wording.must_be_word(f"needs.{number}.theme", need.theme, VOCABULARY.themes)
    async with connection.transaction():
        row = rules.reported(
            await _lock(connection, coordination, visit_id),
            asked.done_on,
            met=[one.value for one in asked.met],
            needs=[f"{one.problem}:{one.public}" for one in asked.needs],
            today=wording.day_of(now),
        )
        await rows.set_visit(connection, row)
        heard = {
            ids.from_key(f"visit:{visit_id}", name): need
            for name, need in rules.heard(row, asked).items()
        }
        if heard:
            await follow_up.hear_needs(
                connection, coordination, heard, label=rules.SOURCE_LABEL, now=now, new_id=new_id
            )
    return row


async def cancel_visit(connection: Connection, coordination: str, visit_id: UUID) -> rules.VisitRow:
    """Cancel a visit that was not made; again changes nothing.

    Raises:
        NoSuchRecord: it is not of here.
        VisitIsOver: it was made.
    """
    async with connection.transaction():
        row = rules.cancelled(await _lock(connection, coordination, visit_id))
        await rows.set_visit(connection, row)
    return row
