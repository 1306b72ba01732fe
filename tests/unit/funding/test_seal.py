"""How a block is written, sealed and told."""

import hashlib
import json
from datetime import UTC, date, datetime
from uuid import UUID

import msgspec

from services.funding.model import journal
from services.funding.model.ledger import Movement

NOON = datetime(2026, 5, 18, 12, tzinfo=UTC)
FIRST = UUID(int=1)


def movement(number: int = 1, **changed) -> Movement:
    values = {
        "id": UUID(int=number),
        "kind": "lapse",
        "phase": "single",
        "fund": "bus",
        "debit": "bus:promised",
        "credit": "bus:pledged",
        "amount_cents": 100,
        "effective_on": date(2026, 5, 18),
        **changed,
    }
    return Movement(**values)


def test_a_line_is_canonical_json_and_leaves_out_what_is_not_said():
    line = journal.transfer_line(movement(reason="Caducité « bus » \\ 50 %"), block=7, n=0, at=NOON)

    assert line.decode() == (
        '{"amount_cents":100,"block":7,"credit":"bus:pledged","debit":"bus:promised",'
        '"effective_on":"2026-05-18","fund":"bus","id":"00000000-0000-0000-0000-000000000001",'
        '"kind":"lapse","n":0,"phase":"single","reason":"Caducité « bus » \\\\ 50 %",'
        '"recorded_at":"2026-05-18T12:00:00Z","type":"transfer"}'
    )


def test_a_block_is_sealed_over_the_hash_before_it_and_its_lines():
    movements = [movement(1), movement(2)]
    prev = hashlib.sha256(b"before").digest()

    block = journal.seal(movements, after=(4, prev), at=NOON)

    lines = [journal.transfer_line(one, block=5, n=n, at=NOON) for n, one in enumerate(movements)]
    assert (block.seq, block.n, block.prev) == (5, 2, prev)
    assert block.hash == hashlib.sha256(prev + b"\n".join(lines)).digest()
    assert json.loads(journal.block_line(block))["hash"] == block.hash.hex()


def test_a_block_of_450_transfers_is_told_in_three_facts():
    movements = [movement(number) for number in range(1, 451)]
    block = journal.seal(movements, after=(0, bytes(32)), at=NOON)

    facts = journal.facts("sicoval", block, movements, bytes_max=60_000)

    assert [len(fact.transfers) for fact in facts] == [200, 200, 50]
    assert [(fact.part, fact.parts) for fact in facts] == [(1, 3), (2, 3), (3, 3)]
    assert [told.n for fact in facts for told in fact.transfers] == list(range(450))


def test_a_fact_stays_within_a_message_however_long_the_names_are():
    long = "x" * 60
    code = f"{long}:committed:{long}:{long}"
    movements = [
        movement(number, fund=long, debit=f"{long}:awarded:{long}", credit=code)
        for number in range(1, 201)
    ]
    block = journal.seal(movements, after=(0, bytes(32)), at=NOON)

    facts = journal.facts("sicoval", block, movements, bytes_max=60_000)

    assert len(facts) > 1
    assert max(len(msgspec.json.encode(fact)) for fact in facts) <= 60_000
    assert sum(len(fact.transfers) for fact in facts) == 200
