"""How exchanges go: counts, delays and pace per partner and agreement; silences and floods told once."""

from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from contracts.events.diagnostics import Decision, SignalsDecided
from contracts.streams import stream_of
from services.chassis import ids
from services.exchange.commands import pace
from services.exchange.jobs import pace as watching
from tests.integration.conftest import COORDINATION, until
from tests.integration.edge.conftest import AGREEMENT, Edge, event_of, exposure
from tests.integration.edge.test_requests import batch, send

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch):
    monkeypatch.setattr(watching, "WATCH_SECONDS", 0.05)


async def health(edge: Edge, **options) -> dict:
    answer = await edge.ask(f"/v1/coordinations/{COORDINATION}/exchanges", **options)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def told(edge: Edge) -> list[str]:
    """Return the kinds of facts told of partners' pace, in order."""
    rows = await edge.service.pool.fetch(
        "SELECT type FROM ev WHERE type LIKE '%partner_%' ORDER BY seq"
    )
    kinds = [row["type"].split(".")[-2] for row in rows]
    return [one for one in kinds if one != "partner_keys_changed"]


async def test_what_became_of_signals_is_counted_by_partner_and_by_agreement(edge: Edge):
    events = [event_of(exposure()) for _ in range(3)]
    await send(edge, [*events, *batch(2), event_of(exposure(count=-1))])
    rows = await edge.service.pool.fetch(
        "SELECT receipt, signal_id FROM receipts WHERE status = 'kept'"
    )
    await edge.tell(
        "diagnostics",
        SignalsDecided(
            coordination=COORDINATION,
            institution="caf-31",
            decisions=[
                Decision(
                    receipt=row["receipt"],
                    ce_id=str(uuid4()),
                    signal_id=row["signal_id"],
                    in_seq=0,
                    code="E_SMALL" if row["signal_id"] == uuid_of(events[0]) else None,
                )
                for row in rows
            ],
        ),
    )

    async def decided():
        found = await health(edge)
        accepted = sum(one["accepted"] for one in found["agreements"])
        return found["partners"][0]["delays"] and accepted == 4 and found

    found = await until(decided)
    counts = {one["opened_by"]: one for one in found["agreements"]}
    own = counts[str(AGREEMENT)]
    assert (own["kept"], own["accepted"], own["refused"]) == (3, 2, {"E_SMALL": 1})
    assert counts["cnaf-open-data"]["accepted"] == 2
    delays = found["partners"][0]["delays"]
    assert delays["decided"] == 5
    assert 0 < delays["p50_ms"] <= delays["p99_ms"] < 60_000
    metrics = (await edge.ask("/metrics")).text
    assert 'ctin_partner_signals{institution="caf-31",status="kept"} 5.0' in metrics


def uuid_of(event):
    return msgspec.convert(event["data"]["signal_id"], type=type(uuid4()))


async def test_an_institution_sees_its_own_health_alone(edge: Edge):
    await send(edge, batch(1))
    await send(edge, batch(1, "la-poste"), "la-poste")
    everyone = await health(edge)
    assert {one["institution"] for one in everyone["partners"]} == {"caf-31", "la-poste"}
    own = await health(edge, headers=edge.system_of("la-poste"))
    assert {one["institution"] for one in own["partners"]} == {"la-poste"}
    assert {one["institution"] for one in own["agreements"]} == {"la-poste"}


async def test_a_silence_is_told_once_and_its_end_once(edge: Edge):
    """Its own pace decides: an hour and a half is long for who sends each half hour, not for all."""
    pool, now = edge.service.pool, ids.now()
    for slug, gap in (("caf-31", HOUR / 2), ("la-poste", HOUR * 24)):
        async with pool.acquire() as connection:
            for at in (now - HOUR * 1.5 - gap, now - HOUR * 1.5):
                await pace.note_flood(connection, COORDINATION, slug, now=at)
            await connection.execute("UPDATE paces SET flooded_at = NULL")

    async def is_told(count: int):
        return len(await told(edge)) == count

    await until(lambda: is_told(1))
    assert await told(edge) == ["partner_went_silent"]
    silent = {one["institution"]: one["pace"] for one in (await health(edge))["partners"]}
    assert silent["caf-31"]["silent_since"] is not None
    assert silent["la-poste"]["silent_since"] is None
    assert round(silent["caf-31"]["usual_seconds"]) == 1800

    await send(edge, batch(1))
    await until(lambda: is_told(2))
    await send(edge, batch(1))
    assert await told(edge) == ["partner_went_silent", "partner_is_back"]


async def test_a_flood_is_told_once_and_its_end_once(open_edge):
    edge = await open_edge(
        signals_at_once_max=4_000, signals_per_second_max=1, flood_calm_seconds=1.0
    )
    await send(edge, batch(4_000))
    assert await told(edge) == [], "it was within its quota"
    for _ in range(3):
        assert (await send(edge, batch(50))).status_code == 429

    async def ended():
        return (await told(edge))[-1:] == ["partner_flood_ended"]

    await until(ended)
    assert await told(edge) == ["partner_floods", "partner_flood_ended"]
    metrics = (await edge.ask("/metrics")).text
    assert "ctin_partners_flooding" in metrics


def test_the_facts_of_pace_are_the_exchange_s_own():
    assert stream_of("exchange") == "EVT_EXCHANGE"
