"""Alerts as facts: raised once, cleared when over, and answered as of now to who asks."""

import asyncio
import json
from datetime import date

import pytest

from services.chassis import ids
from services.funding import jobs
from services.funding.commands import alerts
from tests.integration.funding.conftest import FUND
from tests.integration.funding.test_lines import LINE
from tests.integration.funding.test_rules import must


async def watched(world, day):
    """Do what the job does for one coordination on a day."""
    async with world.running.service.pool.acquire() as connection:
        await alerts.watch(
            connection,
            world.coordination,
            day=date.fromisoformat(day),
            now=ids.now(),
            new_id=ids.new_id,
        )


async def told(pool, world):
    """Return what was told of the coordination's alerts: the fact, its key, its day."""
    rows = await pool.fetch(
        "SELECT type, data FROM ev WHERE aggregate LIKE $1 ORDER BY seq",
        f"{world.coordination}/alert/%",
    )
    found = [(row["type"].split(".")[3], json.loads(row["data"])) for row in rows]
    return [(kind, one["key"], one.get("raised_on", one.get("cleared_on"))) for kind, one in found]


@pytest.fixture
async def near(world):
    """A world where 90 % of a budget line is committed, and a fund that lapses at the year's end."""
    await must(world, "budget-lines/bus", **LINE)
    await must(world, "funds/region/tags", lapses_on="2026-12-31")
    await world.reach("awarded", 2_000)
    world.hold = await world.must("commit", 900, line="bus")
    return world


async def test_an_alert_is_told_once_and_its_end_once(near, pool):
    for _ in range(2):
        await watched(near, "2026-05-18")
    await near.must("void", None, pending_id=near.hold)
    for _ in range(2):
        await watched(near, "2026-05-19")

    assert await told(pool, near) == [
        ("alert_raised", "ceiling_near:line/bus", "2026-05-18"),
        ("alert_cleared", "ceiling_near:line/bus", "2026-05-19"),
    ]


async def test_an_alert_that_comes_back_is_told_again(near, pool):
    await watched(near, "2026-05-18")
    await near.must("void", None, pending_id=near.hold)
    await watched(near, "2026-05-19")
    await near.must("commit", 950, line="bus")
    await watched(near, "2026-05-20")

    assert [(kind, day) for kind, _, day in await told(pool, near)] == [
        ("alert_raised", "2026-05-18"),
        ("alert_cleared", "2026-05-19"),
        ("alert_raised", "2026-05-20"),
    ]


async def test_two_processes_that_watch_at_once_tell_an_alert_once(near, pool):
    await asyncio.gather(*(watched(near, "2026-05-18") for _ in range(8)))

    assert [kind for kind, _, _ in await told(pool, near)] == ["alert_raised"]


async def test_days_that_pass_raise_the_next_threshold_and_clear_the_one_before(near, pool):
    await near.must("void", None, pending_id=near.hold)
    for day in ("2026-10-01", "2026-10-02", "2026-12-01", "2027-01-01"):
        await watched(near, day)

    assert await told(pool, near) == [
        ("alert_raised", "lapse:region:90", "2026-10-02"),
        ("alert_raised", "lapse:region:30", "2026-12-01"),
        ("alert_cleared", "lapse:region:90", "2026-12-01"),
        ("alert_cleared", "lapse:region:30", "2027-01-01"),
    ]


async def test_who_asks_is_answered_as_of_a_day_with_sentences_page_by_page(near):
    first = await near.get("alerts", as_of="2026-12-01", limit=1)
    second = await near.get("alerts", as_of="2026-12-01", limit=1, cursor=first["cursor"])
    none = await near.get("alerts", as_of="2026-10-01")

    found = first["items"] + second["items"]
    assert [one["kind"] for one in found] == ["lapse", "ceiling_near"]
    assert found[0]["due_on"] == "2026-12-31"
    assert found[0]["amount_cents"] == 1_100
    assert found[0]["sentence"] == (
        "Caducité de « region » le 31/12/2026 : 11,00\u00a0€ ne sont pas engagés."
    )
    assert (found[0]["raised_on"], second["cursor"]) == (None, None)
    assert [one["kind"] for one in none["items"]] == ["ceiling_near"]


async def test_what_was_told_says_since_when(near):
    await watched(near, "2026-05-18")

    (found,) = (await near.get("alerts", as_of="2026-05-18"))["items"]

    assert found["raised_on"] == "2026-05-18"


async def test_the_job_watches_every_coordination(start_another, make_database, bearer):
    other = await start_another(await make_database("funding"))
    for name in ("c-un", "c-deux"):
        for path, body in (
            ("funders/etat", {"name": "État", "level": "STATE", "legal_nature": "PUBLIC_PERSON"}),
            ("funds/f", {**FUND, "funder": "etat"}),
            ("budget-lines/pleine", {**LINE, "ceiling_cents": 0}),
            ("payees/sicoval", {"name": "Sicoval"}),
            (
                "programmes/p",
                {
                    "name": "P",
                    "funder": "etat",
                    "vacancy_months_max": 6,
                    "rates": [{"sector": "PUBLIC", "months": 36, "instalments_cents": [300]}],
                },
            ),
            (
                "posts/vacant",
                {
                    "programme": "p",
                    "employer": "sicoval",
                    "host": "sicoval",
                    "deployer": "sicoval",
                    "employer_kind": "LOCAL_AUTHORITY",
                    "starts_on": str(date(ids.now().year - 1, 1, 1)),
                },
            ),
        ):
            answer = await other.client.put(
                f"/v1/coordinations/{name}/{path}", json=body, headers=bearer()
            )
            assert answer.status_code == 200, answer.text

    await jobs.watch_all(other.service)

    rows = await other.service.pool.fetch(
        "SELECT coordination, key FROM alerts WHERE kind = 'vacancy' ORDER BY coordination"
    )
    assert [tuple(row) for row in rows] == [
        ("c-deux", "vacancy:vacant"),
        ("c-un", "vacancy:vacant"),
    ]
