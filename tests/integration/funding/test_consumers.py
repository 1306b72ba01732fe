"""Facts of other services: what each changes here, told once or twice."""

from datetime import UTC, date, datetime
from uuid import uuid4

import msgspec
import pytest

from contracts.envelope import Event
from contracts.events.members import AwardShare, FunderDecisionRecorded, OpinionAdopted
from contracts.events.roadmap import ActionCategory, ActionValidated
from services.chassis.consumer import Delivery
from services.chassis.streams import Received
from services.funding import consumers

NOON = datetime(2026, 5, 18, 12, tzinfo=UTC)


@pytest.fixture
def tell(pool):
    """Hand a fact to the function that takes its type, as the chassis does."""

    async def once(fact):
        data = msgspec.json.encode(fact)
        event = Event(id=str(uuid4()), source="urn:test", type=fact.TYPE, time=NOON, data=data)
        received = Received("evt.x", data, {}, 1, 0, "$JS.ACK", 0)
        (handler,) = [
            source.handlers[fact.TYPE]
            for source in consumers.SOURCES
            if fact.TYPE in source.handlers
        ]
        async with pool.acquire() as connection, connection.transaction():
            await handler(connection, [Delivery(event, received)])

    return once


def action(world, **changed):
    values = {
        "coordination": world.coordination,
        "action": "atelier",
        "number": 2,
        "title": "Ateliers",
        "category": ActionCategory.SUPPORT,
        "budget_cents": 5_000,
        "leads": ["porteur"],
        "decision": "Décision 2",
        "validated_on": date(2026, 2, 12),
        **changed,
    }
    return ActionValidated(**values)


async def test_a_validated_action_opens_to_earmarks(world, tell):
    await world.reach("available", 100)
    refused = await world.do("earmark", 100, purpose="atelier")

    await tell(action(world))
    await tell(action(world))

    assert refused["code"] == "E_PURPOSE"
    assert (await world.do("earmark", 100, purpose="atelier"))["status"] == "posted"


async def test_an_award_waits_for_the_opinion_and_the_decision(world, tell):
    await tell(action(world))
    await world.reach("available", 100)
    opinion, decision = uuid4(), uuid4()
    shares = [AwardShare(action="atelier", fund="region", amount_cents=30)] * 2
    more = {"action": "atelier", "opinion": str(opinion), "funder_decision": str(decision)}
    adopted = OpinionAdopted(
        coordination=world.coordination,
        opinion_id=opinion,
        title="Avis",
        adopted_on=date(2026, 3, 19),
        awards=shares,
    )
    decided = FunderDecisionRecorded(
        coordination=world.coordination,
        decision_id=decision,
        funder="region-occitanie",
        body="Commission permanente",
        reference="2026-02",
        decided_on=date(2026, 4, 17),
        enforceable_since=date(2026, 4, 24),
        awards=shares,
    )

    codes = [(await world.do("award", 60, **more))["code"]]
    for fact in (adopted, adopted, decided, decided):
        await tell(fact)
        codes.append((await world.do("award", 61, **more))["code"])

    assert codes == ["E_DECISION"] * 5
    assert (await world.do("award", 60, **more))["status"] == "posted"


async def test_an_opinion_that_awards_nothing_is_known_and_gives_nothing(world, tell):
    await world.reach("available", 100)
    opinion = uuid4()
    await tell(
        OpinionAdopted(
            coordination=world.coordination,
            opinion_id=opinion,
            title="Avis sur le diagnostic",
            adopted_on=date(2026, 3, 19),
        )
    )

    answer = await world.do("award", 100, opinion=str(opinion))

    assert answer["code"] == "E_DECISION"
    assert "n'attribue rien" in answer["detail"]


def test_every_fact_followed_has_its_function():
    for source in consumers.SOURCES:
        assert len(source.subjects) == len(source.handlers)
