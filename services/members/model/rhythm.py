"""How often committees meet, how long decisions take, and who comes back."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

import msgspec

from contracts.values import College
from services.members.model.days import day_of


class Rhythm(msgspec.Struct, frozen=True):
    """When a committee last met, and what it said it would do."""

    coordination: str
    committee: str
    name: str
    since: date
    meets_every_days: int
    last_met_at: datetime | None
    convened_for: datetime | None


class EndingMandate(msgspec.Struct, frozen=True):
    """A mandate that ends soon."""

    seat_id: UUID
    member_id: UUID
    committee: str | None
    ends_on: date


class LeadDays(msgspec.Struct, frozen=True):
    """When a session was convened, and when its opinion was adopted."""

    opinion_id: UUID
    title: str
    session_id: UUID
    convened_on: date
    adopted_on: date


class LeadFigures(msgspec.Struct, frozen=True):
    """How many opinions were adopted in session, and the lower median of their days."""

    found: int
    median_days: int | None


class CameOrNot(msgspec.Struct, frozen=True):
    """A member on the roll of a session: whether it came, or gave a proxy."""

    session_id: UUID
    member_id: UUID
    college: str
    came: bool
    gave: bool


class Lateness(msgspec.Struct, frozen=True):
    """A committee that did not meet: since when, and how many periods it missed."""

    due_on: date
    missed_since: date
    days: int
    periods: int


class Returns(msgspec.Struct, frozen=True):
    """Who of one college came to a session, and who of them came to the one before."""

    college: str
    roll: int
    present: int
    represented: int
    returned: int
    before: int

    @property
    def share(self) -> Fraction | None:
        """Present / roll."""
        return Fraction(self.present, self.roll) if self.roll else None

    @property
    def retention(self) -> Fraction | None:
        """Returned / present before; none when nobody was there before."""
        return Fraction(self.returned, self.before) if self.before else None


def lateness(found: Rhythm, *, today: date) -> Lateness | None:
    """Return how late a committee is, or None.

    It is due `meets_every_days` days after it last met, or after it was made; late from the day
    after. Each further period that passes is one more missed, due on its own day.
    """
    began = day_of(found.last_met_at) if found.last_met_at else found.since
    periods = ((today - began).days - 1) // found.meets_every_days
    if periods < 1:
        return None
    first = began + timedelta(days=found.meets_every_days)
    return Lateness(
        due_on=began + timedelta(days=periods * found.meets_every_days),
        missed_since=first,
        days=(today - first).days,
        periods=periods,
    )


def returns(now: Iterable[CameOrNot], before: Iterable[CameOrNot]) -> list[Returns]:
    """Return who came and who came back, by college; a proxy is no presence."""
    present_before: dict[str, set[UUID]] = {}
    for one in before:
        if one.came:
            present_before.setdefault(one.college, set()).add(one.member_id)
    here = list(now)
    found = []
    for college in College:
        own = [one for one in here if one.college == college]
        known = present_before.get(college, set())
        found.append(
            Returns(
                college=college.value,
                roll=len(own),
                present=sum(one.came for one in own),
                represented=sum(one.gave and not one.came for one in own),
                returned=sum(one.came and one.member_id in known for one in own),
                before=len(known),
            )
        )
    return found
