"""Who is in the room, for whom it counts, and whether that is a quorum: exact fractions only."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

import msgspec

from contracts.events.members.votes import RuleBook
from contracts.values import College
from services.members.errors.sessions import ProxyIsNotOpen, QuorumDoesNotFit


class RollEntry(msgspec.Struct, frozen=True):
    """A member that counts for a quorum, in the order of the queries."""

    member_id: UUID
    organization: str
    name: str
    college: str
    units: int


class Presence(msgspec.Struct, frozen=True):
    """Columns of an attendance, in the order of the queries."""

    attendee: UUID
    present_from: datetime
    member_id: UUID
    seat_id: UUID | None
    rank: str | None
    kind: str | None
    left_at: datetime | None

    def is_on(self, at: datetime) -> bool:
        """Tell whether it was in the room at an instant; the one it left at is not in it."""
        return self.present_from <= at and (self.left_at is None or at < self.left_at)


class GivenProxy(msgspec.Struct, frozen=True):
    """Columns of a proxy, in the order of the queries."""

    giver: UUID
    holder: UUID
    given_on: date
    revoked_at: datetime | None


class MeetingRules(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule book says of meetings."""

    weights: Mapping[str, Fraction]
    quorum: Fraction
    per_college: Fraction | None
    proxies_max: int = 2
    second_call_days: int = 3
    second_quorum: Fraction = Fraction(0)
    second_per_college: Fraction | None = None


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """What one college brings, in units."""

    weight: Fraction
    roll: int
    present: int = 0
    represented: int = 0

    @property
    def part(self) -> Fraction | None:
        """(present + represented) / roll; none where nobody is on the roll."""
        return Fraction(self.present + self.represented, self.roll) if self.roll else None


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """A quorum measured at one instant."""

    shares: dict[str, Share]
    score: Fraction
    holds: bool

    def reached(self, college: str, rules: MeetingRules) -> bool:
        """Tell whether a college brings the part that each must bring; true where none must."""
        part = self.shares[college].part
        return part is None or rules.per_college is None or part >= rules.per_college


DEFAULT_RULES = MeetingRules(
    weights={college.value: Fraction(1, len(College)) for college in College},
    quorum=Fraction(0),
    per_college=Fraction(1, 2),
)
"""Of coordinations that adopted no rule book: the model's."""


def rules_from(document: str) -> MeetingRules:
    """Return what a rule book, a document in JSON, says of meetings.

    One without a second call still lets a session be convened again, with the same quorum.
    """
    book = msgspec.json.decode(document, type=RuleBook)
    whole, each = Fraction(book.quorum), book.quorum_per_college
    per_college = None if each is None else Fraction(each)
    weights = {name: Fraction(weight) for name, weight in book.colleges.items()}
    second = book.second_call
    if second is None:
        return MeetingRules(
            weights=weights,
            quorum=whole,
            per_college=per_college,
            proxies_max=book.proxies_max_per_holder,
            second_quorum=whole,
            second_per_college=per_college,
        )
    again = second.quorum_per_college
    return MeetingRules(
        weights=weights,
        quorum=whole,
        per_college=per_college,
        proxies_max=book.proxies_max_per_holder,
        second_call_days=second.days,
        second_quorum=Fraction(second.quorum),
        second_per_college=None if again is None else Fraction(again),
    )


def called(rules: MeetingRules, call: int) -> MeetingRules:
    """Return the rules of a first or of a second call, whose quorum is another one."""
    if call == 1:
        return rules
    return msgspec.structs.replace(
        rules, quorum=rules.second_quorum, per_college=rules.second_per_college
    )


class AskedQuorum(msgspec.Struct, frozen=True):
    """A quorum to measure by in place of the rule book's, as fractions in text."""

    quorum: str | None = None
    per_college: str | None = None


def asked_rules(rules: MeetingRules, asked: AskedQuorum) -> MeetingRules:
    """Return the rules with the quorum that is asked for.

    Raises:
        QuorumDoesNotFit: it is above 1.
    """
    if asked.quorum is None and asked.per_college is None:
        return rules
    found = {"quorum": asked.quorum, "quorum_per_college": asked.per_college}
    given = {name: Fraction(text) for name, text in found.items() if text is not None}
    for name, value in given.items():
        if value > 1:
            raise QuorumDoesNotFit(name)
    return msgspec.structs.replace(
        rules,
        quorum=given.get("quorum", rules.quorum),
        per_college=given.get("quorum_per_college"),
    )


def counted(presences: Iterable[Presence], at: datetime) -> dict[UUID, Presence]:
    """Return the presence that counts for each member at an instant, by member.

    A holder counts before a member that named no seat, and that before a substitute, who counts
    when no holder is in the room. The result does not depend on the order of `presences`.
    """
    order = {"HOLDER": 0, None: 1, "SUBSTITUTE": 2}
    found: dict[UUID, Presence] = {}
    for one in presences:
        if not one.is_on(at):
            continue
        other = found.get(one.member_id)
        if other is None or (order[one.rank], one.attendee) < (order[other.rank], other.attendee):
            found[one.member_id] = one
    return found


def measure(
    roll: Sequence[RollEntry],
    presences: Iterable[Presence],
    proxies: Iterable[GivenProxy],
    rules: MeetingRules,
    *,
    at: datetime,
) -> Measure:
    """Measure the quorum at an instant: Σ w·N/E ≥ q, and N/E ≥ q_c in each college that has one.

    N are the units present, and those of absent members whose proxy is held by a member in the
    room; E those of the roll. A college with nobody on the roll is left out, and its weight is
    given to no other. With nobody on any roll, only a quorum of zero holds.
    """
    here = counted(presences, at).keys()
    standing = {
        one.giver: one.holder for one in proxies if one.revoked_at is None or at < one.revoked_at
    }
    shares = {name: [0, 0, 0] for name in rules.weights}
    for entry in roll:
        counts = shares.setdefault(entry.college, [0, 0, 0])
        counts[0] += entry.units
        if entry.member_id in here:
            counts[1] += entry.units
        elif standing.get(entry.member_id) in here:
            counts[2] += entry.units
    found = {
        name: Share(
            weight=rules.weights.get(name, Fraction(0)),
            roll=total,
            present=present,
            represented=represented,
        )
        for name, (total, present, represented) in shares.items()
    }
    assert all(one.present + one.represented <= one.roll for one in found.values())
    parts = [(one.weight, one.part) for one in found.values() if one.part is not None]
    score = sum((weight * part for weight, part in parts), Fraction(0))
    holds = score >= rules.quorum and all(
        rules.per_college is None or part >= rules.per_college for _, part in parts
    )
    return Measure(shares=found, score=score, holds=holds)


def best(
    roll: Sequence[RollEntry],
    presences: Sequence[Presence],
    proxies: Sequence[GivenProxy],
    rules: MeetingRules,
    *,
    until: datetime,
) -> tuple[datetime, Measure]:
    """Return the first instant at which most were there, and the quorum then.

    Those who came are counted before those who had left by the end: minutes say what a session
    reached, and each vote has its own roll.
    """
    instants = sorted({one.present_from for one in presences if one.present_from <= until})
    found = [(at, measure(roll, presences, proxies, rules, at=at)) for at in (*instants, until)]
    return max(reversed(found), key=lambda one: (one[1].holds, one[1].score))


def must_be_given(
    giver: UUID,
    holder: UUID,
    roll: Mapping[UUID, RollEntry],
    proxies: Iterable[GivenProxy],
    *,
    most: int,
) -> None:
    """Refuse a proxy outside the roll, across colleges, above the limit or passed on.

    Raises:
        ProxyIsNotOpen: why, with the member at fault.
    """
    for field, member in (("giver", giver), ("holder", holder)):
        if member not in roll:
            raise ProxyIsNotOpen(field, f"Le membre {member} n'est pas du corps électoral.")
    if giver == holder:
        raise ProxyIsNotOpen("holder", "Un membre ne se donne pas pouvoir à lui-même.")
    if roll[giver].college != roll[holder].college:
        raise ProxyIsNotOpen("holder", "Un pouvoir se donne à un membre du même collège.")
    standing = [one for one in proxies if one.revoked_at is None and one.giver != giver]
    if any(one.holder == giver for one in standing):
        raise ProxyIsNotOpen(
            "giver", "Ce membre détient déjà un pouvoir : il ne peut déléguer le sien."
        )
    if any(one.giver == holder for one in standing):
        raise ProxyIsNotOpen("holder", "Ce membre a donné pouvoir : il ne peut en détenir un.")
    if sum(one.holder == holder for one in standing) >= most:
        raise ProxyIsNotOpen(
            "holder",
            f"Ce membre détient déjà {most} pouvoirs, le nombre admis ; choisissez-en un autre.",
        )
