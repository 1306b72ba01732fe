"""Number what each feed gets, once and for good, and show what the numbers are.

The place in the stream and the last number given are one row: they move in one transaction with
the numbers themselves. So a crash anywhere leaves either all of them or none, and a range read
again is the same range.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import msgspec

from services.chassis import database, ids
from services.chassis.errors import Unavailable
from services.chassis.log import logger
from services.chassis.service import Service
from services.chassis.streams import AWAY
from services.exchange import reads
from services.exchange.commands import feeds as numbering
from services.exchange.errors.subscriptions import TooManyFollow
from services.exchange.lane.tail import READ_MAX, Reading, Tail
from services.exchange.model import pages, snapshots
from services.exchange.model import subscriptions as rules
from services.exchange.model.days import day_of
from services.exchange.model.subscriptions import Opening, Published, SubscriptionRow
from services.exchange.reads import subscriptions as looking

OPENED_SECONDS = 2.0
"""How long what agreements open is believed; their end stops deliveries within a minute."""
TOGETHER_MAX = 200
"""Feeds numbered in one transaction."""
HANDED_MAX = 64
"""Events handed over in memory to one follower; beyond, it reads them from the stream."""
RETRY_SECONDS = 0.5


class Handed(msgspec.Struct, frozen=True):
    """One event with the number it was just given."""

    subseq: int
    message: Published


class Follower:
    """Someone who waits for a feed now: an open stream, or the sender of a webhook."""

    def __init__(self) -> None:
        """Wait for nothing yet."""
        self._woken = asyncio.Event()
        self._handed: deque[Handed] = deque(maxlen=HANDED_MAX)
        self.is_stale = True
        """Whether the subscription may have changed since who follows it last read it."""

    def hand(self, numbered: Sequence[Handed]) -> None:
        """Give what was just numbered; what does not fit is read later."""
        self._handed.extend(numbered)
        self._woken.set()

    def wake(self) -> None:
        """Make it look again, at the subscription too."""
        self.is_stale = True
        self._woken.set()

    def taken(self, after: int) -> list[Handed]:
        """Return what follows a number, when it was handed over without a hole."""
        while self._handed and self._handed[0].subseq <= after:
            self._handed.popleft()
        if not self._handed or self._handed[0].subseq != after + 1:
            return []
        found = list(self._handed)
        self._handed.clear()
        return found

    def give_back(self, one: Handed) -> None:
        """Put first again what was taken and not used."""
        if len(self._handed) < HANDED_MAX:
            self._handed.appendleft(one)
        self._woken.set()

    async def wait(self, seconds: float) -> bool:
        """Return whether there is something to look at, after `seconds` at most."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True


class Feeds:
    """Every feed of this process."""

    def __init__(self, *, followers_max: int) -> None:
        """`followers_max`: streams that may be open at the same time."""
        self._followers_max = followers_max
        self._followers: dict[UUID, list[Follower]] = {}
        self._rows: dict[UUID, SubscriptionRow] = {}
        self._rung: set[UUID] = set()
        self._ringing = asyncio.Event()
        self._opened: dict[str, Opening] = {}
        self._opened_at = 0.0
        """On the clock that only goes forward; long ago means never."""
        self._service: Service | None = None
        self._tail: Tail | None = None
        self._watchers: list[asyncio.Event] = []

    @property
    def tail(self) -> Tail:
        """The stream; the service is started."""
        assert self._tail is not None, "the lane is not running"
        return self._tail

    @property
    def service(self) -> Service:
        """The service; it is started."""
        assert self._service is not None, "the lane is not running"
        return self._service

    def open(self, service: Service) -> None:
        """Stand on a service's connections; asked again, nothing changes."""
        if self._service is not service:
            self._service = service
            self._tail = Tail(service.streams, self._ring)

    async def run(self, service: Service) -> None:
        """Follow the end of the stream, and number what is waited for."""
        self.open(service)
        async with asyncio.TaskGroup() as group:
            group.create_task(self.tail.run())
            group.create_task(self._number_for_ever())

    def must_have_room(self) -> None:
        """Refuse one more open stream when there are as many as may be.

        Raises:
            TooManyFollow: there are.
        """
        if sum(map(len, self._followers.values())) >= self._followers_max:
            raise TooManyFollow(self._followers_max)

    def changed(self) -> None:
        """Tell who watches that a subscription was made, changed or ended."""
        self._opened_at = 0.0  # Its rights were just checked: older ones are no longer believed.
        for one in self._watchers:
            one.set()

    def watch(self) -> asyncio.Event:
        """Return what is set when a subscription was made, changed or ended."""
        self._watchers.append(asyncio.Event())
        return self._watchers[-1]

    async def lag(self, row: SubscriptionRow) -> int | None:
        """Return how many events are numbered and not confirmed, None where nobody confirms."""
        return None if row.channel == "nats" else row.last_subseq - row.acked

    @contextmanager
    def follow(self, row: SubscriptionRow) -> Iterator[Follower]:
        """Be told of what is numbered on a feed until the end of the block."""
        follower = Follower()
        self._followers.setdefault(row.subscription, []).append(follower)
        self._rows[row.subscription] = row
        try:
            yield follower
        finally:
            left = self._followers[row.subscription]
            left.remove(follower)
            if not left:
                del self._followers[row.subscription], self._rows[row.subscription]

    def wake(self, subscription: UUID) -> None:
        """Make the followers of a feed look at it again: its owner changed something."""
        for one in self._followers.get(subscription, []):
            one.wake()

    def _ring(self, messages: Sequence[Published]) -> None:
        places = {rules.place_of(one.subject) for one in messages} - {None}
        for subscription, row in self._rows.items():
            if any(rules.asks_for(row, place) for place in places if place is not None):
                self._rung.add(subscription)
        if self._rung:
            self._ringing.set()

    async def _number_for_ever(self) -> None:
        while True:
            await self._ringing.wait()
            self._ringing.clear()
            rung, self._rung = sorted(self._rung), set()
            try:
                for start in range(0, len(rung), TOGETHER_MAX):
                    await self.number(rung[start : start + TOGETHER_MAX])
            except (*AWAY, *database.TROUBLE) as fault:
                logger().info("numbering_waits", fault=str(fault) or type(fault).__name__)
                self._rung.update(rung)
                await asyncio.sleep(RETRY_SECONDS)
                self._ringing.set()

    async def opened(self, institution: str) -> Opening:
        """Return what agreements open to an institution today."""
        if self._opened_at + OPENED_SECONDS < time.monotonic():
            async with self.service.read() as connection:
                agreements = await reads.agreements(connection)
            today = day_of(ids.now())
            named = {one.institution for one in agreements}
            self._opened = {one: rules.opening(one, agreements, today=today) for one in named}
            self._opened_at = time.monotonic()
        return self._opened.get(institution, Opening({}))

    async def row(self, subscription: UUID) -> SubscriptionRow | None:
        """Return a subscription as it stands now, None when it is gone."""
        async with self.service.read() as connection:
            return await looking.found(connection, subscription)

    async def number(self, subscriptions: Sequence[UUID]) -> set[UUID]:
        """Number what follows on these feeds, and return those on which more waits."""
        async with self.service.read() as connection:
            rows = await looking.named(connection, subscriptions)
        now, more = ids.now(), set[UUID]()
        read: list[tuple[SubscriptionRow, Opening, Reading]] = []
        for row in rows:
            opened = await self.opened(row.institution)
            if not rules.is_deliverable(row, opened, now=now):
                continue
            reading = await self.tail.read(row.through_seq, rules.cover(row))
            read.append((row, opened, reading))
            if reading.waiting:
                more.add(row.subscription)
        first_seq = 0
        if any(not reading.at_hand for _, _, reading in read):
            first_seq, _ = await self.tail.bounds()  # After reading: what went meanwhile is seen.
        found = [_advance(*one, first_seq=first_seq) for one in read]
        found = [one for one in found if one.through_seq > one.from_seq]
        if found:
            # Numbers are no facts: unless a snapshot is asked for, nobody is woken for them.
            asks = any(one.lost for one in found)
            using = self.service.write() if asks else self.service.read()
            async with using as connection:
                done = await numbering.number(connection, found, now=now, new_id=ids.new_id)
            self._hand_over(done)
        return more

    def _hand_over(self, done: Iterable[numbering.Advanced]) -> None:
        for one in done:
            pairs = enumerate(one.messages, start=one.first_subseq)
            handed = [Handed(subseq, message) for subseq, message in pairs]
            if handed:
                for follower in self._followers.get(one.subscription, []):
                    follower.hand(handed)

    async def number_all(self, row: SubscriptionRow, *, until: int) -> SubscriptionRow:
        """Number a feed up to its end or to a number, and return it as it then stands.

        Raises:
            Unavailable: it is gone meanwhile.
        """
        while True:
            more = await self.number([row.subscription])
            fresh = await self.row(row.subscription)
            if fresh is None:
                raise Unavailable("l'abonnement vient d'être supprimé")
            if not more or fresh.last_subseq >= until:
                return fresh
            row = fresh

    async def show(self, row: SubscriptionRow, handed: Sequence[Handed]) -> list[dict[str, Any]]:
        """Return what was handed over as the feed carries it."""
        opened, now = await self.opened(row.institution), ids.now()
        return [pages.document(row, one.subseq, one.message, opened, now=now) for one in handed]

    async def page(
        self, row: SubscriptionRow, *, after: int, until: int | None = None, most: int
    ) -> list[dict[str, Any]]:
        """Return what numbers of a feed are, after one and at most up to another, in order.

        What may not be shown any more stands as a notice at its number, so that none is missing.
        """
        last = row.last_subseq if until is None else min(until, row.last_subseq)
        if after >= last:
            return []
        async with self.service.read() as connection:
            lines = await looking.deliveries(
                connection, row.subscription, after=after, until=last, most=most
            )
        messages = await self._messages(row, {one.stream_seq for one in lines})
        first_seq = 0
        if absent := {one.stream_seq for one in lines} - messages.keys():
            first_seq, _ = await self.tail.bounds()
            for seq in absent:  # A node that is behind is no proof that it is gone.
                told = await self.tail.one(seq) if seq >= first_seq else None
                if told is not None:
                    messages[seq] = told
        opened = await self.opened(row.institution)
        found = pages.page(
            row,
            lines,
            messages,
            opened,
            after=after,
            last=last if len(lines) < most else lines[-1].subseq,
            first_seq=first_seq,
            now=ids.now(),
        )
        if found.lost_through > max(row.acked, row.gap_subseq):
            lost = snapshots.lost(row, opened, snapshot=ids.new_id())
            async with self.service.write() as connection:
                await numbering.ask_snapshot(
                    connection,
                    row.subscription,
                    lost,
                    through=found.lost_through,
                    now=ids.now(),
                    new_id=ids.new_id,
                )
        return found.documents[:most]

    async def range(
        self, row: SubscriptionRow, *, after: int, until: int | None, most: int
    ) -> list[dict[str, Any]]:
        """Return what the stream holds for a subscription between two of its sequences."""
        opened = await self.opened(row.institution)
        after = max(after, row.start_seq - 1)
        shown: list[dict[str, Any]] = []
        while len(shown) < most:
            reading = await self.tail.read(after, rules.cover(row))
            for one in reading.messages:
                event = one.event()
                if until is not None and one.seq > until:
                    return shown
                if event is not None and rules.wants(row, one, opened) and len(shown) < most:
                    shown.append(rules.shown(row, event, subseq=None, seq=one.seq))
            if not reading.waiting:
                break
            after = reading.through_seq
        return shown

    async def _messages(self, row: SubscriptionRow, wanted: set[int]) -> dict[int, Published]:
        """Return messages by sequence; those the stream does not hold any more are not there."""
        found: dict[int, Published] = {}
        after, last = (min(wanted) - 1, max(wanted)) if wanted else (0, 0)
        while after < last:
            reading = await self.tail.read(
                after, rules.cover(row), most=min(READ_MAX, last - after)
            )
            found |= {one.seq: one for one in reading.messages if one.seq in wanted}
            if not reading.messages or not reading.waiting:
                break
            after = reading.messages[-1].seq
        return found


def _advance(
    row: SubscriptionRow, opened: Opening, reading: Reading, *, first_seq: int
) -> numbering.Advance:
    kept = row.channel != "nats"
    is_lost = kept and not reading.at_hand and first_seq > row.through_seq + 1
    through_seq = max(reading.through_seq, first_seq - 1) if is_lost else reading.through_seq
    return numbering.Advance(
        subscription=row.subscription,
        kept=kept,
        snapshots=row.snapshots,
        from_seq=row.through_seq,
        through_seq=through_seq,
        messages=[one for one in reading.messages if rules.wants(row, one, opened)],
        lost=snapshots.lost(row, opened, snapshot=ids.new_id()) if is_lost else None,
    )
