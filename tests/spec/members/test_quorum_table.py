"""Quorums of sessions, row by row: who is there, who is represented, what is asked."""

from datetime import UTC, date, datetime
from fractions import Fraction
from uuid import UUID

import pytest

from services.members.model.presence import (
    GivenProxy,
    MeetingRules,
    Presence,
    RollEntry,
    called,
    measure,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
COLLEGES = ("PRIVATE", "DIGITAL_MEDIATION", "INSTITUTIONAL")

# present + represented / roll, by college | weights | quorum, per college | score | holds | because
QUORUMS = """
    4+0/4 9+0/10 2+0/6  | 2/5 7/20 1/4 | 0   1/2 | 479/600 | no  | W3: institutional at 1/3
    4+0/4 9+0/10 2+1/6  | 2/5 7/20 1/4 | 0   1/2 | 21/25   | yes | a proxy brings it to 1/2
    2+0/4 5+0/10 3+0/6  | 2/5 7/20 1/4 | 1/2 1/2 | 1/2     | yes | reached is enough
    2+0/4 4+1/10 3+0/6  | 2/5 7/20 1/4 | 1/2 1/2 | 1/2     | yes | represented counts as present
    2+0/4 4+0/10 3+0/6  | 2/5 7/20 1/4 | 1/2 -   | 93/200  | no  | 93/200 is under 1/2
    4+0/4 10+0/10 0+0/6 | 2/5 7/20 1/4 | 3/4 -   | 3/4     | yes | two colleges alone, none must
    4+0/4 10+0/10 0+0/6 | 2/5 7/20 1/4 | 3/4 1/6 | 3/4     | no  | each must bring 1/6
    4+0/4 5+0/10 0+0/0  | 2/5 7/20 1/4 | 1/2 1/2 | 23/40   | yes | nobody on a roll: left out
    4+0/4 5+0/10 0+0/0  | 2/5 7/20 1/4 | 3/5 -   | 23/40   | no  | its weight goes to no other
    0+0/4 0+0/10 0+0/6  | 2/5 7/20 1/4 | 0   -   | 0       | yes | a quorum of zero always holds
    0+0/0 0+0/0 0+0/0   | 1/3 1/3 1/3  | 0   1/2 | 0       | yes | nobody could come
    0+0/0 0+0/0 0+0/0   | 1/3 1/3 1/3  | 1/9 -   | 0       | no  | nobody came
    1+0/3 1+0/3 1+0/3   | 1/3 1/3 1/3  | 1/3 1/3 | 1/3     | yes | thirds are exact
    0+2/3 1+1/3 1+0/3   | 1/3 1/3 1/3  | 4/9 1/3 | 1/3     | no  | an absent holder brings nobody
"""


def meeting(shares: str):
    """Return roll, presences and proxies; a proxy is held by somebody present, or by nobody."""
    roll, presences, proxies, number = [], [], [], 0
    for college, share in zip(COLLEGES, shares.split(), strict=True):
        counts, total = share.split("/")
        present, represented = map(int, counts.split("+"))
        members = [UUID(int=number + one) for one in range(int(total))]
        number += 100
        roll += [RollEntry(one, str(one), str(one), college, 1) for one in members]
        presences += [Presence(one, NOON, one, None, None, None, None) for one in members[:present]]
        holder = members[0] if members else None
        for giver in members[present:][:represented]:
            given_to = holder if present else members[-1]
            proxies.append(GivenProxy(giver, given_to, date(2026, 5, 1), None))
    return roll, presences, proxies


@pytest.mark.parametrize("line", QUORUMS.strip().splitlines())
def test_a_quorum_is_measured_in_exact_fractions(line):
    shares, weights, asked, score, holds, _ = (part.strip() for part in line.split("|"))
    whole, each = asked.split()
    rules = MeetingRules(
        weights=dict(zip(COLLEGES, map(Fraction, weights.split()), strict=True)),
        quorum=Fraction(whole),
        per_college=None if each == "-" else Fraction(each),
    )

    measured = measure(*meeting(shares), rules, at=NOON)

    assert measured.score == Fraction(score)
    assert measured.holds is (holds == "yes")


def test_a_cooperative_of_four_colleges_has_its_quorum_by_college():
    names, weights, sizes = ("A", "B", "C", "D"), (40, 25, 25, 10), (16, 457, 146, 252)
    rules = MeetingRules(
        weights={name: Fraction(one, 100) for name, one in zip(names, weights, strict=True)},
        quorum=Fraction(1, 5),
        per_college=None,
    )
    roll, presences, number = [], [], 0
    for name, size in zip(names, sizes, strict=True):
        for place in range(size):
            member = UUID(int=number)
            number += 1
            roll.append(RollEntry(member, str(member), str(member), name, 1))
            if place < (8 if name == "A" else 0):
                presences.append(Presence(member, NOON, member, None, None, None, None))

    assert measure(roll, presences, [], rules, at=NOON).score == Fraction(1, 5)
    assert measure(roll, presences, [], rules, at=NOON).holds
    assert not measure(roll, presences[1:], [], rules, at=NOON).holds


def test_a_second_call_has_its_own_quorum():
    rules = MeetingRules(
        weights=dict.fromkeys(COLLEGES, Fraction(1, 3)),
        quorum=Fraction(1, 2),
        per_college=Fraction(1, 3),
        second_quorum=Fraction(1, 10),
    )

    assert called(rules, 1) == rules
    assert (called(rules, 2).quorum, called(rules, 2).per_college) == (Fraction(1, 10), None)


def test_a_member_is_in_the_room_from_its_arrival_and_no_more_at_the_instant_it_left():
    later = NOON.replace(hour=13)
    stay = Presence(UUID(int=1), NOON, UUID(int=1), None, None, None, later)

    assert stay.is_on(NOON)
    assert not stay.is_on(NOON.replace(hour=11))
    assert stay.is_on(later.replace(hour=12, minute=59))
    assert not stay.is_on(later)
