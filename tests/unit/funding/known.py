"""A small ledger in memory: a fund, an action, an opinion and a decision, and acts on them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from contracts.http.funding import TransferAnswer, TransferAsked, TransferKind
from services.funding.model import journal, ledger
from services.funding.model.book import Act, Book
from services.funding.model.ledger import (
    AgreementTerms,
    AwardTotal,
    Balance,
    Cited,
    DecisionShare,
    FundTerms,
    Movement,
    OpinionShare,
    References,
)
from services.funding.model.state import Reading

DAY = date(2026, 5, 18)
NOON = datetime(2026, 5, 18, 12, tzinfo=UTC)
OPINION, DECISION = UUID(int=10), UUID(int=11)
FUND = FundTerms(
    fund="region",
    name="Fonds d'essai",
    funder="region-occitanie",
    custody="POOLED",
    mode="advance",
    restriction="none",
    valid_from=date(2026, 1, 1),
    valid_until=date(2028, 12, 31),
    ceiling_cents=None,
    prefinancing_limit_cents=None,
    actions=[],
)
AGREED_CENTS, VOTED_CENTS, DECIDED_CENTS = 100_000, 90_000, 80_000


def references(fund: FundTerms = FUND) -> References:
    """Return what is known: actions `bus` and `atelier`, and one of everything else."""
    opinion = [
        OpinionShare(OPINION, date(2026, 3, 19), action, fund.fund, VOTED_CENTS)
        for action in ("bus", "atelier")
    ]
    decision = [
        DecisionShare(DECISION, fund.funder, date(2026, 4, 24), action, fund.fund, DECIDED_CENTS)
        for action in ("bus", "atelier")
    ]
    agreement = AgreementTerms("convention", fund.fund, AGREED_CENTS, date(2026, 3, 6))
    return References(
        funds={fund.fund: fund},
        agreements={"convention": agreement},
        actions=frozenset({"bus", "atelier"}),
        payees=frozenset({"transporteur"}),
        opinions={OPINION: opinion},
        decisions={DECISION: decision},
    )


NEEDED: dict[str, dict[str, Any]] = {
    "agree": {"agreement": "convention"},
    "earmark": {"purpose": "bus"},
    "release": {"purpose": "bus"},
    "award": {"action": "bus", "opinion": OPINION, "funder_decision": DECISION},
    "withdraw_award": {"reason": "Action reportée"},
    "commit": {"action": "bus", "payee": "transporteur"},
    "liquidate": {"action": "bus", "payee": "transporteur", "proof": "FACTURE-1"},
    "receive": {"tranche": "acompte-1"},
    "claw_back": {"reason": "Trop-perçu"},
    "lapse": {"reason": "Caducité"},
    "carry_over": {"reason": "Report"},
}


def asked(kind: str, cents: int | None = 100, **more: Any) -> TransferAsked:
    """Return an act with what its kind needs, unless `more` says otherwise."""
    fund = None if kind in {"post", "void"} else "region"
    values = {
        "id": uuid4(),
        "fund": fund,
        "amount_cents": cents,
        "effective_on": DAY,
        **NEEDED.get(kind, {}),
        **more,
    }
    return TransferAsked(kind=TransferKind(kind), **values)


class Kept:
    """A ledger kept in memory between batches, as the database keeps it."""

    def __init__(self, fund: FundTerms = FUND) -> None:
        self.known = references(fund)
        self.balances: dict[str, Balance] = {}
        self.recorded: dict[UUID, Movement] = {}
        self.tallies: dict[ledger.Tally, int] = {}
        self.head: tuple[int, bytes] = (0, bytes(32))
        self.lines: list[bytes] = []

    def reading(self) -> Reading:
        """Return the whole ledger as a batch would read its part of it."""
        resolved = {one.pending_id for one in self.recorded.values() if one.pending_id}
        taken: dict[UUID, int] = {}
        for one in self.recorded.values():
            if one.reverses:
                taken[one.reverses] = taken.get(one.reverses, 0) + one.amount_cents
        return Reading(
            balances=list(self.balances.values()),
            recorded=list(self.recorded.values()),
            cited=[Cited(one, one in resolved, taken.get(one, 0)) for one in self.recorded],
            tallies=self.tallies,
            awards=[
                AwardTotal(fund, detail, cents)
                for (fund, what, detail), cents in self.tallies.items()
                if what == "awarded"
            ],
            known=self.known,
        )

    def post(self, acts: Iterable[Act]) -> list[TransferAnswer]:
        """Decide a batch and keep what it changes."""
        book = Book(self.reading())
        answers = book.decide(acts)
        for change in book.changes():
            was = self.balances.get(change.code, Balance(change.code))
            sums = (
                getattr(was, name) + getattr(change, name) for name in Balance.__struct_fields__[1:]
            )
            self.balances[change.code] = Balance(change.code, *sums)
        for tally, cents in book.tally_changes().items():
            self.tallies[tally] = self.tallies.get(tally, 0) + cents
        self.recorded.update((one.id, one) for one in book.accepted)
        if book.accepted:
            block = journal.seal(book.accepted, after=self.head, at=NOON)
            self.lines += [
                journal.transfer_line(one, block=block.seq, n=n, at=NOON)
                for n, one in enumerate(book.accepted)
            ]
            self.lines.append(journal.block_line(block))
            self.head = (block.seq, block.hash)
        return answers

    def one(self, kind: str, cents: int | None = 100, **more: Any) -> TransferAnswer:
        """Decide one act."""
        return self.post([asked(kind, cents, **more)])[0]

    def must(self, kind: str, cents: int | None = 100, **more: Any) -> UUID:
        """Do one act and return its id."""
        answer = self.one(kind, cents, **more)
        assert answer.status == "posted", answer
        return UUID(answer.id)

    def held(self) -> dict[str, int]:
        """Return what each account holds, those that hold nothing left out."""
        found = {
            code: one.credits_posted - one.debits_posted for code, one in self.balances.items()
        }
        return {code: cents for code, cents in found.items() if cents}

    def reach(self, stage: str, cents: int = 100) -> None:
        """Bring money to a stage by the acts before it."""
        for kind, reached in (
            ("pledge", "promised"),
            ("notify", "notified"),
            ("agree", "available"),
            ("earmark", "earmarked"),
            ("award", "awarded"),
        ):
            self.must(kind, cents)
            if reached == stage:
                return
        self.must("post", None, pending_id=self.must("commit", cents))
        self.must("receive", cents)
        for kind, reached in (
            ("", "committed"),
            ("liquidate", "liquidated"),
            ("mandate", "mandated"),
            ("pay", "paid"),
        ):
            if kind:
                self.must(kind, cents)
            if reached == stage:
                return
