"""The pools of coordinations under one another: each euro once, sums alone."""

from datetime import UTC, date, datetime
from uuid import uuid4

import msgspec
import pytest

from contracts.envelope import Event
from contracts.events.members import CoordinationPlaced, OrganizationRenamed
from services.chassis.consumer import Delivery
from services.chassis.streams import Received
from services.funding import consumers
from services.funding.reads.families import FAMILY_MAX

NOON = datetime(2026, 5, 18, 12, tzinfo=UTC)
SUMS = ("stages", "counted_above", "received", "left")


@pytest.fixture
def tell(pool):
    """Hand facts of the members to the functions that take them, as the chassis does."""

    async def once(*facts):
        for fact in facts:
            data = msgspec.json.encode(fact)
            event = Event(id=str(uuid4()), source="urn:x", type=fact.TYPE, time=NOON, data=data)
            delivery = Delivery(event, Received("evt.x", data, {}, 1, 0, "$JS.ACK", 0))
            (handler,) = [
                source.handlers[fact.TYPE]
                for source in consumers.SOURCES
                if fact.TYPE in source.handlers
            ]
            async with pool.acquire() as connection, connection.transaction():
                await handler(connection, [delivery])

    return once


@pytest.fixture
async def family(make_world, tell):
    """A département, an EPCI below it and a commune below that one."""
    worlds = [await make_world() for _ in range(3)]
    for child, parent in zip(worlds[1:], worlds, strict=False):
        fact = CoordinationPlaced(coordination=child.coordination, parent=parent.coordination)
        await tell(fact, fact)
    return worlds


def held(figures: dict) -> tuple:
    """Return what figures say, stages without money left out."""
    return tuple(
        {stage: cents for stage, cents in figures[one].items() if cents}
        if isinstance(figures[one], dict)
        else figures[one]
        for one in SUMS
    )


async def counted(world, above, fund="region"):
    link = {"coordination": above.coordination, "fund": fund} if above else None
    return await world.put("funds/region/counted-in", {"counted_in": link})


async def test_money_that_came_down_in_a_family_is_counted_once(family):
    department, epci, commune = family
    await department.reach("paid", 1_000)
    await epci.reach("available", 600)
    await commune.must("pledge", 70)

    apart = await department.get("family/pool")
    assert (await counted(epci, department)).json() == {
        "fund": "region",
        "counted_in": {"coordination": department.coordination, "fund": "region"},
    }
    once = await department.get("family/pool")
    alone = await epci.get("family/pool")

    assert held(apart) == (
        {"paid": 1_000, "available": 600, "promised": 70},
        {},
        1_000,
        600,
    )
    assert held(once) == ({"paid": 1_000, "promised": 70}, {"available": 600}, 1_000, 0)
    assert once["reached"]["available"] == 1_000
    assert [(one["coordination"], one["parent"]) for one in once["coordinations"]] == [
        (department.coordination, None),
        (epci.coordination, department.coordination),
        (commune.coordination, epci.coordination),
    ]
    assert held(once["coordinations"][1]) == ({}, {"available": 600}, 0, 0)
    # Read from the EPCI, no fund above it is there to count its money.
    assert held(alone) == ({"available": 600, "promised": 70}, {}, 0, 600)


async def test_a_link_counts_only_where_a_fund_above_has_the_money(family):
    department, epci, commune = family
    await department.must("pledge", 10)
    await epci.must("pledge", 100)
    await commune.must("pledge", 1_000)

    for world, above, fund in (
        (epci, department, "inconnu"),  # There is no such fund to count it.
        (department, commune, "region"),  # Below: both would leave the same money out.
    ):
        assert (await counted(world, above, fund)).status_code == 200
    assert held(await department.get("family/pool"))[0] == {"promised": 1_110}

    await counted(commune, department)
    assert held(await department.get("family/pool"))[:2] == ({"promised": 110}, {"promised": 1_000})
    await counted(commune, None)
    assert held(await department.get("family/pool"))[0] == {"promised": 1_110}
    assert (await commune.get("funds/region/counted-in"))["counted_in"] is None


async def test_who_leaves_a_family_is_in_its_sums_no_more(family, tell):
    department, epci, commune = family
    await epci.must("pledge", 100)
    await commune.must("pledge", 1_000)

    await tell(CoordinationPlaced(coordination=epci.coordination))

    assert held(await department.get("family/pool"))[0] == {}
    assert held(await epci.get("family/pool"))[0] == {"promised": 1_100}


async def test_a_family_is_read_as_of_a_day_and_as_known_at_an_instant(family):
    department, epci, _ = family
    await epci.must("pledge", 100, effective_on="2026-03-01")
    known_at = datetime.now(UTC).isoformat()
    await epci.must("pledge", 7, effective_on="2026-04-01")

    assert held(await department.get("family/pool", as_of="2026-03-31"))[0] == {"promised": 100}
    assert held(await department.get("family/pool", known_at=known_at))[0] == {"promised": 100}
    assert held(await department.get("family/pool"))[0] == {"promised": 107}


async def test_lineage_told_in_a_circle_or_too_wide_ends(family, tell, pool):
    department, epci, commune = family
    circle = CoordinationPlaced(coordination=department.coordination, parent=commune.coordination)
    await epci.must("pledge", 100)
    await tell(circle)
    assert held(await department.get("family/pool"))[0] == {"promised": 100}

    await tell(
        *(
            CoordinationPlaced(coordination=f"k-{uuid4().hex[:12]}", parent=epci.coordination)
            for _ in range(3)
        )
    )
    await pool.execute(
        "INSERT INTO lineage SELECT $1 || n::text, $2 FROM generate_series(1, $3) AS n",
        f"k-{uuid4().hex[:8]}-",
        epci.coordination,
        FAMILY_MAX,
    )
    answer = await epci.running.client.get(epci.address("family/pool"), headers=epci.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "E_TOO_MANY")
    assert answer.json()["errors"][0]["field"] == "coordination"


async def test_a_fund_is_counted_by_one_of_another_coordination(world, bearer):
    link = {"coordination": world.coordination, "fund": "region"}
    own = await world.put("funds/region/counted-in", {"counted_in": link})
    far = {"coordination": "gers-numerique", "fund": "region"}
    unknown = await world.put("funds/jamais/counted-in", {"counted_in": far})
    address = world.address("funds/jamais/counted-in")
    unread = await world.running.client.get(address, headers=world.headers)

    assert (own.status_code, own.json()["code"]) == (422, "E_FIELD")
    assert own.json()["errors"][0]["field"] == "counted_in.coordination"
    assert [(one.status_code, one.json()["code"]) for one in (unknown, unread)] == [
        (404, "E_UNKNOWN"),
        (404, "E_UNKNOWN"),
    ]
    stranger = bearer("coordinator", "elsewhere")
    for path in ("family/pool", "funds/region/counted-in"):
        answer = await world.running.client.get(world.address(path), headers=stranger)
        assert answer.status_code == 403
    reader = bearer("member", world.coordination)
    body = {"counted_in": far}
    address = world.address("funds/region/counted-in")
    refused = await world.running.client.put(address, json=body, headers=reader)
    assert refused.status_code == 403


async def test_a_renamed_organisation_has_its_new_name_where_it_funds_or_is_paid(world, tell):
    paid = {"name": "Garage du canal (fictif)"}
    assert (await world.put("payees/region-occitanie", paid)).status_code == 200
    renamed = OrganizationRenamed(
        coordination=world.coordination,
        organization="region-occitanie",
        name="Région Occitanie (fictif)",
        formerly="Région",
        renamed_on=date(2026, 6, 1),
    )

    await tell(renamed, renamed, msgspec.structs.replace(renamed, coordination="ailleurs-essai"))

    (fund,) = (await world.get("pool"))["funds"]
    assert fund["funder_name"] == "Région Occitanie (fictif)"
    payee = await world.put("payees/region-occitanie", {"name": "Région Occitanie (fictif)"})
    assert payee.status_code == 200
