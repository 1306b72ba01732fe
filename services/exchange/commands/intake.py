"""What a request of signals is worth: told once under its key, and within a partner's quota."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from contracts.http.exchange import Items
from services.chassis.database import Connection
from services.exchange.errors import KeyTaken, TooFast
from services.exchange.model import Denied, Kept
from services.exchange.model.quotas import Limits, beyond, seconds_until
from services.exchange.store import intake

KEY_HOURS = 24


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """A request under its idempotency key: whose, and the digest of what it asked."""

    institution: str
    coordination: str
    key: str
    digest: str


async def answered(connection: Connection, named: Named, *, now: datetime) -> Items | None:
    """Return the answer a request was given before, None when it is the first under its key.

    Raises:
        KeyTaken: the key stands for a request with another body.
    """
    own = {
        "institution": named.institution,
        "coordination": named.coordination,
        "key": named.key,
    }
    if await intake.open_request(connection, **own, digest=named.digest, now=now):
        return None
    row = await intake.request(connection, **own)
    if row is None or row.digest != named.digest or row.answer is None:
        raise KeyTaken(named.key)
    return msgspec.json.decode(row.answer, type=Items)


async def keep_answer(connection: Connection, named: Named, answer: Items) -> None:
    """Keep what a request is answered, for who asks again under the same key."""
    await intake.answer_request(
        connection,
        institution=named.institution,
        coordination=named.coordination,
        key=named.key,
        answer=msgspec.json.encode(answer).decode(),
    )


async def forget_requests(connection: Connection, *, now: datetime) -> None:
    """Free the idempotency keys of yesterday."""
    await intake.forget_requests(connection, before=now - timedelta(hours=KEY_HOURS))


async def take_whole(
    connection: Connection, institution: str, signals: int, limits: Limits, *, now: datetime
) -> None:
    """Count a request against what its institution may send, all or nothing.

    Raises:
        TooFast: it sends more than it may now; it says when it may.
    """
    left = await _left(connection, institution, limits, now=now)
    if signals > left:
        raise TooFast(signals, int(left), seconds_until(signals, left, limits))
    await intake.take_allowance(connection, institution, signals)


async def within(
    connection: Connection, checked: Sequence[Kept | Denied], limits: Limits, *, now: datetime
) -> list[Kept | Denied]:
    """Return signals in their order, those beyond what their institution may send denied.

    What came first is taken first; every message counts, good or not.
    """
    counts = Counter(one.raw.institution for one in checked)
    taken: dict[str, int] = {}
    for institution in sorted(counts):  # One order for every writer: none waits on another twice.
        left = await _left(connection, institution, limits, now=now)
        taken[institution] = min(counts[institution], max(0, int(left)))
        if taken[institution]:
            await intake.take_allowance(connection, institution, taken[institution])
    return beyond(checked, taken)


async def _left(
    connection: Connection, institution: str, limits: Limits, *, now: datetime
) -> float:
    return await intake.refill_allowance(
        connection,
        institution,
        per_second=limits.signals_per_second,
        most=limits.signals_at_once,
        now=now,
    )
