"""Votes as their callers meet them."""

import pytest

from contracts.verify import decision
from tests.integration.members.known_votes import SIZES, Assembly, seat_members


@pytest.fixture
async def assembly(http, bearer, coordination, pool) -> Assembly:
    """Three colleges of 4, 10 and 6 members under the model's rule book."""
    made = Assembly(http, bearer("secretary", coordination), coordination)
    made.members = await seat_members(pool, coordination, SIZES)
    await made.adopt()
    return made


async def test_a_vote_is_opened_cast_closed_and_becomes_an_opinion(assembly, facts_about):
    resolution = await assembly.open()
    await assembly.split(
        resolution,
        {"PRIVATE": (3, 1, 0), "DIGITAL_MEDIATION": (2, 5, 0), "INSTITUTIONAL": (3, 1, 0)},
    )

    result = await assembly.close(resolution)

    assert (result["adopted"], result["score"], result["reason"]) == (True, "47/80", "ADOPTED")
    facts = await facts_about(resolution)
    assert [fact["type"] for fact in facts] == [
        "resolution_opened",
        "ballot_cast",
        "resolution_closed",
        "opinion_adopted",
    ]
    found = decision.audit((await assembly.facts(resolution)).encode().splitlines())
    assert (found.adopted, found.score, found.ballots) == (True, "47/80", 15)
    assert found.digest == result["digest"]
    opinions = (await assembly.get(assembly.address("opinions"))).json()["items"]
    assert [(one["id"], one["mode"]) for one in opinions] == [(resolution, "vote")]
