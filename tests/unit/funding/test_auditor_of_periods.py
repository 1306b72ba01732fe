"""The auditor of closings: what it computes again, and what it names in a forged one."""

import json
from datetime import UTC, date, datetime

import pytest

from contracts.verify.ledger import Audited, Difference, audit
from services.funding.model import flows, journal
from services.funding.model.periods import Closing
from tests.unit.funding.known import Kept

AT = datetime(2026, 7, 1, tzinfo=UTC)


def closing_lines(ledger: Kept, period: str, first: date, last: date) -> list[bytes]:
    """Return what the ledger writes when it closes a period now."""
    effective = [one for one in ledger.recorded.values() if one.effective_on <= last]
    days = [one.flow for one in flows.dated(effective, ledger.recorded) if one.span == "day"]
    kept = flows.balances(days)
    closing = Closing(period, first, last, *ledger.head, AT)
    return [
        *(journal.checkpoint_line(period, one) for one in kept),
        journal.period_line(closing, accounts=len(kept)),
    ]


@pytest.fixture
def lines() -> list[bytes]:
    """A journal with two closings: a hold open over the first, signed before the second."""
    ledger = Kept()
    may, june = date(2026, 5, 31), date(2026, 6, 30)
    ledger.reach("awarded", 100)
    hold = ledger.must("commit", 60)
    ledger.must("pledge", 7, effective_on=date(2026, 6, 2))
    told = [*ledger.lines, *closing_lines(ledger, "mai", date(2026, 5, 1), may)]
    at = len(ledger.lines)
    ledger.must("post", 40, pending_id=hold, effective_on=date(2026, 6, 3))
    told += ledger.lines[at:]
    told += closing_lines(ledger, "juin", date(2026, 6, 1), june)
    at = len(ledger.lines)
    ledger.must("pledge", 1, effective_on=date(2026, 7, 1))
    return told + ledger.lines[at:]


def place(lines: list[bytes], **fields: object) -> int:
    """Return where the first line with these fields is."""
    documents = [json.loads(line) for line in lines]
    return next(n for n, one in enumerate(documents) if fields.items() <= one.items())


def changed(lines: list[bytes], at: int, **fields: object) -> list[bytes]:
    document = {**json.loads(lines[at]), **fields}
    return [*lines[:at], json.dumps(document).encode(), *lines[at + 1 :]]


def test_closings_that_hold_are_found_good(lines):
    assert isinstance(audit(lines), Audited), audit(lines)


def test_a_reader_of_acts_and_blocks_alone_finds_the_same_journal(lines):
    known = [line for line in lines if json.loads(line)["type"] in {"transfer", "block"}]

    assert audit(known) == audit(lines)


# line                                          | forged field    | with         | what is said
FORGERIES = """
    checkpoint mai region:awarded:bus             | debits_pending  | 61           | débits réservés : 61 centimes gardés, 60 recalculés, soit +1
    checkpoint mai region:promised                | credits_posted  | 107          | crédits passés : 107 centimes gardés, 100 recalculés, soit +7
    checkpoint juin region:committed:bus:transporteur | credits_pending | 60       | crédits réservés : 60 centimes gardés, 0 recalculés
    checkpoint juin region:pledged                | debits_posted   | 0            | débits passés
    checkpoint mai region:pledged                 | account         | "region:cash" | compte region:cash, débits passés : 100 centimes gardés, 0
    checkpoint mai region:pledged                 | account         | "region:available" | est arrêté deux fois
    checkpoint mai region:pledged                 | period          | "avril"      | est arrêté pour avril, pas mai
    period mai                                    | accounts        | 5            | annonce 5 comptes
    period mai                                    | block           | 1            | scelle le bloc 1
    period mai                                    | hash            | "00"         | scelle le bloc
    period mai                                    | last_day        | "2026-02-30" | va du
    period juin                                   | first_day       | "2026-05-31" | après une fermeture au 2026-05-31
    period juin                                   | last_day        | "2026-05-31" | va du
    period juin                                   | last_day        | "2026-07-31" | prend effet le 2026-07-01, dans une période fermée
"""


@pytest.mark.parametrize("line", FORGERIES.strip().splitlines())
def test_a_forged_closing_is_named(lines, line):
    which, field, value, said = (part.strip() for part in line.split("|"))
    kind, period, *account = which.split(" ")
    wanted = {"type": kind, "period": period, **({"account": account[0]} if account else {})}

    found = audit(changed(lines, place(lines, **wanted), **{field: json.loads(value)}))

    assert isinstance(found, Difference)
    assert said in found.detail


def test_a_checkpoint_left_out_is_named(lines):
    at = place(lines, type="checkpoint", account="region:pledged", period="mai")
    sealed = place(lines, type="period", period="mai")
    count = json.loads(lines[sealed])["accounts"]
    forged = changed(lines, sealed, accounts=count - 1)

    assert "n'arrête pas le compte region:pledged" in audit(forged[:at] + forged[at + 1 :]).detail


def test_checkpoints_of_no_closing_are_seen(lines):
    last = place(lines, type="period", period="juin")

    assert "pour aucune période" in audit(lines[:last]).detail


def test_a_closing_inside_a_block_is_seen(lines):
    ledger = Kept()
    ledger.must("pledge", 1)
    inside = closing_lines(Kept(), "mai", date(2026, 5, 1), date(2026, 5, 31))

    assert "coupe un bloc" in audit([ledger.lines[0], *inside, ledger.lines[1]]).detail


def test_a_hold_that_ends_before_its_day_is_seen():
    ledger = Kept()
    ledger.reach("awarded", 100)
    hold = ledger.must("commit", 60)
    assert ledger.one("void", None, pending_id=hold, effective_on=date(2026, 5, 17)).code
    ledger.must("void", None, pending_id=hold)
    at = place(ledger.lines, kind="void")
    forged = changed(ledger.lines, at, effective_on="2026-05-17")

    assert "finit avant son jour" in audit(forged).detail


def test_money_that_is_held_does_not_leave_twice():
    ledger = Kept()
    ledger.reach("awarded", 100)
    ledger.must("commit", 60)
    assert ledger.one("withdraw_award", 41).code == "E_FUNDS"
    ledger.must("withdraw_award", 40)
    at = place(ledger.lines, kind="withdraw_award")

    forged = changed(ledger.lines, at, amount_cents=41)

    assert audit(forged) == Difference(at + 1, "le compte region:awarded:bus tombe à -1 centimes")
