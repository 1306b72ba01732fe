"""The posting lane: callers wait together, one writer at a time folds them into a block per ledger.

Nothing is remembered between two batches, so a PostgreSQL that dies under a batch costs its
callers a retry and the lane nothing: the next batch reads everything again.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from contracts.http.funding import TRANSFERS_MAX, TransferAnswer
from services.chassis import database, ids
from services.chassis.database import Connection
from services.chassis.errors import Unavailable
from services.chassis.log import logger
from services.chassis.service import Service
from services.funding import commands, store
from services.funding.model.book import Act

Answers = asyncio.Future[list[TransferAnswer]]
Alone = Callable[[Connection], Awaitable[None]]
AWAY = "L'écriture du grand livre est interrompue ; renvoyez les mêmes actes."


class _Caller(msgspec.Struct):
    acts: Sequence[Act]
    answers: Answers
    alone: Alone | None = None
    """What to do instead of posting, with nothing else of the ledger under way."""

    @property
    def size(self) -> int:
        """How much of the lane it takes."""
        return len(self.acts) or 1


class Lane:
    """Callers by ledger; each ledger is written by one worker at a time, in turn."""

    def __init__(self, *, transfers_max: int, ledgers_max: int) -> None:
        """Take at most `transfers_max` waiting acts, and write `ledgers_max` ledgers at once."""
        self._transfers_max, self._ledgers_max = transfers_max, ledgers_max
        self._callers: dict[str, deque[_Caller]] = {}
        self._ready: asyncio.Queue[str] = asyncio.Queue()
        self._waiting = 0

    async def post(self, coordination: str, acts: Sequence[Act]) -> list[TransferAnswer]:
        """Return the answer to each act, once what is accepted is on disk.

        Raises:
            Unavailable: too many acts wait already, or the database went away; the same acts
                may be sent again, and those recorded meanwhile are then answered `exists`.
        """
        if not acts:
            return []
        if self._waiting + len(acts) > self._transfers_max:
            raise Unavailable(f"{self._waiting} actes attendent déjà ; réessayez dans un instant.")
        return await self._enter(coordination, acts)

    async def alone(self, coordination: str, work: Alone) -> None:
        """Do `work` in its turn among the callers of a ledger, once it is on disk.

        Raises:
            Unavailable: too much waits already, or the database went away; it may be asked again.
        """
        if self._waiting >= self._transfers_max:
            raise Unavailable(f"{self._waiting} actes attendent déjà ; réessayez dans un instant.")
        await self._enter(coordination, [], work)

    async def _enter(
        self, coordination: str, acts: Sequence[Act], alone: Alone | None = None
    ) -> list[TransferAnswer]:
        answers: Answers = asyncio.get_running_loop().create_future()
        caller = _Caller(acts, answers, alone)
        self._waiting += caller.size
        callers = self._callers.get(coordination)
        if callers is None:
            callers = self._callers[coordination] = deque()
            self._ready.put_nowait(coordination)
        callers.append(caller)
        return await answers

    async def run(self, service: Service) -> None:
        """Write for ever; the callers of a writer that is stopped are told to come back."""
        async with asyncio.TaskGroup() as workers:
            for _ in range(self._ledgers_max):
                workers.create_task(self._work(service))

    async def _work(self, service: Service) -> None:
        while True:
            coordination = await self._ready.get()
            batch = self._next_batch(coordination)
            try:
                await self._serve(service, coordination, batch)
            finally:
                for caller in batch:
                    self._waiting -= caller.size
                    if not caller.answers.done():
                        caller.answers.set_exception(Unavailable(AWAY))
                if self._callers[coordination]:
                    self._ready.put_nowait(coordination)
                else:
                    del self._callers[coordination]

    def _next_batch(self, coordination: str) -> list[_Caller]:
        """Take the callers that fit in a batch, oldest first, and at least one."""
        callers, batch, size = self._callers[coordination], list[_Caller](), 0
        while callers and (not batch or size + callers[0].size <= TRANSFERS_MAX):
            if batch and callers[0].alone:
                break
            batch.append(callers.popleft())
            size += batch[-1].size
            if batch[-1].alone:
                break
        return batch

    async def _serve(self, service: Service, coordination: str, batch: list[_Caller]) -> None:
        """Post a batch and answer its callers; one that fails it is tried alone, so others pass."""
        acts = [act for caller in batch for act in caller.acts]
        try:
            if batch[0].alone:
                async with service.write() as connection:
                    await batch[0].alone(connection)
                answers = []
            else:
                answers = await _post(service, coordination, acts)
        except Exception as fault:  # noqa: BLE001  # Whatever it is, the other callers go on.
            if isinstance(fault, store.Fenced) or database.is_away(fault):
                logger().warning("lane_interrupted", coordination=coordination, fault=str(fault))
            else:
                await self._serve_apart(service, coordination, batch, fault)
        else:
            at = 0
            for caller in batch:
                if not caller.answers.done():  # It went away otherwise.
                    caller.answers.set_result(answers[at : at + len(caller.acts)])
                at += len(caller.acts)

    async def _serve_apart(
        self, service: Service, coordination: str, batch: list[_Caller], fault: Exception
    ) -> None:
        if len(batch) > 1:
            for caller in batch:
                await self._serve(service, coordination, [caller])
        elif not batch[0].answers.done():
            batch[0].answers.set_exception(fault)


async def _post(service: Service, coordination: str, acts: Sequence[Act]) -> list[TransferAnswer]:
    """Post once, and once more when another process sealed or closed something meanwhile."""
    try:
        return await _post_once(service, coordination, acts)
    except store.Fenced:
        logger().info("lane_fenced", coordination=coordination)
        return await _post_once(service, coordination, acts)


async def _post_once(
    service: Service, coordination: str, acts: Sequence[Act]
) -> list[TransferAnswer]:
    async with service.write() as connection:
        return await commands.post(connection, coordination, acts, now=ids.now(), new_id=ids.new_id)
