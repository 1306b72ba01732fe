"""Read feeds over HTTP, and prove that nothing of a subscription is missing."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec

from contracts import transport
from contracts.events.exchange.feeds import Heartbeat

GAP = "fr.ctin.exchange.gap.v1"
PAGE_MAX = 200
SECONDS_MAX = 30.0
FAILED = 400


class NotRead(Exception):
    """The exchange refused or did not answer; `away` tells that the same may pass later."""

    def __init__(self, detail: str, *, away: bool) -> None:
        """Keep the French reason."""
        super().__init__(detail)
        self.away = away


class Hole(Exception):
    """Events are missing from what was received: after which number, and before which."""

    def __init__(self, after: int, before: int) -> None:
        """Keep the numbers around it."""
        super().__init__(f"Les événements {after + 1} à {before - 1} manquent ; redemandez-les.")
        self.after, self.before = after, before


class Count:
    """Counts the stream sequences a receiver has of a subscription pulled over NATS.

    A message may come twice and keeps its stream sequence, so distinct ones are counted.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._seen: set[int] = set()

    def took(self, sequence: int) -> None:
        """Note a message of the subscription, heartbeats aside."""
        self._seen.add(sequence)

    def lacks(self, beat: Heartbeat) -> int:
        """Return how many messages the heartbeat counts that were not received yet."""
        had = sum(1 for one in self._seen if beat.start_seq <= one <= beat.through_seq)
        return max(0, beat.matching - had)


def follows(events: Sequence[Mapping[str, Any]], *, after: int) -> int:
    """Check that events follow a number without a hole, and return the last of them.

    A gap notice stands for all the numbers it names.

    Raises:
        Hole: a number is missing.
    """
    last = after
    for one in events:
        number = int(one["subseq"])
        first = int(one["data"]["from_subseq"]) if one["type"] == GAP else number
        if first > last + 1:
            raise Hole(last, first)
        last = max(last, number)
    return last


class Feeds:
    """The feeds of an institution, with its access token."""

    def __init__(self, url: str, token: str, *, ca_file: str = "") -> None:
        """Keep where the exchange is; nothing is opened before `async with`."""
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=SECONDS_MAX,
            trust_env=False,
            verify=transport.trusting(ca_file),
        )

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        await self._client.aclose()

    async def _ask(self, verb: str, path: str, **asked: Any) -> httpx.Response:
        try:
            answer = await self._client.request(verb, path, **asked)
        except httpx.HTTPError as fault:
            raise _unreached(fault) from fault
        if answer.status_code >= FAILED:
            raise _refused(answer.status_code, answer.content)
        return answer

    async def subscriptions(self) -> AsyncIterator[dict[str, Any]]:
        """Yield the subscriptions of the institution.

        Raises:
            NotRead: the exchange refused or is away.
        """
        cursor = None
        while True:
            asked: dict[str, str] = {"cursor": cursor} if cursor else {}
            page = (await self._ask("GET", "/v1/subscriptions", params=asked)).json()
            for one in page["items"]:
                yield one
            cursor = page["cursor"]
            if cursor is None:
                return

    async def events(
        self, feed: str, *, after: int | None = None, until: int | None = None
    ) -> list[dict[str, Any]]:
        """Return a page of a feed: after a number, or after what was confirmed.

        Raises:
            NotRead: the exchange refused or is away.
            Hole: what came does not follow `after`.
        """
        named = {"after": after, "until": until, "limit": PAGE_MAX}
        asked = {name: value for name, value in named.items() if value is not None}
        answer = await self._ask("GET", f"/v1/feeds/{feed}/events", params=asked)
        found: list[dict[str, Any]] = msgspec.json.decode(answer.content)
        if found and "subseq" in found[0]:
            first = int(answer.headers["ctin-acked"]) if after is None else after
            follows(found, after=first)
        return found

    async def acknowledge(self, feed: str, through: int) -> None:
        """Confirm a feed up to a number: it had its effect here."""
        await self._ask("POST", f"/v1/feeds/{feed}/ack", json={"through": through})

    async def stream(self, feed: str, *, after: int | None) -> AsyncGenerator[dict[str, Any]]:
        """Yield the events of a feed as they come, until the exchange ends the stream.

        Raises:
            NotRead: the exchange refused, ended the stream, or is away.
            Hole: what came does not follow.
        """
        headers = {} if after is None else {"Last-Event-ID": str(after)}
        path = f"/v1/feeds/{feed}/stream"
        try:
            async with self._client.stream("GET", path, headers=headers) as answer:
                if answer.status_code >= FAILED:
                    raise _refused(answer.status_code, await answer.aread())
                last = after
                async for kind, data in _told(answer.aiter_lines()):
                    if kind == "end":
                        raise NotRead(data, away=False)
                    if kind != "heartbeat":
                        event = msgspec.json.decode(data)
                        last = follows([event], after=event["subseq"] - 1 if last is None else last)
                        yield event
        except httpx.HTTPError as fault:
            raise _unreached(fault) from fault


async def _told(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str, str]]:
    """Yield kind and data of each event of a stream."""
    kind, data = "", ""
    async for line in lines:
        name, _, value = line.partition(": ")
        if name == "event":
            kind = value
        elif name == "data":
            data = value
        elif not line and data:
            yield kind, data
            kind, data = "", ""


def _unreached(fault: httpx.HTTPError) -> NotRead:
    if reason := transport.why(fault):
        return NotRead(f"On ne peut se fier à l'échange : {reason}.", away=False)
    return NotRead("L'échange ne répond pas ; relancez la commande.", away=True)


def _refused(status: int, body: bytes) -> NotRead:
    try:
        told = msgspec.json.decode(body)
        detail = str(told["detail"])
    except (msgspec.DecodeError, KeyError, TypeError):
        detail = f"L'échange répond {status}."
    return NotRead(detail, away=status == 503)  # noqa: PLR2004
