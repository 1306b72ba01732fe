"""Mandates never meet, whatever is asked and in whatever order: on a real database."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events.members import CommitteeType, SeatKind, SeatRank
from contracts.http.members.committees import FormCommittee, TransformCommittee
from contracts.http.members.mandates import EndSeat, RenewSeats, SeatsOf, TakeSeat
from contracts.http.members.membership import MemberActKind, MembershipStep
from services.chassis.errors import Refusal
from services.members.commands.committees import transform_committee
from services.members.commands.mandates import end_seat, take_seat
from services.members.commands.membership import step
from services.members.commands.renewals import renew_seats

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FIRST, DAYS = date(2026, 1, 1), 40
MEMBERS, PERSONS, COMMITTEES = 2, 3, ("a", "b")

days = st.integers(0, DAYS - 1)
takes = st.tuples(
    st.just("take"),
    st.integers(0, MEMBERS - 1),
    st.integers(0, PERSONS - 1),
    st.sampled_from([None, *COMMITTEES]),
    st.sampled_from(list(SeatRank)),
    days,
    st.none() | st.integers(0, 15),
)
others = st.one_of(
    st.tuples(st.just("end"), st.integers(0, 9), days),
    st.tuples(
        st.just("renew"), st.sampled_from([None, *COMMITTEES]), days, st.lists(takes, max_size=2)
    ),
    st.tuples(st.just("transform"), st.sampled_from(COMMITTEES), days),
    st.tuples(st.just("withdraw"), st.integers(0, MEMBERS - 1), days),
)
histories = st.lists(st.one_of(takes, takes, takes, others), min_size=2, max_size=14)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@pytest.fixture(scope="module")
async def connection(make_database):
    opened = await asyncpg.connect(await make_database("members"))
    yield opened
    await opened.close()


class Place:
    """A coordination with a few members, persons and committees, and acts on them."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self.slug = f"c-{uuid4().hex[:12]}"
        self.members = [uuid4() for _ in range(MEMBERS)]
        self.persons = [uuid4() for _ in range(PERSONS)]
        self.seats: list[UUID] = []

    async def open(self) -> None:
        put = self.connection.execute
        await put(
            "INSERT INTO coordinations VALUES ($1, 'Essai', 'EPCI', NULL, ARRAY['31446'], $2)",
            self.slug,
            NOW,
        )
        for number, member in enumerate(self.members):
            organization = f"{self.slug}-{number}"
            await put(
                "INSERT INTO organizations (organization, name, kind, siret_is_doubtful)"
                " VALUES ($1, 'Essai', 'CAF', false)",
                organization,
            )
            await put(
                "INSERT INTO members (coordination, member_id, organization, college, roles,"
                " effective_on, state, confirmed_at)"
                " VALUES ($1, $2, $3, 'PRIVATE', '{}', $4, 'CONFIRMED', $5)",
                self.slug,
                member,
                organization,
                FIRST,
                NOW,
            )
        for person in self.persons:
            await put(
                "INSERT INTO persons (coordination, person_id, name, recorded_at)"
                " VALUES ($1, $2, 'Fictif', $3)",
                self.slug,
                person,
                NOW,
            )
        for committee in COMMITTEES:
            await put(
                "INSERT INTO committees (coordination, committee, name, type, since, state)"
                " VALUES ($1, $2, 'Essai', 'STEERING', $3, 'ACTIVE')",
                self.slug,
                committee,
                FIRST,
            )

    def taking(self, member, person, committee, rank, first, length) -> TakeSeat:
        return TakeSeat(
            id=uuid4(),
            person=self.persons[person],
            member=self.members[member],
            committee=committee,
            rank=rank,
            kind=SeatKind.ELECTED,
            valid_from=day(first),
            valid_until=None if length is None else day(first + length),
        )

    async def take(self, *drawn) -> None:
        asked = self.taking(*drawn)
        await take_seat(self.connection, self.slug, asked, seat_id=asked.id, now=NOW, new_id=uuid4)
        self.seats.append(asked.id)

    async def end(self, which, on) -> None:
        if self.seats:
            asked = EndSeat(valid_until=day(on), reason="Essai")
            seat = self.seats[which % len(self.seats)]
            await end_seat(self.connection, seat, asked, now=NOW, new_id=uuid4)

    async def renew(self, committee, on, drawn) -> None:
        asked = RenewSeats(
            effective_on=day(on),
            reason="Essai",
            ends_of=[SeatsOf(committee=committee)],
            takes=[self.taking(*one[1:]) for one in drawn],
        )
        await renew_seats(
            self.connection, self.slug, asked, renewal_id=uuid4(), now=NOW, new_id=uuid4
        )

    async def transform(self, committee, on) -> None:
        into = FormCommittee(
            committee=f"{committee}-{on}",
            name="Essai",
            type=CommitteeType.STEERING,
            since=day(on),
        )
        asked = TransformCommittee(into=into, reason="Essai")
        await transform_committee(
            self.connection, self.slug, committee, asked, now=NOW, new_id=uuid4
        )

    async def withdraw(self, member, on) -> None:
        asked = MembershipStep(effective_on=day(on), reason="Essai")
        await step(
            self.connection,
            self.members[member],
            MemberActKind.WITHDRAWN,
            asked,
            act_id=uuid4(),
            subject="essai",
            now=NOW,
            new_id=uuid4,
        )


def held(row) -> set[date]:
    """Return the days of a mandate, one by one, to a horizon after all that is drawn."""
    last = row["valid_until"] or day(4 * DAYS)
    return {
        row["valid_from"] + timedelta(days=n) for n in range((last - row["valid_from"]).days + 1)
    }


@given(history=histories)
async def test_mandates_never_meet_whatever_the_order_of_acts(connection, history):
    place = Place(connection)
    await place.open()
    for act, *drawn in history:
        try:
            await getattr(place, act)(*drawn)
        except Refusal:
            continue

    rows = await connection.fetch("SELECT * FROM seats WHERE coordination = $1", place.slug)
    for one, other in combinations(rows, 2):
        if one["committee"] != other["committee"] or not held(one) & held(other):
            continue
        is_same_member = one["member_id"] == other["member_id"]
        assert not (is_same_member and one["rank"] == other["rank"] == "HOLDER")
        if one["committee"] or is_same_member:
            assert one["person_id"] != other["person_id"]
    gone = await connection.fetch(
        "SELECT member_id, effective_on FROM members WHERE coordination = $1 AND state = 'WITHDRAWN'",
        place.slug,
    )
    for member in gone:
        for row in rows:
            if row["member_id"] == member["member_id"]:
                assert all(one < member["effective_on"] for one in held(row))
