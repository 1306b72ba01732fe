"""How transfers are written in the journal, sealed in a block and told to the other services."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec

from contracts.events.funding import BlockPosted, PostedTransfer
from contracts.http.funding import JournalBlock, JournalTransfer, Phase
from contracts.http.funding.periods import JournalCheckpoint, JournalPeriod
from services.funding.model.ledger import CITES, Balance, Movement, cites
from services.funding.model.periods import Closing

# Sorted keys without spaces are RFC 8785 here: keys are ASCII, numbers whole and below 2**53.
_CANONICAL = msgspec.json.Encoder(order="sorted")
_PLAIN = msgspec.json.Encoder()
_PHASES = {phase.value: phase for phase in Phase}
TRANSFERS_PER_FACT = 200
_FACT_BYTES_BESIDE = 1024


class Block(msgspec.Struct, frozen=True):
    """A block of the chain: `n` transfers, sealed at an instant over the hash before it."""

    seq: int
    n: int
    prev: bytes
    hash: bytes
    at: datetime


class JournalRow(msgspec.Struct, frozen=True):
    """A transfer at its place in its block."""

    movement: Movement
    n: int
    block: Block


def transfer_line(movement: Movement, *, block: int, n: int, at: datetime) -> bytes:
    """Return the journal's line for a transfer, without a line feed."""
    return _CANONICAL.encode(
        JournalTransfer(
            block=block,
            n=n,
            id=movement.id,
            kind=movement.kind,
            phase=_PHASES[movement.phase],
            fund=movement.fund,
            debit=movement.debit,
            credit=movement.credit,
            amount_cents=movement.amount_cents,
            effective_on=movement.effective_on,
            recorded_at=at,
            goes_with=movement.goes_with,
            **{
                name: cited
                for name, cited in zip(CITES, cites(movement), strict=True)
                if cited is not None
            },
        )
    )


def block_line(block: Block) -> bytes:
    """Return the journal's line for a block, without a line feed."""
    return _CANONICAL.encode(
        JournalBlock(
            seq=block.seq, n=block.n, prev=block.prev.hex(), hash=block.hash.hex(), at=block.at
        )
    )


def checkpoint_line(period: str, balance: Balance) -> bytes:
    """Return the line for an account at the end of a closed period, without a line feed."""
    return _CANONICAL.encode(
        JournalCheckpoint(
            period=period,
            account=balance.code,
            debits_pending=balance.debits_pending,
            debits_posted=balance.debits_posted,
            credits_pending=balance.credits_pending,
            credits_posted=balance.credits_posted,
        )
    )


def period_line(closing: Closing, *, accounts: int) -> bytes:
    """Return the line for a closed period, without a line feed; its accounts go before it."""
    return _CANONICAL.encode(
        JournalPeriod(
            period=closing.period,
            first_day=closing.first_day,
            last_day=closing.last_day,
            block=closing.seq,
            hash=closing.hash.hex(),
            accounts=accounts,
            closed_at=closing.at,
        )
    )


def seal(movements: Sequence[Movement], *, after: tuple[int, bytes], at: datetime) -> Block:
    """Return the block of `movements`; `after` is the number and hash of the one before."""
    assert movements, "a block holds at least one transfer"
    before, prev = after
    lines = [transfer_line(one, block=before + 1, n=n, at=at) for n, one in enumerate(movements)]
    sealed = hashlib.sha256(prev + b"\n".join(lines)).digest()
    return Block(before + 1, len(movements), prev, sealed, at)


def facts(
    coordination: str, block: Block, movements: Sequence[Movement], *, bytes_max: int
) -> list[BlockPosted]:
    """Return the facts that tell of a block, each within the limits of a message."""
    parts: list[list[PostedTransfer]] = [[]]
    size = _FACT_BYTES_BESIDE
    for n, one in enumerate(movements):
        told = PostedTransfer(
            id=one.id,
            n=n,
            kind=one.kind,
            fund=one.fund,
            debit=one.debit,
            credit=one.credit,
            amount_cents=one.amount_cents,
            effective_on=one.effective_on,
        )
        length = len(_PLAIN.encode(told)) + 1
        if len(parts[-1]) == TRANSFERS_PER_FACT or size + length > bytes_max:
            parts.append([])
            size = _FACT_BYTES_BESIDE
        parts[-1].append(told)
        size += length
    return [
        BlockPosted(
            coordination=coordination,
            block=block.seq,
            part=number,
            parts=len(parts),
            previous=block.prev.hex(),
            hash=block.hash.hex(),
            posted_at=block.at,
            transfers=part,
        )
        for number, part in enumerate(parts, start=1)
    ]
