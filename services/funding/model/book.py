"""A batch of acts decided in memory, in order, against what was read for it.

The same acts on the same reading give the same answers and the same movements; the database's
own guards say the same things again when they are written.
"""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

import msgspec

from contracts.http.funding import (
    Custody,
    Phase,
    TransferAnswer,
    TransferAsked,
    TransferKind,
    TransferStatus,
)
from services.funding.errors import (
    ActRefused,
    DayNotOpen,
    DecisionLacks,
    GroupRefused,
    HoldResolved,
    NotKnown,
    StageTooLow,
    TransferDiffers,
    day,
)
from services.funding.model import rules, tranches
from services.funding.model.asked import RESOLVE, differing, must_have
from services.funding.model.flows import DatedFlow, dated
from services.funding.model.kinds import (
    CASH,
    CLAWBACK_DUE,
    DISBURSE,
    KINDS,
    PAYEE,
    RECALL,
    Rule,
    account,
)
from services.funding.model.ledger import (
    Balance,
    FundTerms,
    Movement,
    Tally,
    cites,
    companion_id,
)
from services.funding.model.state import Reading, State

COMPANIONS = {
    TransferKind.PAY: (DISBURSE, CASH, PAYEE),
    TransferKind.CLAW_BACK: (RECALL, PAYEE, CLAWBACK_DUE),
}
"""What a payment and its recall move in the treasury of a pooled fund."""


class Unread(msgspec.Struct, frozen=True):
    """An act that does not follow the contract: its refusal, in the place of its group."""

    answer: TransferAnswer
    linked: bool


Act = TransferAsked | Unread


class Book:
    """The ledger as a batch sees it: each accepted act changes it for the next ones."""

    def __init__(self, reading: Reading) -> None:
        """Start from what was read."""
        self._known = reading.known
        self._closed_through = reading.closed_through
        self._state = State(reading)

    def decide(self, acts: Iterable[Act]) -> list[TransferAnswer]:
        """Return the answer to each act, in order."""
        answers: list[TransferAnswer] = []
        for group in groups(acts):
            answers += self._decide_group(group)
        return answers

    @property
    def accepted(self) -> list[Movement]:
        """What the accepted acts record, in order."""
        return self._state.accepted

    def changes(self) -> list[Balance]:
        """Return what each touched account gains, as differences."""
        return self._state.changes()

    def tally_changes(self) -> dict[Tally, int]:
        """Return what each tally gains."""
        return self._state.tally_changes()

    def flows(self) -> list[DatedFlow]:
        """Return what each day and each month gains."""
        return dated(self._state.accepted, self._state.recorded)

    def _decide_group(self, group: Sequence[Act]) -> list[TransferAnswer]:
        answers: list[TransferAnswer] = []
        self._state.begin(
            may_move_twice=len(group) > 1 or group[0].linked or _is_followed(group[0])
        )
        for act in group:
            answers.append(self._answer(act))
            if answers[-1].status is TransferStatus.REFUSED:
                break
        else:
            if not group[-1].linked:
                self._state.keep()
                return answers
            answers[-1] = _refused(
                group[-1], GroupRefused("Cet acte est lié au suivant, et aucun ne le suit.")
            )
        self._state.undo()
        culprit = answers.pop()
        because = GroupRefused(
            f"L'acte {culprit.id} du même groupe est refusé ({culprit.code}) : aucun n'est "
            "enregistré."
        )
        at = len(answers)
        return [
            culprit if index == at else _refused(act, because) for index, act in enumerate(group)
        ]

    def _answer(self, act: Act) -> TransferAnswer:
        if isinstance(act, Unread):
            return act.answer
        try:
            status = self._take(act)
        except ActRefused as refusal:
            return _refused(act, refusal)
        return TransferAnswer(id=str(act.id), status=status)

    def _take(self, act: TransferAsked) -> TransferStatus:
        """Record `act` in the book, or refuse it."""
        already = self._state.recorded.get(act.id)
        if already is not None:
            if fields := differing(act, already):
                raise TransferDiffers(act.id, fields)
            return TransferStatus.EXISTS
        rule = KINDS[act.kind]
        must_have(act, rule)
        if self._closed_through is not None and act.effective_on <= self._closed_through:
            raise DayNotOpen(
                f"Le grand livre est fermé jusqu'au {day(self._closed_through)} ; l'acte prend "
                f"effet le {day(act.effective_on)} : datez-le d'après la fermeture."
            )
        if act.kind in RESOLVE:
            self._resolve(act)
            return TransferStatus.POSTED
        assert act.fund is not None, "the table of kinds needs it"
        cents = act.amount_cents
        assert cents is not None, "the table of kinds needs it"
        fund = self._known.funds.get(act.fund)
        if fund is None:
            raise NotKnown("Le fonds", act.fund, field="fund")
        act = self._completed(act, cents, fund.fund)
        rules.check(act, cents, fund, self._known, self._state.tallies)
        movement = self._movement(act, cents, rule, fund)
        self._state.move(movement)
        companion = COMPANIONS.get(act.kind)
        if companion is not None and fund.custody == Custody.POOLED:
            self._accompany(movement, *companion)
        return TransferStatus.POSTED

    def _completed(self, act: TransferAsked, cents: int, fund: str) -> TransferAsked:
        """Return the act with what it leaves to the ledger: its award, its agreement, its line."""
        if act.kind is TransferKind.WITHDRAW_AWARD:
            return self._with_award(act, cents)
        if act.kind is TransferKind.RECEIVE and act.reverses is None:
            agreement = tranches.scheduled(act, fund, self._known.limits)
            if agreement is not None:
                return msgspec.structs.replace(act, agreement=agreement.agreement)
        cited = self._state.recorded.get(act.reverses) if act.reverses else None
        if cited is not None and cited.line is not None and act.kind is not TransferKind.RECEIVE:
            # Credits of a year that is over are not given back: it is income of the next one.
            same_year = cited.effective_on.year == act.effective_on.year
            if same_year or act.kind is not TransferKind.CLAW_BACK:
                return msgspec.structs.replace(act, line=cited.line)
        return act

    def _movement(self, act: TransferAsked, cents: int, rule: Rule, fund: FundTerms) -> Movement:
        credit = account(fund.fund, rule.credit, act)
        if rule.reverses:
            debit = self._reversed_account(act, cents, rule.reverses)
        elif act.kind is TransferKind.AWARD:
            debit = self._award_source(act, cents, fund.fund)
        elif act.kind is TransferKind.RECEIVE and act.reverses is not None:
            self._reversed_account(act, cents, frozenset({TransferKind.CLAW_BACK}))
            debit = f"{fund.fund}:{CLAWBACK_DUE}"
        else:
            debit = account(fund.fund, rule.debit, act)
        assert debit != credit, "the table of kinds moves between two stages"
        return Movement(
            act.id,
            act.kind.value,
            rule.phase.value,
            fund.fund,
            debit,
            credit,
            cents,
            act.effective_on,
            *cites(act),
        )

    def _award_source(self, act: TransferAsked, cents: int, fund: str) -> str:
        """Return the earmark of the action where it holds the amount, else what is available."""
        earmarked, available = f"{fund}:earmarked:{act.action}", f"{fund}:available"
        held = [self._state.balance(code).free_cents for code in (earmarked, available)]
        for code, free in zip((earmarked, available), held, strict=True):
            if free >= cents:
                return code
        raise StageTooLow(
            f"fléché pour « {act.action} » ou disponible",
            fund,
            held_cents=max(held),
            asked_cents=cents,
        )

    def _reversed_account(
        self, act: TransferAsked, cents: int, kinds: frozenset[TransferKind]
    ) -> str:
        """Return where the money of the cited transfer is, once the citation is found good."""
        assert act.reverses is not None, "the table of kinds needs it"
        cited = self._state.recorded.get(act.reverses)
        if cited is None or cited.fund != act.fund or cited.kind not in kinds:
            raise NotKnown(
                f"Sur le fonds « {act.fund} », l'acte à reprendre par « {act.kind} »",
                act.reverses,
                field="reverses",
            )
        if act.effective_on < cited.effective_on:
            raise DayNotOpen(
                f"L'acte repris prend effet le {day(cited.effective_on)} ; sa reprise ne peut "
                f"prendre effet avant, le {day(act.effective_on)}."
            )
        left = cited.amount_cents - self._state.reversed.get(cited.id, 0)
        if cents > left:
            raise StageTooLow(
                f"acte {cited.id}, reste à reprendre",
                cited.fund,
                held_cents=left,
                asked_cents=cents,
            )
        return cited.credit

    def _with_award(self, act: TransferAsked, cents: int) -> TransferAsked:
        """Return the withdrawal with the one award it can be about."""
        open_awards = [
            (action, opinion)
            for (fund, detail), awarded in self._state.awards.items()
            for action, _, opinion in (detail.partition("/"),)
            if fund == act.fund
            and awarded > 0
            and act.action in {None, action}
            and (act.opinion is None or str(act.opinion) == opinion)
        ]
        if not open_awards:
            raise DecisionLacks(f"Fonds « {act.fund} » : aucune attribution ne reste à retirer.")
        if len(open_awards) > 1:
            raise DecisionLacks(
                f"Fonds « {act.fund} » : {len(open_awards)} attributions peuvent être retirées ; "
                "précisez « action » et « opinion »."
            )
        ((action, opinion),) = open_awards
        awarded = self._state.awards[act.fund or "", f"{action}/{opinion}"]
        if cents > awarded:
            raise StageTooLow(
                f"attribué pour « {action} »",
                act.fund or "",
                held_cents=awarded,
                asked_cents=cents,
            )
        return msgspec.structs.replace(act, action=action, opinion=UUID(opinion))

    def _resolve(self, act: TransferAsked) -> None:
        assert act.pending_id is not None, "the table of kinds needs it"
        hold = self._state.recorded.get(act.pending_id)
        if hold is None or hold.phase != Phase.HOLD or act.fund not in {None, hold.fund}:
            raise NotKnown("La réservation", act.pending_id, field="pending_id")
        if hold.id in self._state.resolved:
            raise HoldResolved(hold.id)
        if act.effective_on < hold.effective_on:
            raise DayNotOpen(
                f"La réservation prend effet le {day(hold.effective_on)} ; sa signature ou son "
                f"annulation ne peut prendre effet avant, le {day(act.effective_on)}."
            )
        cents = hold.amount_cents if act.amount_cents is None else act.amount_cents
        if cents > hold.amount_cents or (
            act.kind is TransferKind.VOID and cents != hold.amount_cents
        ):
            raise StageTooLow(
                f"réservation {hold.id}",
                hold.fund,
                held_cents=hold.amount_cents,
                asked_cents=cents,
            )
        told = msgspec.structs.replace(act, line=hold.line)
        movement = Movement(
            act.id,
            act.kind.value,
            KINDS[act.kind].phase.value,
            hold.fund,
            hold.debit,
            hold.credit,
            cents,
            act.effective_on,
            *cites(told),
        )
        self._state.move(movement, hold)

    def _accompany(self, movement: Movement, kind: str, debit: str, credit: str) -> None:
        """Record the treasury's side of a movement of the commitments book."""
        companion = Movement(
            companion_id(movement.id),
            kind,
            Phase.SINGLE.value,
            movement.fund,
            f"{movement.fund}:{debit}",
            f"{movement.fund}:{credit}",
            movement.amount_cents,
            movement.effective_on,
            goes_with=movement.id,
        )
        if companion.id in self._state.recorded:
            raise TransferDiffers(companion.id, ["kind"])
        self._state.move(companion)


def groups(acts: Iterable[Act]) -> Iterator[list[Act]]:
    """Yield the acts in groups that pass or fail together; most are alone."""
    group: list[Act] = []
    for act in acts:
        group.append(act)
        if not act.linked:
            yield group
            group = []
    if group:
        yield group


def _is_followed(act: Act) -> bool:
    return isinstance(act, TransferAsked) and act.kind in COMPANIONS


def _refused(act: Act, refusal: ActRefused) -> TransferAnswer:
    if isinstance(act, Unread):
        return act.answer
    return TransferAnswer(
        id=str(act.id),
        status=TransferStatus.REFUSED,
        code=refusal.code,
        detail=str(refusal),
    )
