"""The clock and the identifiers; both are passed to commands as arguments, never called there."""

import os
import time
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

_RANDOM_BITS = 62


def now() -> datetime:
    """Return the present instant, in UTC."""
    return datetime.now(UTC)


def new_id() -> UUID:
    """Return a UUIDv7: its order follows the clock, so indexes on it stay compact.

    Source: RFC 9562, section 5.7, with microseconds in `rand_a` (method 3 of section 6.2).
    """
    micros = time.time_ns() // 1000
    millis, fraction = divmod(micros, 1000)
    random = int.from_bytes(os.urandom(8), "big") >> (64 - _RANDOM_BITS)
    value = millis << 80 | 0x7 << 76 | (fraction << 2) << 64 | 0b10 << 62 | random
    return UUID(int=value)


def from_key(caller: str, key: str) -> UUID:
    """Return the one identifier that `caller`'s idempotency key stands for.

    A retried request so names the same thing, and the command finds it already done.
    """
    return uuid5(NAMESPACE_URL, f"urn:ctin:idempotency:{caller}:{key}")
