"""The auditor of a journal: what it sees in one whose hashes were all made again by its forger."""

import hashlib
import json

import pytest

from contracts.verify.ledger import Audited, Difference, audit
from tests.unit.funding.known import Kept


def sealed(blocks: list[list[dict]]) -> list[bytes]:
    """Return a journal of these blocks with a good chain, whatever they say."""
    lines, head = [], "0" * 64
    for seq, block in enumerate(blocks, start=1):
        written = [
            json.dumps(one, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
            for one in block
        ]
        after = hashlib.sha256(bytes.fromhex(head) + b"\n".join(written)).hexdigest()
        seal = {"type": "block", "seq": seq, "n": len(block), "prev": head, "hash": after}
        lines += [*written, json.dumps(seal).encode()]
        head = after
    return lines


@pytest.fixture
def blocks() -> list[list[dict]]:
    """A good journal, a block for each act: two payments, a recall, an award, a voided hold."""
    ledger = Kept()
    ledger.reach("paid", 100)
    ledger.reach("paid", 100)
    paid = next(one.id for one in ledger.recorded.values() if one.kind == "pay")
    ledger.must("claw_back", 40, reverses=paid)
    ledger.must("award", 30)
    ledger.must("void", None, pending_id=ledger.must("commit", 30))
    found: list[list[dict]] = [[]]
    for line in ledger.lines:
        document = json.loads(line)
        if document["type"] == "block":
            found.append([])
        else:
            found[-1].append(document)
    return found[:-1]


def of_kind(blocks: list[list[dict]], kind: str) -> dict:
    return next(one for block in blocks for one in block if one["kind"] == kind)


def test_a_good_journal_is_found_good(blocks):
    assert isinstance(audit(sealed(blocks)), Audited)


# act     | forged field  | with                                   | what the auditor says
FORGERIES = """
    notify    | amount_cents  | 101                                    | tombe à -1 centimes
    notify    | amount_cents  | 100.0                                  | pas un entier positif
    notify    | amount_cents  | true                                   | pas un entier positif
    notify    | amount_cents  | 0                                      | pas un entier positif
    notify    | debit         | "autre:promised"                       | n'est pas du fonds
    notify    | debit         | "region:notified"                      | le même compte
    notify    | credit        | "region:available"                     | ne va pas de
    notify    | credit        | "region:notified:bus"                  | est mal nommé
    notify    | kind          | "gift"                                 | ne va pas de
    notify    | phase         | "hold"                                 | n'est pas de phase
    notify    | n             | 1                                      | le rang 0 est attendu
    notify    | block         | 9                                      | le bloc 2 est attendu
    notify    | effective_on  | "2026-02-30"                           | d'un journal
    notify    | type          | "note"                                 | n'est ni un acte ni un bloc
    post      | amount_cents  | 101                                    | la réservation tient 100
    post      | credit        | "region:committed:bus:autre"           | tient d'autres comptes
    post      | pending_id    | "00000000-0000-0000-0000-000000000000" | aucune réservation
    claw_back | amount_cents  | 101                                    | 101 centimes sont
    claw_back | effective_on  | "2026-05-17"                           | avant son acte
    claw_back | reverses      | "00000000-0000-0000-0000-000000000000" | n'est pas au journal
    disburse  | amount_cents  | 99                                     | n'accompagne aucun acte
    disburse  | goes_with     | "00000000-0000-0000-0000-000000000000" | n'accompagne aucun acte
"""


@pytest.mark.parametrize("line", FORGERIES.strip().splitlines())
def test_a_forgery_under_a_good_chain_is_named(blocks, line):
    kind, field, value, said = (part.strip() for part in line.split("|"))
    of_kind(blocks, kind)[field] = json.loads(value)

    found = audit(sealed(blocks))

    assert isinstance(found, Difference)
    assert said in found.detail


@pytest.mark.parametrize("field", ["id", "fund", "amount_cents", "debit", "phase", "effective_on"])
def test_a_field_that_lacks_is_named(blocks, field):
    del of_kind(blocks, "notify")[field]

    assert audit(sealed(blocks)) == Difference(3, f"le champ '{field}' manque")


def test_a_hold_resolved_twice_is_seen(blocks):
    void = {**blocks[-1][0], "id": "another", "block": len(blocks) + 1}

    found = audit(sealed([*blocks, [void]]))

    assert "aucune réservation ouverte" in found.detail


def test_an_id_that_serves_twice_is_seen(blocks):
    again = {**blocks[0][0], "block": len(blocks) + 1}

    assert "sert deux fois" in audit(sealed([*blocks, [again]])).detail


def test_cash_that_leaves_without_a_payment_in_the_other_book_is_seen(blocks):
    received = max(n for n, block in enumerate(blocks) if block[0]["kind"] == "receive")
    stolen = {**of_kind(blocks, "disburse"), "id": "another", "block": received + 2, "n": 0}

    found = audit(sealed([*blocks[: received + 1], [stolen]]))

    assert "100 centimes payés, 200 sortis de la caisse" in found.detail


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines[2:], "le bloc 1 est attendu"),
        (lambda lines: lines[:2] + lines[4:], "le bloc 2 est attendu"),
        (lambda lines: lines[:-1], "ne sont scellées par aucun bloc"),
        (lambda lines: [lines[1], *lines], "annonce 1 lignes, 0 sont là"),
        (lambda lines: [*lines, b"{"], "n'est pas celle d'un journal"),
        (lambda lines: [*lines, b"[]"], "n'est pas celle d'un journal"),
        (lambda lines: [*lines, b"\xff"], "n'est pas celle d'un journal"),
        (lambda lines: [*lines, b""], "n'est pas celle d'un journal"),
    ],
)
def test_a_journal_cut_or_filled_is_seen(blocks, change, said):
    assert said in audit(change(sealed(blocks))).detail


def test_a_block_that_does_not_follow_the_hash_before_it_is_seen(blocks):
    lines = sealed(blocks)
    block = json.loads(lines[3])
    lines[3] = json.dumps({**block, "prev": "0" * 64}).encode()

    assert audit(lines) == Difference(
        4, f"le bloc 2 ne suit pas l'empreinte {json.loads(lines[1])['hash']}"
    )


def test_lines_written_again_by_another_program_are_the_same_journal(blocks):
    lines = [json.dumps(json.loads(line), indent=None).encode() for line in sealed(blocks)]

    assert isinstance(audit(lines), Audited)


def test_a_field_given_twice_does_not_hide_behind_its_second_value(blocks):
    lines = sealed(blocks)
    lines[0] = lines[0].replace(b"{", b'{"amount_cents":1,', 1)

    assert "deux fois le même champ" in audit(lines).detail
