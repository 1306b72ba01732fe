"""What stood on a day, and as it was known at an instant."""

import json
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from msgspec import convert

from contracts.http.funding import TransferAsked
from contracts.http.funding.periods import WritePeriod
from contracts.verify.ledger import Audited, audit
from services.chassis import ids
from services.funding import commands
from services.funding.commands import periods
from services.funding.commands.periods import close_period
from tests.integration.funding.conftest import decide, open_action

FIRST = date(2026, 4, 24)
BEGAN = datetime(2026, 7, 1, 8, tzinfo=UTC)
KINDS = [
    "pledge",
    "notify",
    "agree",
    "receive",
    "earmark",
    "award",
    "commit",
    "post",
    "void",
    "liquidate",
    "mandate",
    "pay",
    "release",
    "withdraw_award",
    "claw_back",
    "lapse",
    "carry_over",
    "receive",
]


def an_act(random: Random, world, recorded, closed: date):
    """Return an act of a random kind, on a random open day, citing what it may."""
    kind = random.choice(KINDS)
    wanted = {
        "post": ("commit",),
        "void": ("commit",),
        "claw_back": ("pay",),
        "lapse": ("pledge", "notify", "agree", "earmark", "award", "post"),
        "carry_over": ("earmark", "award", "post"),
    }.get(kind, ())
    day = closed + timedelta(days=random.randint(1, 90))
    more = {"effective_on": str(day), "linked": random.random() < 0.1}
    if wanted:
        fit = [one for one in recorded if one["kind"] in wanted]
        if not fit:
            return an_act(random, world, recorded, closed)
        cited = random.choice(fit[-6:])
        more["pending_id" if kind in {"post", "void"} else "reverses"] = cited["id"]
        more["effective_on"] = max(more["effective_on"], cited["effective_on"])
    cents = random.choice([1, 20, 300, 4_000])
    if kind == "void" or (kind == "post" and random.random() < 0.5):
        cents = None
    return world.act(kind, cents, **more)


async def a_history(world, pool, seed: int):
    """Play a random history and return its instants: when each block was recorded."""
    random = Random(seed)
    recorded, instants, closed, now = [], [], FIRST, BEGAN
    opening = [
        world.act(kind, cents, effective_on=str(FIRST + timedelta(days=1)))
        for kind, cents in (
            ("pledge", 90_000),
            ("notify", 80_000),
            ("agree", 70_000),
            ("receive", 30_000),
            ("earmark", 40_000),
            ("award", 30_000),
            ("commit", 20_000),
        )
    ]
    async with pool.acquire() as connection:
        for number in range(40):
            now += timedelta(minutes=random.randint(1, 60))
            acts = (
                opening
                if number == 0
                else [an_act(random, world, recorded, closed) for _ in range(random.randint(1, 12))]
            )
            answers = await commands.post(
                connection,
                world.coordination,
                [convert(act, TransferAsked) for act in acts],
                now=now,
                new_id=ids.new_id,
            )
            done = [
                act for act, answer in zip(acts, answers, strict=True) if answer.status == "posted"
            ]
            recorded += done
            if done:
                instants.append(now)
            if number % 15 == 14:
                closed += timedelta(days=30)
                name = f"p{number}"
                span = WritePeriod(id=name, first_day=closed - timedelta(days=29), last_day=closed)
                await periods.write_period(connection, world.coordination, span)
                later = datetime.combine(closed + timedelta(days=2), now.time(), UTC)
                await close_period(
                    connection, world.coordination, name, now=max(now, later), new_id=ids.new_id
                )
    return instants


def folded(lines: list[dict], fund: str, day: str, last: int) -> dict[str, tuple[int, int]]:
    """Return balance and held cents of each account, from the journal's lines alone."""
    holds = {one["id"]: one["amount_cents"] for one in lines if one["phase"] == "hold"}
    found: dict[str, list[int]] = {}
    for one in lines:
        if one["fund"] != fund or one["effective_on"] > day or one["block"] > last:
            continue
        debit = found.setdefault(one["debit"], [0, 0])
        credit = found.setdefault(one["credit"], [0, 0])
        cents = one["amount_cents"]
        if one["phase"] == "hold":
            debit[1] += cents
        if one["phase"] in {"post", "void"}:
            debit[1] -= holds[one["pending_id"]]
        if one["phase"] in {"single", "post"}:
            debit[0] -= cents
            credit[0] += cents
    return {account: (cents, held) for account, (cents, held) in found.items()}


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_any_day_as_known_at_any_instant_is_what_the_journal_says(world, pool, seed):
    instants = await a_history(world, pool, seed)
    whole = [json.loads(line) for line in (await world.journal()).splitlines()]
    lines = [one for one in whole if one["type"] == "transfer"]
    assert len({one["kind"] for one in lines}) >= 15, "a history of almost no kinds shows little"
    random = Random(seed)

    for _ in range(25):
        day = str(FIRST + timedelta(days=random.randint(0, 120)))
        block = random.randint(0, len(instants))
        at = instants[block - 1] if block else BEGAN
        known = {"known_at": at.isoformat()} if random.random() < 0.7 else {}
        last = block if known else len(instants)
        told = await world.get("funds/region/statement", as_of=day, **known)
        shown = {
            one["account"]: (one["balance_cents"], one["held_cents"]) for one in told["accounts"]
        }
        assert shown == folded(lines, "region", day, last)
        assert told["block"] == last
        pool_then = await world.get("pool", as_of=day, **known)
        promised = -shown.get("region:pledged", (0, 0))[0]
        assert sum(pool_then["stages"].values()) == promised


@pytest.mark.parametrize("seed", [4, 5])
async def test_what_is_kept_folded_is_what_a_replay_gives(world, pool, seed):
    """Balances, sums, flows and checkpoints, each against the journal's lines or an auditor."""
    await a_history(world, pool, seed)
    whole = [json.loads(line) for line in (await world.journal()).splitlines()]
    lines = [one for one in whole if one["type"] == "transfer"]

    rows = await pool.fetch(
        """SELECT code, credits_posted - debits_posted, debits_pending
             FROM accounts JOIN balances USING (account_id) WHERE coordination = $1""",
        world.coordination,
    )
    replayed = folded(lines, "region", "9999-12-31", 10**9)
    assert {row[0]: (row[1], row[2]) for row in rows} == replayed
    now, then = await world.get("pool"), await world.get("pool", as_of="9999-12-31")
    assert {**now, "as_of": None} == {**then, "as_of": None}
    for table in ("flows", "transfers"):
        assert await pool.fetchval(
            f"SELECT count(*) FROM {table} WHERE coordination = $1", world.coordination
        )
    answer = await world.running.client.get(
        world.address("journal"), params={"closings": "true"}, headers=world.headers
    )
    told = answer.content.splitlines()
    assert sum(b'"type":"period"' in line for line in told) == 2
    assert isinstance(audit(told), Audited), audit(told)


async def test_what_is_told_later_does_not_change_what_was_known(world):
    await world.must("pledge", 100, effective_on="2026-05-02")
    known = ids.now().isoformat()
    await world.must("pledge", 7, effective_on="2026-05-01")

    then = await world.get("pool", as_of="2026-05-31", known_at=known)
    now = await world.get("pool", as_of="2026-05-31")

    assert (then["stages"]["promised"], now["stages"]["promised"]) == (100, 107)
    assert (await world.get("pool", known_at=known))["stages"]["promised"] == 100


async def test_before_the_first_block_nothing_was_known(world):
    await world.must("pledge", 100)

    told = await world.get("funds/region/statement", known_at="2020-01-01T00:00:00Z")

    assert (told["block"], told["accounts"]) == (0, [])


async def test_an_instant_without_offset_is_refused(world):
    for path in ("pool", "funds/region/statement"):
        answer = await world.running.client.get(
            world.address(path), params={"known_at": "2026-05-18T12:00:00"}, headers=world.headers
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "E_FIELD")


async def test_a_statement_names_what_is_held(world):
    await world.reach("awarded", 100)
    await world.must("commit", 60)

    told = await world.get("funds/region/statement")

    by_account = {one["account"]: one for one in told["accounts"]}
    awarded = by_account["region:awarded:bus"]
    assert (awarded["stage"], awarded["action"], awarded["balance_cents"]) == (
        "awarded",
        "bus",
        100,
    )
    assert awarded["held_cents"] == 60


async def test_a_fund_nobody_wrote_has_no_statement(world):
    answer = await world.running.client.get(
        world.address("funds/inconnu/statement"), headers=world.headers
    )

    assert (answer.status_code, answer.json()["code"]) == (404, "E_UNKNOWN")


async def test_the_signature_of_a_hold_is_not_effective_before_it(world):
    await world.reach("awarded", 100)
    hold = await world.must("commit", 60)

    for kind in ("post", "void"):
        answer = await world.do(kind, None, pending_id=hold, effective_on="2026-05-17")
        assert answer["code"] == "E_PERIOD"
    await world.must("post", None, pending_id=hold)


async def ask_split(world, opinion, cents, action="bus"):
    return await world.running.client.post(
        world.address("awards/split"),
        json={"opinion": str(opinion), "action": action, "amount_cents": cents},
        headers=world.headers,
    )


async def test_an_award_splits_to_the_cent_and_its_shares_pass_both_limits(world, pool):
    opinion, decision = UUID(int=77), UUID(int=78)
    for fund in ("etat", "prives"):
        body = {
            "name": fund,
            "funder": "region-occitanie",
            "custody": "HOST_BUDGET",
            "mode": "advance",
            "restriction": "none",
            "valid_from": "2026-01-01",
            "valid_until": "2028-12-31",
        }
        assert (await world.put(f"funds/{fund}", body)).status_code == 200
    await open_action(pool, world.coordination, "atelier")
    await decide(
        pool,
        world.coordination,
        opinion=opinion,
        decision=decision,
        voted={"region": 100, "etat": 100, "prives": 101},
    )

    told = (await ask_split(world, opinion, 200)).json()

    assert [(one["fund"], one["amount_cents"]) for one in told["shares"]] == [
        ("etat", 67),
        ("prives", 67),
        ("region", 66),
    ]
    await world.reach("available", 66)
    await world.must("award", 66, opinion=str(opinion), funder_decision=str(decision))
    for cents, action, code in ((302, "bus", "E_DECISION"), (1, "atelier", "E_DECISION")):
        answer = await ask_split(world, opinion, cents, action)
        assert answer.json()["code"] == code
    assert (await ask_split(world, UUID(int=1), 1)).json()["code"] == "E_DECISION"
