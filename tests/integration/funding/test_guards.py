"""What the database itself refuses, whoever asks: each rule once more, in the schema."""

from urllib.parse import urlsplit

import asyncpg
import pytest

from contracts.verify.ledger import Difference, audit

ALTERED = [
    ("UPDATE transfers SET amount_cents = 1 WHERE coordination = $1", "restrict"),
    ("DELETE FROM transfers WHERE coordination = $1", "restrict"),
    ("UPDATE blocks SET hash = prev WHERE coordination = $1", "restrict"),
    ("DELETE FROM blocks WHERE coordination = $1", "restrict"),
]


@pytest.mark.parametrize("statement", [one for one, _ in ALTERED])
async def test_what_is_recorded_is_neither_changed_nor_deleted(world, pool, statement):
    await world.must("pledge", 100)

    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await pool.execute(statement, world.coordination)


@pytest.mark.parametrize("table", ["transfers", "blocks"])
async def test_what_is_recorded_is_not_emptied(world, pool, table):
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await pool.execute(f"TRUNCATE {table}")


@pytest.fixture
def again(world, pool):
    """Write the last transfer once more, with something changed."""

    async def write(**changed):
        row = await pool.fetchrow(
            "SELECT * FROM transfers WHERE coordination = $1 ORDER BY block DESC, n DESC LIMIT 1",
            world.coordination,
        )
        values = {**row, "id": "00000000-0000-0000-0000-00000000ffff", "n": row["n"] + 1, **changed}
        names = ", ".join(values)
        places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
        await pool.execute(f"INSERT INTO transfers ({names}) VALUES ({places})", *values.values())

    return write


@pytest.mark.parametrize("cents", [0, -1])
async def test_an_amount_is_above_zero(world, again, cents):
    await world.must("pledge")

    with pytest.raises(asyncpg.CheckViolationError):
        await again(amount_cents=cents)


async def test_debit_and_credit_are_two_accounts(world, again):
    await world.must("pledge")

    with pytest.raises(asyncpg.CheckViolationError):
        await again(debit=1, credit=1)


async def test_an_id_is_recorded_once_in_a_coordination(world, again):
    name = await world.must("pledge")

    with pytest.raises(asyncpg.UniqueViolationError):
        await again(id=name)


async def test_a_hold_has_one_resolution(world, again):
    await world.reach("awarded")
    hold = await world.must("commit")
    await world.must("void", None, pending_id=hold)

    with pytest.raises(asyncpg.UniqueViolationError, match="one_resolution"):
        await again()


async def test_only_a_resolution_cites_a_hold(world, again):
    name = await world.must("pledge")

    with pytest.raises(asyncpg.CheckViolationError):
        await again(pending_id=name)


@pytest.mark.parametrize("column", ["debits_posted", "debits_pending"])
async def test_a_stage_does_not_go_below_zero_holds_included(world, pool, column):
    await world.reach("available", 100)

    with pytest.raises(asyncpg.CheckViolationError, match="no_stage_below_zero"):
        await pool.execute(
            f"""UPDATE balances SET {column} = {column} + 101 FROM accounts
                 WHERE accounts.account_id = balances.account_id
                   AND accounts.coordination = $1 AND accounts.stage = 'available'""",
            world.coordination,
        )


async def test_what_the_outside_world_owes_may_be_below_zero(world, pool):
    await world.must("pledge", 100)

    found = await pool.fetchval(
        """SELECT credits_posted - debits_posted FROM accounts JOIN balances USING (account_id)
            WHERE coordination = $1 AND stage = 'pledged'""",
        world.coordination,
    )
    assert found == -100


@pytest.mark.parametrize(("seq", "prev"), [(1, b"\1" * 32), (2, bytes(32))])
async def test_a_second_writer_finds_its_place_in_the_chain_taken(world, pool, seq, prev):
    await world.must("pledge", 100)

    with pytest.raises(asyncpg.UniqueViolationError):
        await pool.execute(
            "INSERT INTO blocks VALUES ($1, $2, 1, $3, $4, now())",
            world.coordination,
            seq,
            prev,
            b"\2" * 32,
        )


async def test_a_superuser_who_changes_a_row_is_seen_by_the_auditor(world, postgres, database_url):
    await world.reach("available", 1_000)
    database = urlsplit(database_url).path.removeprefix("/")
    connection = await asyncpg.connect(
        postgres.superuser_url(database), password=postgres.superuser_password
    )
    async with connection.transaction():
        await connection.execute("ALTER TABLE transfers DISABLE TRIGGER ALL")
        await connection.execute(
            "UPDATE transfers SET amount_cents = 1001 WHERE coordination = $1 AND block = 2",
            world.coordination,
        )
        await connection.execute("ALTER TABLE transfers ENABLE TRIGGER ALL")
    await connection.close()

    found = audit((await world.journal()).splitlines())

    assert isinstance(found, Difference)
    assert "region:promised" in found.detail
