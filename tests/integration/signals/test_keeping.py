"""What is kept: for its term, folded the same again, words of one's own."""

import random
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from contracts.events.exchange import SignalsReceived
from services.chassis import ids
from services.diagnostics.commands import retention
from services.diagnostics.model import cells, rules
from tests.integration.conftest import until
from tests.integration.signals.conftest import COMMUNES, OPEN_LICENCE

PROJECTION = (
    "SELECT commune, institution, measure, unit, period, grid, breakdown, label, known_sum,"
    " known_parts, secret_parts, denominator_sum, told FROM exposure_figures"
    " WHERE coordination = $1 AND known_parts + secret_parts > 0 ORDER BY 1, 2, 3, 4, 5, 6, 7",
    "SELECT commune, problem, theme, public, unit, period, count_sum, told FROM need_figures"
    " WHERE coordination = $1 AND count_sum > 0 ORDER BY 1, 2, 3, 4, 5, 6",
    "SELECT institution, measure, unit, period, grid, breakdown, label, cells FROM series"
    " WHERE coordination = $1 AND cells > 0 ORDER BY 1, 2, 3, 4, 5, 6",
)


async def projection(rig, slug):
    """Return the bytes of all that pages read of a coordination."""
    async with rig.services["diagnostics"].read() as connection:
        rows = [[tuple(row) for row in await connection.fetch(one, slug)] for one in PROJECTION]
    return msgspec.json.encode(rows)


async def settled(rig, territory):
    """Wait until every update of a coordination is out: none is to change what is compared."""

    async def none_waits():
        async with rig.services["diagnostics"].read() as connection:
            return not await connection.fetchval(
                "SELECT count(*) FROM communes WHERE coordination = $1 AND dirty_since IS NOT NULL",
                territory.slug,
            )

    await until(none_waits)


def history(territory, seed):
    """Return signals, revisions, withdrawals and repetitions, in any order."""
    chance = random.Random(seed)
    told = []
    for _ in range(25):
        made = chance.choice((territory.signal, territory.need))
        one = made(
            area_code=chance.choice(COMMUNES),
            period=f"20{chance.randrange(10, 25)}",
            count=chance.randrange(11, 900),
        )
        for revision in range(1, chance.randrange(2, 5)):
            told.append({**one, "revision": revision, "count": chance.randrange(11, 900)})
            if chance.random() < 0.3:
                told.append(territory.withdrawal(told[-1], purpose="shared_diagnostic"))
        told.append(chance.choice(told))
    chance.shuffle(told)
    return told


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_rebuild_from_what_is_kept_gives_equal_bytes(rig, territory, seed):
    told = history(territory, seed)
    items = await territory.send(*told)
    assert {one["status"] for one in items} == {"kept"}
    await territory.state(told[-1]["signal_id"])
    await until(lambda: _all_decided(rig, territory))
    await settled(rig, territory)
    before = await projection(rig, territory.slug)
    assert len(before) > 500

    answer = await territory.post("/rebuild", {}, role="operator")
    assert answer.status_code == 200, answer.text
    assert answer.json()["corrected"] == 0
    assert answer.json()["figures"] > 10
    assert await projection(rig, territory.slug) == before

    facts = await received(rig, territory)
    known = cells.Known(communes=frozenset(COMMUNES), cells={}, cell_keys={}, needs={})
    rules.fold(facts, known)
    assert await kept(rig, territory) == {
        (one.signal_id, one.revision, one.withdrawn, None if one.withdrawn else one.count)
        for one in (*known.cells.values(), *known.needs.values())
    }


async def _all_decided(rig, territory):
    async with rig.services["exchange"].read() as connection:
        return not await connection.fetchval(
            "SELECT count(*) FROM receipts WHERE coordination = $1 AND status = 'kept'",
            territory.slug,
        )


async def received(rig, territory):
    """Return the signals of a coordination from the facts that the exchange keeps, in order."""
    async with rig.services["exchange"].read() as connection:
        rows = await connection.fetch(
            "SELECT data FROM ev WHERE type = $1 AND subject LIKE $2 ORDER BY seq",
            SignalsReceived.TYPE,
            f"%.{territory.slug}.%",
        )
    facts = [msgspec.json.decode(row["data"], type=SignalsReceived) for row in rows]
    return [one for fact in facts for one in fact.signals]


async def kept(rig, territory):
    """Return the signals of a coordination as they are kept, both families."""
    async with rig.services["diagnostics"].read() as connection:
        rows = await connection.fetch(
            "SELECT signal_id, revision, withdrawn, CASE WHEN NOT withdrawn THEN count END"
            "  FROM cells WHERE coordination = $1 UNION ALL"
            " SELECT signal_id, revision, withdrawn, CASE WHEN NOT withdrawn THEN count END"
            "  FROM needs WHERE coordination = $1",
            territory.slug,
        )
    return {tuple(row) for row in rows}


async def test_a_rebuild_corrects_what_somebody_changed_and_tells_it(rig, territory):
    await territory.deliver("http", territory.signal(count=80))
    await territory.deliver("http", territory.need(count=20))
    await settled(rig, territory)
    right = await projection(rig, territory.slug)
    async with rig.services["diagnostics"].write() as connection:
        await connection.execute(
            "UPDATE exposure_figures SET known_sum = 81 WHERE coordination = $1", territory.slug
        )
        await connection.execute("DELETE FROM need_figures WHERE coordination = $1", territory.slug)
        await connection.execute(
            "INSERT INTO need_figures (coordination, commune, problem, theme, public, unit, period,"
            " count_sum, told) VALUES ($1, '31446', 'housing', 'safe_use', 'young', 'person',"
            " '2020', 5, true)",
            territory.slug,
        )
    told = len(await territory.updates())
    answer = await territory.post("/rebuild", {}, role="operator")
    assert answer.json() == {"figures": 2, "corrected": 3}

    async def told_again():
        return len(await territory.updates()) > told

    await until(told_again)
    await settled(rig, territory)
    assert await projection(rig, territory.slug) == right
    assert (await territory.post("/rebuild", {})).status_code == 403


async def test_signals_are_forgotten_at_their_agreements_term_and_open_data_never(rig):
    territory = await rig.found(retention_months=24)
    agreed = territory.signal(count=50)
    opened = territory.signal(measure="apl", count=40, agreement=None, licence=OPEN_LICENCE)
    secret = territory.signal(area_kind="iris", area_code="311130101", count="s")
    need = territory.need(count=30)
    for told in (agreed, opened, secret, need):
        assert (await territory.deliver("nats", told))["code"] is None
    by_hand = {
        "signal_id": str(uuid4()),
        "reporter_kind": "ccas",
        "period": "2026-03",
        "area_code": "31113",
        "problem": "housing",
        "theme": "safe_use",
        "public": "young",
        "count": 2,
    }
    assert (await territory.post("/needs", by_hand)).status_code == 200

    async def after(months):
        async with rig.services["diagnostics"].write() as connection:
            gone = await retention.forget_expired(
                connection,
                territory.slug,
                months=36,
                now=ids.now() + timedelta(days=round(30.5 * months)),
            )
        area = await territory.area()
        exposures = {(one["measure"], one["grid"]): one["reading"] for one in area["exposures"]}
        return gone, exposures, [one["count"] for one in area["needs"]], len(area["parts"])

    everything = {
        ("rsa_socle", "commune"): "50",
        ("rsa_socle", "iris"): "secret statistique",
        ("apl", "commune"): "40",
    }
    assert await after(23) == (0, everything, [30, 2], 1)
    assert await after(25) == (3, {("apl", "commune"): "40"}, [2], 0)
    assert await after(35) == (0, {("apl", "commune"): "40"}, [2], 0)
    assert await after(37) == (1, {("apl", "commune"): "40"}, [], 0)
    assert await after(1200) == (0, {("apl", "commune"): "40"}, [], 0)

    async def told():
        figures = [one for update in await territory.updates() for one in update["exposures"]]
        last = {(one["measure"], one["grid"]): one["status"] for one in figures}
        return last.get(("rsa_socle", "commune")) == "not_covered"

    await until(told)
    await settled(rig, territory)
    answer = await territory.post("/rebuild", {}, role="operator")
    assert answer.json()["corrected"] == 0
