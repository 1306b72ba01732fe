"""What never changes the result of a vote, what never hurts it, and two counts of it that agree."""

import random
from dataclasses import dataclass, replace
from fractions import Fraction

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from contracts.events.members import Choice, EmptyCollege, VoteBase, VoteMode, VoteOutcome
from contracts.verify import tally as auditor
from services.members.model import tally
from services.members.model.tally import Count, Rule, Vote, Voter

RANDOM_VOTES = 10_000
WEIGHTS = (
    ("2/5", "7/20", "1/4"),
    ("1/2", "1/2"),
    ("2/5", "1/4", "1/4", "1/10"),
    ("1/3", "1/3", "1/3"),
    ("1/5", "1/5", "1/5", "1/5", "1/5"),
)
SHARES = ("0", "1/4", "1/3", "1/2", "2/3", "1")


@dataclass(frozen=True)
class Case:
    """A vote: its rule, its roll, its ballots in order of arrival and who is recused."""

    rule: Rule
    voters: list[Voter]
    votes: list[Vote]
    recused: frozenset[str]

    def result(self):
        return tally.tally(self.rule, tally.count(self.voters, self.recused, self.votes))


def a_rule(pick, integer) -> Rule:
    """Return a sound rule, made of choices of `pick` and numbers of `integer`."""
    weights = pick(WEIGHTS)
    per_college = pick((None, *SHARES))
    return Rule(
        weights={f"C{n}": Fraction(one) for n, one in enumerate(weights)},
        mode=pick(tuple(VoteMode)),
        base=pick(tuple(VoteBase)),
        empty=pick(tuple(EmptyCollege)),
        quorum=Fraction(pick(SHARES)),
        quorum_per_college=None if per_college is None else Fraction(per_college),
        threshold=Fraction(pick(("1/2", "3/5", "2/3", "3/4", "1"))),
        majority_of_colleges=integer(0, len(weights)),
    )


def a_case(pick, integer) -> Case:
    """Return a vote of few members, so that ties and empty colleges are common."""
    rule = a_rule(pick, integer)
    voters = [
        Voter(id=f"{college}-{n}", college=college, units=integer(1, 3))
        for college in rule.weights
        for n in range(integer(0, 4))
    ]
    votes = []
    if voters:
        votes = [
            Vote(seq=seq, member=pick(voters).id, choice=pick(tuple(Choice)))
            for seq in range(1, 1 + integer(0, 3 * len(voters)))
        ]
    recused = frozenset(one.id for one in voters if integer(0, 6) == 0)
    return Case(rule, voters, votes, recused)


@st.composite
def cases(draw) -> Case:
    return a_case(
        lambda options: draw(st.sampled_from(options)),
        lambda least, most: draw(st.integers(least, most)),
    )


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_in_which_ballots_arrive_changes_nothing(case, shuffler):
    arrived = list(case.votes)
    shuffler.shuffle(arrived)

    assert replace(case, votes=arrived).result() == case.result()


@given(cases())
def test_only_the_last_ballot_of_each_member_counts(case):
    last = list({vote.member: vote for vote in case.votes}.values())

    assert replace(case, votes=last).result() == case.result()


@given(cases(), st.randoms(use_true_random=False))
def test_members_of_a_college_with_the_same_units_are_interchangeable(case, shuffler):
    alike: dict[tuple[str, int, bool], list[str]] = {}
    for one in case.voters:
        key = (one.college, one.units, one.id in case.recused)
        alike.setdefault(key, []).append(one.id)
    swapped = {}
    for members in alike.values():
        others = list(members)
        shuffler.shuffle(others)
        swapped |= dict(zip(members, others, strict=True))
    votes = [Vote(seq=one.seq, member=swapped[one.member], choice=one.choice) for one in case.votes]

    assert replace(case, votes=votes).result() == case.result()


def one_more(case: Case, choice: Choice) -> list[Case]:
    """Return the votes where one member that said nothing says `choice`."""
    said = {vote.member for vote in case.votes} | case.recused
    return [
        replace(case, votes=[*case.votes, Vote(seq=10_000, member=one.id, choice=choice)])
        for one in case.voters
        if one.id not in said
    ]


@given(cases())
def test_one_more_vote_for_never_undoes_an_adoption(case):
    if case.result().adopted:
        assert all(other.result().adopted for other in one_more(case, Choice.FOR))


@given(cases())
def test_a_vote_that_turns_for_never_undoes_an_adoption(case):
    if case.result().adopted:
        for n, one in enumerate(case.votes):
            turned = [*case.votes]
            turned[n] = Vote(seq=one.seq, member=one.member, choice=Choice.FOR)
            assert replace(case, votes=turned).result().adopted


@given(cases())
def test_one_more_vote_against_adopts_only_by_making_the_vote_count(case):
    before = case.result()
    for other in one_more(case, Choice.AGAINST):
        if other.result().adopted and not before.adopted:
            assert before.reason in {VoteOutcome.NO_QUORUM, VoteOutcome.INVALID}


@given(cases())
def test_a_blank_ballot_is_an_abstention(case):
    blank = [
        Vote(
            seq=one.seq,
            member=one.member,
            choice=Choice.BLANK if one.choice is Choice.ABSTAIN else one.choice,
        )
        for one in case.votes
    ]

    assert replace(case, votes=blank).result() == case.result()


def published(rule: Rule) -> dict:
    """Return a rule as rule books are published."""
    return {
        "colleges": {name: str(weight) for name, weight in rule.weights.items()},
        "mode": rule.mode.value,
        "base": rule.base.value,
        "empty": rule.empty.value,
        "quorum": str(rule.quorum),
        "quorum_per_college": None
        if rule.quorum_per_college is None
        else str(rule.quorum_per_college),
        "threshold": str(rule.threshold),
        "majority_of_colleges": rule.majority_of_colleges,
    }


def shown(result) -> dict:
    """Return a result as it is published."""
    return msgspec.json.decode(msgspec.json.encode(result))


def recomputed(rule: Rule, counts: list[Count], casting: Choice | None = None) -> dict:
    units = {
        one.college: auditor.Units(one.roll, one.recused, one.in_favour, one.against, one.abstain)
        for one in counts
    }
    return auditor.recompute(published(rule), units, casting=casting.value if casting else None)


def test_the_auditors_arithmetic_agrees_on_ten_thousand_random_votes():
    chance = random.Random(20_261_122)
    reasons: dict[str, int] = {}
    for _ in range(RANDOM_VOTES):
        case = a_case(chance.choice, chance.randint)
        casting = chance.choice((None, Choice.FOR, Choice.AGAINST))
        counts = tally.count(case.voters, case.recused, case.votes)
        result = tally.tally(case.rule, counts, casting_vote=casting)
        assert shown(result) == recomputed(case.rule, counts, casting)
        reasons[result.reason.value] = reasons.get(result.reason.value, 0) + 1
    assert reasons.keys() == {one.value for one in VoteOutcome}, "every outcome was met"


@given(
    st.lists(st.tuples(*(st.integers(0, 10**9) for _ in range(4))), min_size=3, max_size=3),
    st.sampled_from(tuple(VoteBase)),
)
def test_large_numbers_of_units_lose_nothing(sizes, base):
    rule = Rule(
        weights={"C0": Fraction(2, 5), "C1": Fraction(7, 20), "C2": Fraction(1, 4)},
        mode=VoteMode.PROPORTIONAL,
        base=base,
        empty=EmptyCollege.REDISTRIBUTE,
        quorum=Fraction(1, 3),
        quorum_per_college=None,
        threshold=Fraction(1, 2),
        majority_of_colleges=1,
    )
    counts = [
        Count(f"C{n}", sum(one), one[3], one[0], one[1], one[2]) for n, one in enumerate(sizes)
    ]

    assert shown(tally.tally(rule, counts)) == recomputed(rule, counts)
