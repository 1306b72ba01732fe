"""Rankings of action sheets: what holds whatever is ranked."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from services.members.model.priorities import places, points, scores

ACTIONS = ["a", "b", "c", "d", "e"]
partial = st.permutations(ACTIONS).flatmap(
    lambda order: st.integers(1, len(order)).map(lambda most: order[:most])
)
cast = st.lists(partial, min_size=1, max_size=12)


@given(partial)
def test_every_ranking_gives_as_many_points(ranked):
    given_points = points(ACTIONS, ranked)

    assert sum(given_points.values()) == len(ACTIONS) * (len(ACTIONS) - 1)
    assert [given_points[one] for one in ranked] == sorted(
        (given_points[one] for one in ranked), reverse=True
    )


@given(cast, st.randoms())
def test_the_order_in_which_rankings_come_changes_nothing(rankings, random):
    shuffled = list(rankings)
    random.shuffle(shuffled)

    assert scores(ACTIONS, rankings) == scores(ACTIONS, shuffled)


@given(cast)
def test_scores_are_the_mean_share_of_what_a_first_place_gives(rankings):
    found = scores(ACTIONS, rankings)

    for action in ACTIONS:
        # The same by hand: a place is worth 1, 3/4 … 0, those left out share what is left.
        worth = []
        for ranked in rankings:
            if action in ranked:
                worth.append(Fraction(4 - ranked.index(action), 4))
            else:
                left = len(ACTIONS) - len(ranked)
                worth.append(Fraction(sum(range(left)), left * 4))
        assert found[action] == sum(worth) / len(worth)


@given(st.dictionaries(st.sampled_from("PMI"), cast, min_size=1), partial)
def test_an_action_put_higher_by_one_member_never_falls(by_college, ranked):
    weights = {"P": Fraction(2, 5), "M": Fraction(7, 20), "I": Fraction(1, 4)}
    college = min(by_college)
    raised = [ranked[-1], *ranked[:-1]]

    def rank_of(one):
        found = {
            name: scores(ACTIONS, [*rankings, *([one] if name == college else [])])
            for name, rankings in by_college.items()
        }
        return {place.action: place.rank for place in places(ACTIONS, found, weights)}

    assert rank_of(raised)[ranked[-1]] <= rank_of(ranked)[ranked[-1]]


@given(st.dictionaries(st.sampled_from("PMI"), cast, min_size=1))
def test_equal_scores_share_a_rank_and_the_next_one_is_counted_after(by_college):
    weights = {"P": Fraction(2, 5), "M": Fraction(7, 20), "I": Fraction(1, 4)}

    found = places(ACTIONS, {c: scores(ACTIONS, r) for c, r in by_college.items()}, weights)

    assert sorted(one.action for one in found) == ACTIONS
    for one in found:
        assert one.rank == 1 + sum(other.score > one.score for other in found)
        assert 0 <= one.score <= 1


def test_without_a_ranking_nothing_is_ranked():
    assert places(ACTIONS, {}, {"P": Fraction(1)}) == []
