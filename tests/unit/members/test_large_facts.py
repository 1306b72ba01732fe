"""The largest facts about seats still fit a message."""

from datetime import date
from uuid import uuid4

import msgspec

from contracts.events.members import (
    CommitteeTransformed,
    CommitteeType,
    ContinuedSeat,
    SeatKind,
    SeatRank,
    SeatsRenewed,
    TakenSeat,
)
from contracts.events.members.committees import COMMITTEE_SEATS_MAX
from contracts.events.members.mandates import ENDED_PER_PART_MAX, TAKEN_PER_PART_MAX
from services.chassis.outbox import DATA_BYTES_MAX

DAY = date(2026, 4, 1)
LONGEST = "s" * 60


def test_a_part_of_a_renewal_fits_a_message():
    taken = TakenSeat(
        seat_id=uuid4(),
        member_id=uuid4(),
        committee=LONGEST,
        rank=SeatRank.SUBSTITUTE,
        kind=SeatKind.TECHNICAL,
        valid_from=DAY,
        valid_until=DAY,
    )
    fact = SeatsRenewed(
        coordination=LONGEST[:40],
        renewal_id=uuid4(),
        part=100,
        parts=100,
        effective_on=DAY,
        ended=[uuid4()] * ENDED_PER_PART_MAX,
        taken=[taken] * TAKEN_PER_PART_MAX,
    )

    assert len(msgspec.json.encode(fact)) <= DATA_BYTES_MAX


def test_a_transformation_of_a_full_committee_fits_a_message():
    fact = CommitteeTransformed(
        coordination=LONGEST[:40],
        committee=LONGEST,
        became=LONGEST,
        committee_type=CommitteeType.PROJECT_GROUP,
        effective_on=DAY,
        seats=[ContinuedSeat(seat_id=uuid4(), continues=uuid4())] * COMMITTEE_SEATS_MAX,
    )

    assert len(msgspec.json.encode(fact)) <= DATA_BYTES_MAX
