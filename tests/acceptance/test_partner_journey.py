"""A stranger's own programs, in Python, JavaScript and curl, follow the diagnostic by every channel.

From the code of an invitation to four live subscriptions; stopped for a while, each goes on and
proves to itself that nothing is missing; the end of the agreement ends them all.
"""

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from contracts.partner import joining
from contracts.partner.credentials import load
from tests.acceptance.conftest import Stack, free_port_base, run_ctin, until
from tests.acceptance.test_joining import UPDATED, count, live, publish, sign, status, token_of
from tests.conftest import NODE, ROOT

PROGRAMS = ROOT / "tests" / "acceptance" / "partners"
CURL = ("-sS", "--noproxy", "*", "--max-time", "20", "-H", "Content-Type: application/json")
SENT = 6
CUT_SECONDS_MAX = 60


@pytest.fixture(scope="module")
def open_stack(ground: Path) -> Iterator[Stack]:
    """A stack whose webhooks may reach this machine."""
    environment = {"EXCHANGE_WEBHOOKS_TO_LOOPBACK": "true"}
    one = Stack(ground / "journey", base=free_port_base(), environment=environment)
    one.start()
    yield one
    one.stop()


def curl(*arguments: str, token: str | None = None) -> subprocess.CompletedProcess[str]:
    program = shutil.which("curl")
    if program is None:
        pytest.skip("curl is not on this machine")
    bearer = ["-H", f"Authorization: Bearer {token}"] if token else []
    return subprocess.run(
        [program, *CURL, *bearer, *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Stranger:
    """Knows the partner guide, and what it was answered."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.stack, self.folder = stack, folder
        self.exchange = stack.ready["services"]["exchange"]
        self.port, self.agreement = free_port(), str(uuid4())
        self.subscriptions: dict[str, dict[str, Any]] = {}
        self.running: list[subprocess.Popen[bytes]] = []

    def join(self) -> None:
        """Register with a code, show that all works in the sandbox, and go live by an agreement."""
        slug = f"inst-{uuid4().hex[:10]}"
        asked = {"institution": slug, "name": "Institution (fictive)"}
        invited = self.stack.ask("exchange", "/v1/invitations", verb="POST", json=asked)
        credentials = ["--credentials", str(self.folder)]
        done = run_ctin(
            *("partner", "register", *credentials, "--exchange", self.exchange, "--code", "-"),
            text=invited.json()["code"] + "\n",
        )
        assert done.returncode == 0, done.stderr
        token = token_of(self.folder)
        until(lambda: status(self.folder, token)["access"]["in_force"])
        done = run_ctin("partner", "conformance", *credentials)
        assert done.returncode == 0, done.stdout + done.stderr
        self.there = live(self.folder)
        sign(self.stack, slug, self.agreement)
        until(lambda: status(self.folder, token)["access"]["live"])
        until(lambda: status(self.folder, token)["access"]["in_force"])
        self.token = token_of(self.there)
        self.token_file = self.folder / "token"
        self.token_file.write_text(self.token)

    def subscribe(self, channel: str, **more: object) -> None:
        body = {"channel": channel, "coordinations": ["sicoval"], "types": [UPDATED], **more}
        done = curl(
            *("-d", json.dumps(body), f"{self.exchange}/v1/subscriptions"), token=self.token
        )
        found = json.loads(done.stdout)
        assert found.get("channel") == channel, done.stdout
        self.subscriptions[channel] = found

    def log(self, channel: str) -> Path:
        return self.folder / f"{channel}.log"

    def start(self) -> None:
        """Start the three programs that follow by themselves."""
        sse = f"{self.exchange}/v1/feeds/{self.subscriptions['sse']['id']}/stream"
        secret, durable = self.folder / "secret", self.subscriptions["nats"]["durable"]
        commands = [
            [sys.executable, str(PROGRAMS / "webhook.py"), str(self.port), str(secret)],
            [NODE, str(PROGRAMS / "feed.mjs"), sse, str(self.token_file)],
            [sys.executable, str(PROGRAMS / "pull.py"), str(self.there), durable],
        ]
        for channel, command in zip(("webhook", "sse", "nats"), commands, strict=True):
            self.running.append(subprocess.Popen([*command, str(self.log(channel))]))

    def listens(self) -> bool:
        """Tell whether the receiver of webhooks takes connections."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        for one in self.running:
            one.kill()
            one.wait()
        self.running.clear()

    def got(self, channel: str) -> list[tuple[int, str]]:
        """Number and id of each event a program wrote, in order."""
        if not self.log(channel).exists():
            return []
        rows = [line.split() for line in self.log(channel).read_text().splitlines()]
        return [(int(row[0]), row[1]) for row in rows if row[0] != "complete"]

    def pull(self) -> list[tuple[int, str]]:
        """Read the rest of the feed with curl, confirm it, and return all that it ever gave."""
        feed = f"{self.exchange}/v1/feeds/{self.subscriptions['http']['id']}"
        with self.log("http").open("a") as log:
            page = json.loads(curl(f"{feed}/events?limit=200", token=self.token).stdout)
            log.writelines(f"{one['subseq']} {one['id']}\n" for one in page)
        if page:
            through = json.dumps({"through": page[-1]["subseq"]})
            curl("-d", through, f"{feed}/ack", token=self.token)
        return self.got("http")

    def send(self) -> None:
        """Publish counts that change the diagnostic."""
        for commune in ("31446", "31113") * (SENT // 2):
            done = publish(self.there, count(self.agreement, commune))
            assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def stranger(open_stack, tmp_path_factory) -> Iterator[Stranger]:
    one = Stranger(open_stack, tmp_path_factory.mktemp("journey"))
    yield one
    one.stop()


def complete(stranger: Stranger) -> dict[str, list[tuple[int, str]]] | None:
    """Return what each channel gave once all gave the same, None before."""
    found = {channel: stranger.got(channel) for channel in ("webhook", "sse", "nats")}
    found["http"] = stranger.pull()
    ids = [[name for _, name in dict(rows).items()] for rows in found.values()]
    return found if ids[0] and all(sorted(one) == sorted(ids[0]) for one in ids) else None


def dense(rows: list[tuple[int, str]]) -> bool:
    """Tell whether the numbers go from 1 without a hole."""
    numbers = sorted({number for number, _ in rows})
    return numbers == list(range(1, len(numbers) + 1))


def proven(stranger: Stranger, events: int) -> bool:
    """Tell whether a heartbeat over NATS said as many events as came."""
    lines = stranger.log("nats").read_text().splitlines()
    return any(line.split()[::2] == ["complete", str(events)] for line in lines)


def test_a_stranger_follows_by_every_channel_and_proves_that_nothing_is_missing(stranger):
    stranger.join()
    for channel in ("nats", "http", "sse"):
        stranger.subscribe(channel)
    stranger.start()
    stranger.subscribe("webhook", url=f"http://127.0.0.1:{stranger.port}/in")
    (stranger.folder / "secret").write_text(stranger.subscriptions["webhook"]["secret"])
    state = f"/v1/subscriptions/{stranger.subscriptions['webhook']['id']}"

    def look() -> dict[str, Any]:
        return json.loads(curl(f"{stranger.exchange}{state}", token=stranger.token).stdout)

    until(lambda: look()["status"] == "active")

    stranger.send()
    before = until(lambda: (found := complete(stranger)) and len(found["http"]) >= SENT and found)
    stranger.stop()
    stranger.send()  # Nobody listens meanwhile.
    until(lambda: look()["failed"] >= 1)
    stranger.start()
    until(stranger.listens)
    resumed = json.dumps({"paused": False})  # Rather than wait for the table of attempts.
    curl("-X", "PATCH", "-d", resumed, f"{stranger.exchange}{state}", token=stranger.token)
    longer = len(before["http"]) + SENT
    after = until(lambda: (found := complete(stranger)) and len(found["http"]) >= longer and found)

    for channel in ("http", "sse", "webhook"):
        assert dense(after[channel]), channel
        assert after[channel][: len(before[channel])] == before[channel]
    assert not dense(after["http"][1:])  # What a hole would look like.
    until(lambda: proven(stranger, len(dict(after["nats"]))), CUT_SECONDS_MAX)
    confined(stranger)
    cut(stranger)


def confined(stranger: Stranger) -> None:
    """Nothing that the agreement does not say is open."""
    elsewhere = {"channel": "http", "coordinations": ["ailleurs"], "types": [UPDATED]}
    other = {"channel": "http", "coordinations": ["sicoval"]}
    other["types"] = ["fr.ctin.members.opinion_adopted.v1"]
    url = f"{stranger.exchange}/v1/subscriptions"
    for body in (elsewhere, other):
        answer = json.loads(curl("-d", json.dumps(body), url, token=stranger.token).stdout)
        assert answer["status"] in {403, 404, 422}, answer
    done = publish(stranger.there, count(str(uuid4())))
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["code"] for one in told if one["status"] == "refused"] == ["E_AGREEMENT"]


def cut(stranger: Stranger) -> None:
    """The end of the agreement ends every channel."""
    path, why = f"/v1/agreements/{stranger.agreement}/end", {"reason": "Fin (fictive)"}
    assert stranger.stack.ask("members", path, verb="POST", json=why).is_success
    feed = f"{stranger.exchange}/v1/feeds/{stranger.subscriptions['http']['id']}/events"
    headers = {"Authorization": f"Bearer {stranger.token}"}
    until(lambda: httpx.get(feed, headers=headers).status_code == 403, CUT_SECONDS_MAX)
    javascript = stranger.running[1]
    with suppress(subprocess.TimeoutExpired):
        javascript.wait(CUT_SECONDS_MAX)
    assert javascript.returncode == 0
    until(lambda: publish(stranger.there, count(stranger.agreement)).returncode == 1)

    def closed() -> bool:
        try:
            return not joining.token(load(stranger.there))
        except joining.NotJoined:
            return True

    until(closed, CUT_SECONDS_MAX)
