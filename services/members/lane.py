"""The ballot lane: ballots that wait for one resolution are taken together, in one transaction.

Nothing is remembered between two batches: a PostgreSQL that dies under a batch costs its callers a
retry, and their ballots' ids make it free.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from uuid import UUID

import msgspec

from services.chassis import database, ids
from services.chassis.errors import Refusal, Unavailable
from services.chassis.log import logger
from services.chassis.service import Service
from services.members.commands import ballots, closing
from services.members.model.box import AskedBallot, Taken
from services.members.reads import votes

Answers = asyncio.Future[list[Taken | Refusal]]
WAITING_MAX = 20_000
BATCH_MAX = 1_000
WORKERS = 3
OVERDUE_SECONDS = 1.0
OVERDUE_MAX = 20
AWAY = "La réception des bulletins est interrompue ; renvoyez les mêmes."


class _Caller(msgspec.Struct):
    asked: Sequence[AskedBallot]
    answers: Answers


class Lane:
    """Callers by resolution; each resolution is written by one worker at a time, in turn."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._callers: dict[UUID, deque[_Caller]] = {}
        self._ready: asyncio.Queue[UUID] = asyncio.Queue()
        self._waiting = 0

    async def cast(
        self, resolution_id: UUID, asked: Sequence[AskedBallot]
    ) -> list[Taken | Refusal]:
        """Return the answer to each ballot, once what is taken is on disk.

        Raises:
            NoSuchResolution: there is none of this id.
            Unavailable: too many ballots wait already, or the database went away; the same
                ballots may be sent again.
        """
        if self._waiting + len(asked) > WAITING_MAX:
            raise Unavailable(f"{self._waiting} bulletins attendent déjà ; réessayez bientôt.")
        answers: Answers = asyncio.get_running_loop().create_future()
        self._waiting += len(asked)
        callers = self._callers.get(resolution_id)
        if callers is None:
            callers = self._callers[resolution_id] = deque()
            self._ready.put_nowait(resolution_id)
        callers.append(_Caller(asked, answers))
        return await answers

    async def run(self, service: Service) -> None:
        """Take ballots for ever, and close the votes whose hour is past."""
        async with asyncio.TaskGroup() as workers:
            for _ in range(WORKERS):
                workers.create_task(self._work(service))
            workers.create_task(_close_overdue(service))

    async def _work(self, service: Service) -> None:
        while True:
            resolution_id = await self._ready.get()
            batch = self._next_batch(resolution_id)
            try:
                await _serve(service, resolution_id, batch)
            finally:
                for caller in batch:
                    self._waiting -= len(caller.asked)
                    if not caller.answers.done():
                        caller.answers.set_exception(Unavailable(AWAY))
                if self._callers[resolution_id]:
                    self._ready.put_nowait(resolution_id)
                else:
                    del self._callers[resolution_id]

    def _next_batch(self, resolution_id: UUID) -> list[_Caller]:
        """Take the callers that fit in a batch, oldest first, and at least one."""
        callers, batch, size = self._callers[resolution_id], list[_Caller](), 0
        while callers and (not batch or size + len(callers[0].asked) <= BATCH_MAX):
            batch.append(callers.popleft())
            size += len(batch[-1].asked)
        return batch


async def _serve(service: Service, resolution_id: UUID, batch: list[_Caller]) -> None:
    """Take a batch and answer its callers; one that fails it is tried alone, so others pass."""
    asked = [one for caller in batch for one in caller.asked]
    try:
        async with service.write() as connection:
            answers = await ballots.cast_ballots(
                connection, resolution_id, asked, new_id=ids.new_id
            )
    except Exception as fault:  # noqa: BLE001  # Whatever it is, the other callers go on.
        if database.is_away(fault):
            logger().warning("ballots_interrupted", resolution=str(resolution_id))
        elif len(batch) > 1 and not isinstance(fault, Refusal):
            for caller in batch:
                await _serve(service, resolution_id, [caller])
        else:
            for caller in batch:
                if not caller.answers.done():
                    caller.answers.set_exception(fault)
        return
    at = 0
    for caller in batch:
        if not caller.answers.done():  # It went away otherwise.
            caller.answers.set_result(answers[at : at + len(caller.asked)])
        at += len(caller.asked)


async def _close_overdue(service: Service) -> None:
    """Close, for ever, the votes whose hour is past; what is away is waited for."""
    trouble = ""
    while True:
        try:
            async with service.read() as connection:
                overdue = await votes.overdue(connection, OVERDUE_MAX)
            for resolution_id in overdue:
                async with service.write() as connection:
                    await closing.close_resolution(connection, resolution_id, new_id=ids.new_id)
        except Exception as fault:  # noqa: BLE001  # Whatever it is, it is said and tried again.
            if trouble != type(fault).__name__:
                trouble = type(fault).__name__
                logger().warning("votes_not_closed", fault=trouble)
        else:
            trouble = ""
        await asyncio.sleep(OVERDUE_SECONDS)
