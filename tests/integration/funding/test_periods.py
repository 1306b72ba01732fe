"""Closing a period: final for ever, in order, with what it sealed."""

import asyncio
import json
from datetime import UTC, date, datetime
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from contracts.events.funding import PeriodClosed
from contracts.verify.ledger import Audited, audit
from services.chassis import ids
from services.funding.commands import periods as commands
from services.funding.errors.periods import PeriodNotOver
from tests.integration.funding.conftest import World
from tests.integration.funding.test_lane import until_one_waits

MARCH = {"id": "2025-03", "first_day": "2025-03-01", "last_day": "2025-03-31"}
APRIL = {"id": "2025-04", "first_day": "2025-04-01", "last_day": "2025-04-30"}


async def write(world: World, body, status: int = 200):
    answer = await world.running.client.post(
        world.address("periods"), json=body, headers=world.headers
    )
    assert answer.status_code == status, answer.text
    return answer.json()


async def close(world: World, period: str, status: int = 200):
    answer = await world.running.client.post(
        world.address(f"periods/{period}/close"), headers=world.headers
    )
    assert answer.status_code == status, answer.text
    return answer.json()


async def facts_of_closings(world: World, pool) -> list[PeriodClosed]:
    rows = await pool.fetch(
        "SELECT data FROM ev WHERE type = $1 AND aggregate = $2 ORDER BY seq",
        PeriodClosed.TYPE,
        f"{world.coordination}/ledger",
    )
    return [msgspec.json.decode(row["data"], type=PeriodClosed) for row in rows]


@pytest.fixture
async def march(world):
    """A world where something was effective in March, which is closed, and something in April."""
    await world.must("pledge", 100, effective_on="2025-03-31")
    await world.must("pledge", 7, effective_on="2025-04-01")
    await write(world, MARCH)
    await close(world, "2025-03")
    return world


@pytest.mark.parametrize("day", ["2025-03-31", "2025-03-01", "2025-02-28", "2019-01-01"])
@pytest.mark.parametrize("dry_run", ["false", "true"])
async def test_nothing_is_effective_up_to_a_closed_day_any_more(march, day, dry_run):
    acts = [march.act("pledge", 1, effective_on=day), march.act("pledge", 2)]

    late, good = await march.send(acts, dry_run=dry_run)

    assert (late["status"], late["code"]) == ("refused", "E_PERIOD")
    assert "31/03/2025" in late["detail"]
    assert good["status"] == "posted"


async def test_the_day_after_a_closing_is_open(march):
    await march.must("pledge", 1, effective_on="2025-04-01")


async def test_a_retry_of_an_act_recorded_before_a_closing_is_still_free(world):
    act = world.act("pledge", 100, effective_on="2025-03-31")
    await world.send([act])
    await write(world, MARCH)
    await close(world, "2025-03")

    assert (await world.send([act]))[0]["status"] == "exists"


async def test_a_hold_is_not_resolved_in_a_closed_period(world, pool):
    await world.reach("awarded", 100)
    hold = await world.must("commit", 60)
    await write(world, {"id": "mai", "first_day": "2026-05-01", "last_day": "2026-05-31"})
    async with pool.acquire() as connection:
        await commands.close_period(
            connection,
            world.coordination,
            "mai",
            now=datetime(2026, 6, 1, 12, tzinfo=UTC),
            new_id=ids.new_id,
        )

    late = await world.do("void", None, pending_id=hold)

    assert late["code"] == "E_PERIOD"
    await world.must("void", None, pending_id=hold, effective_on="2026-06-01")
    found = audit((await world.journal()).splitlines())
    assert isinstance(found, Audited), found


async def test_a_closing_reports_the_head_it_sealed_and_tells_it_as_a_fact(march, pool):
    report = await march.get("periods/2025-03")

    assert (report["block"], report["accounts"]) == (2, 2)
    assert report["totals"]["promised"] == 100
    blocks = [json.loads(line) for line in (await march.journal()).splitlines()]
    assert report["hash"] == [one["hash"] for one in blocks if one["type"] == "block"][-1]
    (fact,) = await facts_of_closings(march, pool)
    assert (fact.block, fact.hash, fact.last_day) == (2, report["hash"], date(2025, 3, 31))
    assert fact.totals.promised == 100


async def test_a_period_closed_fifty_times_at_once_is_closed_once(world, pool):
    await world.must("pledge", 100, effective_on="2025-03-31")
    await write(world, MARCH)

    reports = await asyncio.gather(*(close(world, "2025-03") for _ in range(50)))

    assert all(report == reports[0] for report in reports)
    assert len(await facts_of_closings(world, pool)) == 1


async def test_an_empty_ledger_closes_over_no_block(world):
    await write(world, MARCH)

    report = await close(world, "2025-03")

    assert (report["block"], report["hash"], report["accounts"]) == (0, "0" * 64, 0)


async def test_the_journal_of_a_closed_range_never_changes(march):
    before = await journal(march, until_period="2025-03")
    told = await journal(march, until_period="2025-03", closings="true")

    await march.must("pledge", 5)
    await write(march, APRIL)
    await close(march, "2025-04")
    await march.must("pledge", 6)

    assert await journal(march, until_period="2025-03") == before
    assert await journal(march, until_period="2025-03", closings="true") == told
    assert (await march.journal()).startswith(before)
    assert (await journal(march, closings="true")).startswith(told)
    assert len(await journal(march, until_period="2025-04")) > len(before)


async def journal(world, status=200, **params):
    answer = await world.running.client.get(
        world.address("journal"), params=params, headers=world.headers
    )
    assert answer.status_code == status, answer.text
    return answer.content


async def test_a_journal_without_closings_has_acts_and_blocks_alone(march):
    lines = [json.loads(line) for line in (await march.journal()).splitlines()]

    assert {line["type"] for line in lines} == {"transfer", "block"}


async def test_an_auditor_recomputes_what_a_closing_kept(march):
    lines = (await journal(march, closings="true")).splitlines()

    assert {json.loads(line)["type"] for line in lines} > {"checkpoint", "period"}
    assert isinstance(audit(lines), Audited)


@pytest.mark.parametrize(("period", "code"), [("2025-03", "E_PERIOD"), ("jamais", "E_UNKNOWN")])
async def test_only_a_closed_period_ends_a_journal(world, period, code):
    await write(world, MARCH)

    answer = await journal(world, 404 if code == "E_UNKNOWN" else 409, until_period=period)

    assert json.loads(answer)["code"] == code


async def test_periods_are_written_once_apart_and_in_order_of_their_days(world):
    await write(world, APRIL)
    await write(world, APRIL)
    await write(world, MARCH)

    for body, code in (
        ({**MARCH, "last_day": "2025-03-30"}, "E_DIFFERS"),
        ({**MARCH, "id": "autre"}, "E_PERIOD"),
        ({"id": "large", "first_day": "2025-01-01", "last_day": "2025-12-31"}, "E_PERIOD"),
    ):
        assert (await write(world, body, 409))["code"] == code
    backwards = {"id": "envers", "first_day": "2025-06-02", "last_day": "2025-06-01"}
    assert (await write(world, backwards, 400))["code"] == "E_FIELD"
    first = await world.get("periods", limit=1)
    second = await world.get("periods", limit=1, cursor=first["cursor"])
    assert [one["id"] for one in first["items"] + second["items"]] == ["2025-03", "2025-04"]
    assert second["cursor"] is None


async def test_two_coordinations_have_periods_of_the_same_days(make_world):
    for world in (await make_world(), await make_world()):
        await write(world, MARCH)


async def test_periods_close_in_order_and_none_opens_behind_a_closing(world):
    await write(world, MARCH)
    await write(world, APRIL)

    assert "2025-03" in (await close(world, "2025-04", 409))["detail"]
    await close(world, "2025-03")
    await close(world, "2025-04")
    february = {"id": "2025-02", "first_day": "2025-02-01", "last_day": "2025-02-28"}
    assert (await write(world, february, 409))["code"] == "E_PERIOD"
    assert (await close(world, "2025-02", 404))["code"] == "E_UNKNOWN"


@pytest.mark.parametrize(
    ("now", "over"),
    [
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), False),
        (datetime(2026, 12, 31, 23, 1, tzinfo=UTC), True),  # 1 January in Paris.
    ],
)
async def test_a_period_closes_when_its_last_day_is_over_in_paris(world, pool, now, over):
    await write(world, {"id": "2026", "first_day": "2026-01-01", "last_day": "2026-12-31"})
    async with pool.acquire() as connection:
        closing = commands.close_period(
            connection, world.coordination, "2026", now=now, new_id=ids.new_id
        )
        if over:
            await closing
        else:
            with pytest.raises(PeriodNotOver):
                await closing


async def test_a_batch_decided_before_a_closing_is_decided_again_after_it(world, pool):
    """The lane read an open ledger; the closing was committed before its rows were."""
    await write(world, MARCH)
    async with pool.acquire() as other, other.transaction():
        await commands.close_period(
            other,
            world.coordination,
            "2025-03",
            now=ids.now(),
            new_id=ids.new_id,
        )
        late = asyncio.ensure_future(world.do("pledge", 100, effective_on="2025-03-31"))
        await until_one_waits(other)

    assert (await late)["code"] == "E_PERIOD"
    assert await world.stages() == {}


async def test_a_closing_waits_for_the_batch_under_way_and_seals_it(world, pool):
    await write(world, MARCH)
    async with pool.acquire() as holder, holder.transaction():
        await holder.execute("LOCK TABLE flows IN ACCESS EXCLUSIVE MODE")
        posted = asyncio.ensure_future(world.must("pledge", 100, effective_on="2025-03-31"))
        await until_one_waits(holder)  # Its rows are in; its block is not committed.
        async with pool.acquire() as other:
            closing = asyncio.ensure_future(
                commands.close_period(
                    other, world.coordination, "2025-03", now=ids.now(), new_id=ids.new_id
                )
            )
            await until_two_wait(holder)
            await holder.execute("SELECT 1")
            assert not closing.done()
            release = asyncio.gather(posted, closing)
            await holder.execute("ROLLBACK")
            await release
            await holder.execute("BEGIN")

    report = await world.get("periods/2025-03")
    assert (report["block"], report["totals"]["promised"]) == (1, 100)


async def until_two_wait(connection):
    """Wait for two other sessions to wait for locks."""
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
    async with asyncio.timeout(10):
        while await connection.fetchval(waits) < 2:
            await asyncio.sleep(0)


async def test_closings_and_acts_that_race_leave_nothing_behind_a_seal(world):
    """Whatever the interleaving, what a closing sealed is all that is effective by its last day."""
    months = [f"2025-{month:02d}" for month in range(1, 7)]
    for month in months:
        await write(world, {"id": month, "first_day": f"{month}-01", "last_day": f"{month}-28"})

    async def acts(month):
        for _ in range(10):
            await world.do("pledge", 1, effective_on=f"{month}-15")

    async def closings():
        for month in months:
            await close(world, month)

    await asyncio.gather(closings(), *(acts(month) for month in months))

    lines = (await journal(world, closings="true")).splitlines()
    assert isinstance(audit(lines), Audited), audit(lines)


async def insert(pool, coordination: str, day: str, *, name=None) -> None:
    await pool.execute(
        """INSERT INTO transfers (coordination, block, n, id, kind, phase, fund, debit, credit,
                                  amount_cents, effective_on)
           VALUES ($1, 1000, 0, $2, 'pledge', 'single', 'region', 1, 2, 1, $3)""",
        coordination,
        name or uuid4(),
        date.fromisoformat(day),
    )


async def test_the_database_itself_refuses_an_act_in_a_closed_period(march, pool):
    with pytest.raises(asyncpg.CheckViolationError, match="2025-03"):
        await insert(pool, march.coordination, "2025-03-31")
    with pytest.raises(asyncpg.CheckViolationError, match="2025-03"):
        await insert(pool, march.coordination, "1999-01-01")


async def test_the_guard_of_closed_days_refuses_nothing_else(march, pool):
    """The negative control of the test above: the same rows on an open day, or elsewhere."""
    connection = await pool.acquire()
    transaction = connection.transaction()
    await transaction.start()
    await insert(connection, march.coordination, "2025-04-01")
    await insert(connection, f"x-{march.coordination}"[:40], "2025-03-31")
    await transaction.rollback()
    await pool.release(connection)


@pytest.mark.parametrize("table", ["periods", "closings", "checkpoints"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET period = period", "DELETE FROM {}"])
async def test_a_closing_is_neither_changed_nor_deleted(march, pool, table, verb):
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await pool.execute(f"{verb.format(table)} WHERE coordination = $1", march.coordination)


@pytest.mark.parametrize("table", ["periods", "closings", "checkpoints"])
async def test_closings_are_not_emptied(pool, table):
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await pool.execute(f"TRUNCATE {table} CASCADE")


BAD_ROWS = {
    "a period that ends before it begins": (
        "INSERT INTO periods VALUES ($1, 'x', '2026-02-02', '2026-02-01')",
        asyncpg.CheckViolationError,
    ),
    "a period over the days of another": (
        "INSERT INTO periods VALUES ($1, 'x', '2025-03-31', '2025-04-01')",
        asyncpg.ExclusionViolationError,
    ),
    "a period of the same name": (
        "INSERT INTO periods VALUES ($1, '2025-03', '2026-01-01', '2026-02-01')",
        asyncpg.UniqueViolationError,
    ),
    "a second closing": (
        """INSERT INTO closings SELECT coordination, period, first_day, last_day, seq, hash, at
             FROM closings WHERE coordination = $1""",
        asyncpg.UniqueViolationError,
    ),
    "a closing of no period": (
        """INSERT INTO closings VALUES ($1, 'x', '2026-01-01', '2026-02-01', 0,
                                        decode(repeat('00', 32), 'hex'), now())""",
        asyncpg.ForeignKeyViolationError,
    ),
    "a seal that is no hash": (
        "INSERT INTO closings VALUES ($1, '2025-03', '2026-01-01', '2026-02-01', 0, '', now())",
        asyncpg.CheckViolationError,
    ),
    "a checkpoint of no closing": (
        """INSERT INTO checkpoints SELECT $1, 'x', account_id, 0, 0, 0, 0
             FROM accounts WHERE coordination = $1""",
        asyncpg.ForeignKeyViolationError,
    ),
    "a flow of nothing": (
        "UPDATE flows SET cents = 0 WHERE coordination = $1",
        asyncpg.CheckViolationError,
    ),
    "a flow of less than nothing": (
        "UPDATE flows SET released_cents = -1 WHERE coordination = $1",
        asyncpg.CheckViolationError,
    ),
    "a month that begins on its second day": (
        "UPDATE flows SET day = day + 1 WHERE coordination = $1 AND span = 'month'",
        asyncpg.CheckViolationError,
    ),
    "a span of another kind": (
        "UPDATE flows SET span = 'week' WHERE coordination = $1 AND span = 'day'",
        asyncpg.CheckViolationError,
    ),
    "a flow of another phase": (
        "UPDATE flows SET phase = 'maybe' WHERE coordination = $1",
        asyncpg.CheckViolationError,
    ),
}


@pytest.mark.parametrize("statement", BAD_ROWS, ids=list(BAD_ROWS))
async def test_the_database_refuses(march, pool, statement):
    text, refusal = BAD_ROWS[statement]

    with pytest.raises(refusal):
        await pool.execute(text, march.coordination)


@pytest.mark.parametrize(
    ("role", "verb", "path", "status"),
    [
        ("member", "POST", "periods", 403),
        ("member", "POST", "periods/2025-03/close", 403),
        ("member", "GET", "periods/2025-03", 200),
        ("institution", "GET", "periods", 403),
    ],
)
async def test_who_keeps_the_money_closes_and_members_read(march, bearer, role, verb, path, status):
    answer = await march.running.client.request(
        verb, march.address(path), headers=bearer(role, march.coordination), json=MARCH
    )

    assert answer.status_code == status, answer.text
