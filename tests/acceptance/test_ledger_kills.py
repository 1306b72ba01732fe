"""Twenty thousand acts of all kinds while the service and PostgreSQL are killed at random."""

import asyncio
import json
from collections import Counter

import pytest

from tests.bench.ledger_kills import battle, violations
from tests.bench.ledger_rig import Rig, act
from tests.bench.raw_http import Caller

TRANSFERS = 20_000


@pytest.fixture(scope="module")
async def rig(tmp_path_factory, ground):
    folder = ground / "killed-ledger"
    folder.mkdir()
    folder.chmod(0o755)
    made = Rig(folder)
    await made.start()
    yield made
    await made.stop()


async def test_nothing_acknowledged_is_lost_and_nothing_counts_twice_whatever_is_killed(rig):
    await rig.open_ledger("bataille")

    seen, journal = await battle(rig, TRANSFERS, size_max=60, pause=(0.3, 1.2))

    assert violations(seen, journal) == []
    assert len(seen.answers) == TRANSFERS
    assert seen.kills["service"]
    assert seen.kills["postgres"]
    kinds = Counter(json.loads(line).get("kind") for line in journal.read_bytes().splitlines())
    assert len(kinds) >= 15, f"a history of almost no kinds shows little: {kinds}"
    _the_comparison_sees(seen, journal)


def _the_comparison_sees(seen, journal) -> None:
    """The negative control: one loss, one double, one change, one act from nowhere are all seen."""
    lines = journal.read_bytes().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if b'"kind":"pledge"' in line)
    name = json.loads(lines[at])["id"]
    changed = lines[at].replace(b'"amount_cents":1', b'"amount_cents":2', 1)

    def sees(sentence: str, told: list[bytes]) -> bool:
        forged = journal.with_name("forged.ndjson")
        forged.write_bytes(b"".join(told))
        return any(sentence in one for one in violations(seen, forged))

    assert sees("acknowledged and lost", [*lines[:at], *lines[at + 1 :]])
    assert sees("recorded twice", [*lines[: at + 1], *lines[at:]])
    assert sees("l'empreinte", [*lines[:at], changed, *lines[at + 1 :]])
    assert sees("never sent", [*lines[:at], lines[at].replace(name.encode(), b"nobody")])
    was = seen.answers[name]
    seen.answers[name] = "refused"
    assert sees("refused and recorded", lines)
    seen.answers[name] = was


async def test_of_fifty_clients_over_http_exactly_ten_are_served_every_time(rig):
    await rig.open_ledger("cinquante")
    for _ in range(10):
        await rig.ask(
            "transfers", verb="POST", json=[act("pledge", 1_000)]
        )  # What is promised before is notified away first.
        empty = (await rig.ask("pool")).json()["stages"]["promised"]
        await rig.ask("transfers", verb="POST", json=[act("notify", empty - 1_000)])
        assert await fifty(rig) == {("posted", None): 10, ("refused", "E_FUNDS"): 40}
        assert (await rig.ask("pool")).json()["stages"]["promised"] == 0


async def fifty(rig: Rig) -> Counter[tuple[str, str | None]]:
    """Return what fifty clients were told who take 1 € each from 10 €, at the same time."""

    async def one() -> tuple[str, str | None]:
        async with Caller(rig.port, rig.keys.headers()) as caller:
            status, told = await caller.post(
                rig.path("transfers"), json.dumps([act("notify", 100)]).encode()
            )
        assert status == 200, told
        (answer,) = json.loads(told)
        return answer["status"], answer["code"]

    return Counter(await asyncio.gather(*(one() for _ in range(50))))
