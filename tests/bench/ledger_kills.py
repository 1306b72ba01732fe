"""More than a million transfers while the service and PostgreSQL are killed at random.

Run it as `python -m tests.bench.ledger_kills [transfers]`; it takes minutes. What it checks is in
`violations`: what was answered is in the journal once, what was refused is not, nothing else is,
and an auditor that has the journal alone agrees. Its own negative control is in the suite.
"""

import asyncio
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from contracts.verify.ledger import Difference, audit
from tests.bench.ledger_rig import Rig, act
from tests.bench.raw_http import Caller

TRANSFERS = 1_200_000
CLIENTS = 8
PAUSE_SECONDS = (0.5, 2.0)
SECONDS_MAX = 1_800
COMPANIONS = frozenset({"disburse", "recall"})
_FORWARD = [
    "pledge",
    "pledge",
    "notify",
    "notify",
    "agree",
    "agree",
    "receive",
    "earmark",
    "award",
    "award",
    "commit",
    "liquidate",
    "mandate",
    "pay",
    "release",
    "withdraw_award",
]
_CITING = {
    "post": ("commit",),
    "void": ("commit",),
    "claw_back": ("pay",),
    "lapse": ("pledge", "notify", "agree", "earmark", "award", "post"),
    "carry_over": ("earmark", "award", "post"),
}


class _Named(msgspec.Struct, gc=False):
    """What is compared of a line; a block has neither."""

    id: str = ""
    kind: str = ""


_LINE = msgspec.json.Decoder(_Named)


@dataclass
class Seen:
    """What the clients were told, and what was done to the processes."""

    answers: dict[str, str] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    retries: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    ready_seconds: list[float] = field(default_factory=list)


class Client:
    """Sends random acts of all kinds, each list again until it is answered."""

    def __init__(self, rig: Rig, seen: Seen, seed: int) -> None:
        self._rig, self._seen = rig, seen
        self._random = random.Random(seed)
        self._posted: dict[str, list[str]] = {}

    async def run(self, transfers: int, size_max: int) -> None:
        """Send until `transfers` acts are answered."""
        left = transfers
        while left > 0:
            acts = [self._act() for _ in range(min(left, self._random.randint(1, size_max)))]
            for one in acts:
                one.pop("linked", None) if one is acts[-1] else None
            self._seen.sent.update(one["id"] for one in acts)
            for one, answer in zip(acts, await self._insist(acts), strict=True):
                self._seen.answers[one["id"]] = answer["status"]
                if answer["status"] != "refused":
                    self._posted.setdefault(one["kind"], []).append(one["id"])
            left -= len(acts)

    def _act(self) -> dict[str, Any]:
        draw, cents = self._random.random, self._random.choice([1, 10, 100])
        more = {"linked": True} if draw() < 0.03 else {}
        if draw() < 0.25:
            kind = self._random.choice(list(_CITING))
            cited = [one for name in _CITING[kind] for one in self._posted.get(name, ())[-50:]]
            if cited:
                name = "pending_id" if kind in {"post", "void"} else "reverses"
                if kind in {"post", "void"}:
                    return act(kind, None, **{name: self._random.choice(cited)}, **more)
                return act(kind, cents, **{name: self._random.choice(cited)}, **more)
        kind = self._random.choice(_FORWARD)
        return act(kind, cents * (1000 if kind == "pledge" else 1), **more)

    async def _insist(self, acts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        body = json.dumps(acts).encode()
        while True:
            async with Caller(self._rig.port, self._rig.keys.headers()) as caller:
                try:
                    async with asyncio.timeout(30):
                        status, told = await caller.post(self._rig.path("transfers"), body)
                except (OSError, TimeoutError):
                    status, told = 503, b""
            if status == 200:
                found: list[dict[str, Any]] = json.loads(told)
                return found
            assert status == 503, (status, told)
            self._seen.retries += 1
            await asyncio.sleep(0.1)  # What Retry-After asks, sooner.


async def _kill(
    rig: Rig, seen: Seen, stopping: asyncio.Event, *, seed: int, pause: tuple[float, float]
) -> None:
    """Kill one or the other at random until told to stop, and start it again at once."""
    chance, victims = random.Random(seed), list[str]()
    while not stopping.is_set():
        try:
            await asyncio.wait_for(stopping.wait(), chance.uniform(*pause))
        except TimeoutError:
            victims = victims or chance.sample(["service", "postgres"], 2)
            victim = victims.pop()
            seen.kills[victim] += 1
            if victim == "service":
                rig.kill_service()
                rig.start_service()
                seen.ready_seconds.append(await rig.until_live())
            else:
                rig.kill_postgres()
                await asyncio.to_thread(rig.start_postgres)


async def battle(
    rig: Rig,
    transfers: int,
    *,
    size_max: int,
    pause: tuple[float, float] = PAUSE_SECONDS,
    seed: int = 1,
) -> tuple[Seen, Path]:
    """Return what clients saw of a ledger under kills, and its journal at the end."""
    seen, stopping = Seen(), asyncio.Event()
    killing = asyncio.create_task(_kill(rig, seen, stopping, seed=seed, pause=pause))
    clients = [Client(rig, seen, seed * 1000 + number) for number in range(CLIENTS)]
    async with asyncio.timeout(SECONDS_MAX):
        await asyncio.gather(*(one.run(transfers // CLIENTS, size_max) for one in clients))
    stopping.set()
    await killing
    await rig.until_live()
    return seen, await rig.save_journal()


def violations(seen: Seen, journal: Path) -> list[str]:
    """Return what does not hold, one sentence each; nothing when all of it does."""
    found = []
    with journal.open("rb") as lines:
        audited = audit(lines)
    if isinstance(audited, Difference):
        found.append(f"line {audited.line}: {audited.detail}")
    with journal.open("rb") as lines:
        told = (_LINE.decode(line) for line in lines)
        recorded = Counter(one.id for one in told if one.id and one.kind not in COMPANIONS)
    kept = {name for name, status in seen.answers.items() if status != "refused"}
    for sentence, names in (
        ("acknowledged and lost", kept - recorded.keys()),
        ("refused and recorded", recorded.keys() & (seen.answers.keys() - kept)),
        ("recorded and never sent", recorded.keys() - seen.sent),
        ("sent and never answered", seen.sent - seen.answers.keys()),
        ("recorded twice", {name for name, times in recorded.items() if times > 1}),
    ):
        if names:
            found.append(f"{len(names)} {sentence}, as {min(names)}")
    return found


async def main(transfers: int) -> int:
    """Battle, compare and say; 1 when anything does not hold."""
    folder = Path(tempfile.mkdtemp(prefix="ctin-kills-"))
    folder.chmod(0o755)
    rig = Rig(folder)
    try:
        await rig.start()
        began = time.monotonic()
        seen, journal = await battle(rig, transfers, size_max=1_000)
        seconds = time.monotonic() - began
        found = violations(seen, journal)
        statuses = Counter(seen.answers.values())
        with journal.open("rb") as lines:
            recorded = sum(b'"type":"transfer"' in line for line in lines)
        sys.stdout.write(
            f"{len(seen.answers):,} acts answered in {seconds:.0f} s ({dict(statuses)}), "
            f"{dict(seen.kills)} kills, {seen.retries} retries, "
            f"slowest restart {max(seen.ready_seconds, default=0):.1f} s, "
            f"{recorded:,} transfers in the journal, "
            f"{len(found)} violations.\n"
        )
        sys.stdout.writelines(f"{one}\n" for one in found)
        return 1 if found else 0
    finally:
        await rig.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else TRANSFERS)))
