"""Any process may be killed while signals flow: nothing is lost and nothing counts twice."""

import asyncio
import csv
import os
import signal
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from contracts.envelope import Event
from contracts.partner import credentials
from contracts.partner.client import NotKept, Partner
from tests.acceptance.conftest import Stack, free_port_base, until
from tests.bench.feed import events
from tests.conftest import ROOT

SIGNALS = 6_000
SLICE = 30
PAUSE_SECONDS = 0.12
"""Between slices, so that signals flow through every kill."""
BUSY = ("exchange", "diagnostics", "nats", "postgres")
VICTIMS = (*BUSY * 3, "members", "funding", "roadmap", "portal")
SETTLE_SECONDS_MAX = 90

Totals = dict[str, tuple[int, int]]
"""Sum and number of cells by commune."""


@pytest.fixture(scope="module")
def battered(ground: Path) -> Iterator[Stack]:
    one = Stack(ground / "battered", base=free_port_base())
    one.start()
    yield one
    one.stop()


def communes() -> list[str]:
    with (ROOT / "infra/demo/sicoval_communes.csv").open(encoding="utf-8", newline="") as file:
        return [row["code"] for row in csv.DictReader(file)]


def expected_of(sent: list[Event]) -> Totals:
    found: Totals = defaultdict(lambda: (0, 0))
    for event in sent:
        data = msgspec.json.decode(event.data)
        total, parts = found[data["area_code"]]
        found[data["area_code"]] = (total + data["count"], parts + 1)
    return dict(found)


def shown_by(areas: dict[str, dict], sent: list[Event]) -> Totals:
    """What the figures of these periods say, by commune."""
    periods = {msgspec.json.decode(event.data)["period"] for event in sent}
    found: Totals = {}
    for code, area in areas.items():
        figures = [
            one
            for one in area["exposures"]
            if one["institution"] == "cpam-31" and one["period"] in periods and one["known_parts"]
        ]
        if figures:
            total = sum(one["known"] for one in figures)
            found[code] = (total, sum(one["known_parts"] for one in figures))
    return found


async def send_all(stack: Stack, sent: list[Event]) -> int:
    """Send every slice until it is kept, as a partner's program does; return the resends."""
    own = credentials.load(stack.institution("cpam-31"))
    resent, start = 0, 0
    while start < len(sent):
        try:
            async with Partner(own) as partner:
                while start < len(sent):
                    await partner.publish(sent[start : start + SLICE])
                    start += SLICE
                    await asyncio.sleep(PAUSE_SECONDS)
        except NotKept:
            resent += 1
            await asyncio.sleep(0.2)
    return resent


def key_of(figure: dict) -> tuple[str, ...]:
    named = ("institution", "measure", "period", "unit", "grid")
    return (*(figure[name] for name in named), str(sorted(figure["breakdown"].items())))


async def follow(stack: Stack, kept: dict[str, dict[tuple, tuple[int, dict]]]) -> None:
    """Follow as La Poste does: each figure stays as the highest sequence told it."""
    own = credentials.load(stack.institution("la-poste"))
    while True:
        try:
            async with Partner(own) as partner:
                while True:
                    for event, sequence, message in await partner.read(
                        own.durables.updates, seconds=1.0
                    ):
                        data = msgspec.json.decode(event.data)
                        mine = kept.setdefault(data["commune"], {})
                        for figure in data["exposures"]:
                            if sequence > mine.get(key_of(figure), (0, {}))[0]:
                                mine[key_of(figure)] = (sequence, figure)
                        await partner.done(message)
        except (NotKept, OSError):
            await asyncio.sleep(0.2)


async def kill_each(stack: Stack) -> dict[str, int]:
    """Kill each in turn, the busy ones most, each after the one before runs again."""
    for name in VICTIMS:
        before = (await asyncio.to_thread(stack.processes))[name]
        os.kill(before["pid"], signal.SIGKILL)

        def back(name=name, before=before):
            found = stack.processes()[name]
            return found["restarts"] > before["restarts"] and found["pid"]

        await asyncio.to_thread(until, back)
    return {name: one["restarts"] for name, one in stack.processes().items()}


async def test_killing_any_process_loses_nothing_and_doubles_nothing(battered: Stack):
    sent = events(SIGNALS, communes())
    expected = expected_of(sent)
    kept: dict[str, dict[tuple, tuple[int, dict]]] = {}
    following = asyncio.create_task(follow(battered, kept))
    sending = asyncio.create_task(send_all(battered, sent))
    restarts = await kill_each(battered)
    await sending
    assert all(restarts[name] >= 1 for name in VICTIMS)

    def settled():
        processes = battered.processes()
        ready = all(one["health"]["status"] in {"ready", "running"} for one in processes.values())
        try:
            areas = {code: battered.area(code) for code in expected}
        except (AssertionError, OSError):
            return False
        return ready and shown_by(areas, sent) == expected

    await asyncio.to_thread(until, settled, SETTLE_SECONDS_MAX)

    def followed():
        areas = {
            code: {"exposures": [figure for _, figure in mine.values()]}
            for code, mine in kept.items()
        }
        return shown_by(areas, sent) == expected

    await asyncio.to_thread(until, followed, SETTLE_SECONDS_MAX)
    following.cancel()
    for event in sent[:: SIGNALS // 40]:
        signal_id = msgspec.json.decode(event.data)["signal_id"]
        path = f"/v1/coordinations/sicoval/signals/{signal_id}"
        assert battered.ask("exchange", path).json()["status"] == "accepted"
    pool = battered.ask("funding", "/v1/coordinations/sicoval/pool").json()
    assert pool["left"] == 4_066_667


def test_the_comparison_would_see_one_signal_lost_or_doubled():
    """The negative control of the test above: its measure is exact to one cell."""
    sent = events(100, communes())
    expected = expected_of(sent)
    figures = [
        {
            "institution": "cpam-31",
            "period": data["period"],
            "known": data["count"],
            "known_parts": 1,
            "area": data["area_code"],
        }
        for data in (msgspec.json.decode(event.data) for event in sent)
    ]

    def areas(told):
        found = {one["area"]: {"exposures": []} for one in told}
        for one in told:
            found[one["area"]]["exposures"].append(one)
        return found

    assert shown_by(areas(figures), sent) == expected
    assert shown_by(areas(figures[1:]), sent) != expected
    assert shown_by(areas([*figures, figures[0]]), sent) != expected
