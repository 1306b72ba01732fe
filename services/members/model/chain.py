"""The facts of a resolution: each linked to the one before it, within the limits of a message."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from contracts.envelope import Fact
from contracts.events.members.votes import (
    ENTRIES_MAX,
    BallotCast,
    BallotEntry,
    ProxyUsed,
    RecusalDeclared,
    ResolutionClosed,
    ResolutionOpened,
    RollContinued,
    RollEntry,
)
from services.members.model.votes import GENESIS, ResolutionRow, link

Linked = ResolutionOpened | RollContinued | RecusalDeclared | ProxyUsed | BallotCast
F = TypeVar("F", bound=Linked | ResolutionClosed)
E = TypeVar("E", RollEntry, BallotEntry)


class Chain:
    """Where the two chains of a resolution stand: its facts, and the entries inside them."""

    def __init__(self, *, step: int = 0, fact: str = GENESIS, entry: str = GENESIS) -> None:
        """Go on from what was told; by default nothing was."""
        self.step, self.fact, self.entry = step, fact, entry

    def entries(self, entries: Iterable[E]) -> list[E]:
        """Return entries with their digests, in order."""
        linked = []
        for one in entries:
            self.entry = link(self.entry, _plain(one))
            linked.append(msgspec.structs.replace(one, digest=self.entry))
        return linked

    def tell(self, fact: F) -> F:
        """Return a fact at its place: its rank, the digest before it and its own."""
        self.step += 1
        placed = msgspec.structs.replace(fact, step=self.step, prev=self.fact)
        self.fact = link(self.fact, _plain(placed))
        return msgspec.structs.replace(placed, digest=self.fact)


def chain_of(row: ResolutionRow) -> Chain:
    """Return the chain of a resolution as it stands."""
    return Chain(step=row.step, fact=row.fact_digest, entry=row.entry_digest)


def unplaced() -> dict[str, Any]:
    """Return what a fact says of its place before it has one."""
    return {"step": 1, "prev": GENESIS, "digest": GENESIS}


def parts(entries: Sequence[E], *, first_bytes_beside: int, bytes_max: int) -> Iterator[list[E]]:
    """Cut entries so that each part fits in a fact; the first shares it with other content.

    The first part may be empty: all the room of its fact was taken.
    """
    part: list[E] = []
    size = first_bytes_beside
    for one in entries:
        length = len(msgspec.json.encode(one)) + 1
        if len(part) == ENTRIES_MAX or size + length > bytes_max:
            yield part
            part, size = [], _BYTES_BESIDE
        part.append(one)
        size += length
    yield part


_BYTES_BESIDE = 1024


def _plain(one: Fact | RollEntry | BallotEntry) -> dict[str, Any]:
    """Return content as a reader of the published JSON has it."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(one))
    return found
