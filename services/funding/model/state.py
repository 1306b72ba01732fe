"""The ledger as a batch sees it, in memory: what an accepted act changes, and how it is undone."""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from contracts.http.funding import Phase
from services.funding.errors import StageTooLow
from services.funding.model import sums
from services.funding.model.kinds import CONTRA, place
from services.funding.model.ledger import (
    AWARDED,
    AwardTotal,
    Balance,
    Cited,
    Movement,
    References,
    Tally,
    effects,
)

_ABSENT = object()


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of the ledger for a batch."""

    balances: Iterable[Balance]
    recorded: Iterable[Movement]
    cited: Iterable[Cited]
    tallies: Mapping[Tally, int]
    awards: Iterable[AwardTotal]
    known: References
    closed_through: date | None = None
    """The last day on which nothing is effective any more."""


class State:
    """Balances, sums and transfers, changed only by `move` and only until `undo`."""

    def __init__(self, reading: Reading) -> None:
        """Start from what was read."""
        self.accepted: list[Movement] = []
        self.recorded = {one.id: one for one in reading.recorded}
        self.resolved = {one.id: True for one in reading.cited if one.resolved}
        self.reversed = {one.id: one.reversed_cents for one in reading.cited}
        self.tallies = dict(reading.tallies)
        self._tallies_before = dict(reading.tallies)
        self.awards = {(one.fund, one.detail): one.amount_cents for one in reading.awards}
        self._balances = {one.code: one for one in reading.balances}
        self._before = dict(self._balances)
        self._limits = reading.known.limits
        self._undo: list[tuple[dict[object, object], object, object]] = []
        self._mark = 0
        self._is_revocable = True

    def changes(self) -> list[Balance]:
        """Return what each touched account gains, as differences."""
        return [
            Balance(
                code,
                now.debits_pending - was.debits_pending,
                now.debits_posted - was.debits_posted,
                now.credits_pending - was.credits_pending,
                now.credits_posted - was.credits_posted,
            )
            for code, now in self._balances.items()
            if now != (was := self._before.get(code, Balance(code)))
        ]

    def tally_changes(self) -> dict[Tally, int]:
        """Return what each tally gains."""
        before = self._tallies_before
        gained = ((tally, now - before.get(tally, 0)) for tally, now in self.tallies.items())
        return dict(sorted((tally, cents) for tally, cents in gained if cents))

    def move(self, movement: Movement, hold: Movement | None = None) -> None:
        """Change the balances and sums as `movement` says, unless a stage would lack money."""
        debit, credit = self.balance(movement.debit), self.balance(movement.credit)
        cents, pending, posted = movement.amount_cents, 0, 0
        if hold is not None:
            pending = -hold.amount_cents
        elif place(movement.debit).stage not in CONTRA:
            self._must_hold(debit, movement)
        if movement.phase == Phase.HOLD:
            pending = cents
        elif movement.phase != Phase.VOID:
            posted = cents
        self._set(self._balances, debit.code, debit.debited(pending, posted))
        self._set(self._balances, credit.code, credit.credited(pending, posted))
        for tally, change in (
            *effects(movement, hold),
            *sums.effects(movement, hold, self._limits),
        ):
            self._set(self.tallies, tally, self.tallies.get(tally, 0) + change)
            if tally[1] == AWARDED:
                key = (tally[0], tally[2])
                self._set(self.awards, key, self.awards.get(key, 0) + change)
        if hold is not None:
            self._set(self.resolved, hold.id, True)  # noqa: FBT003  # A value, not an option.
        if movement.reverses is not None:
            already = self.reversed.get(movement.reverses, 0)
            self._set(self.reversed, movement.reverses, already + cents)
        self._set(self.recorded, movement.id, movement)
        self.accepted.append(movement)

    def _must_hold(self, debit: Balance, movement: Movement) -> None:
        if debit.free_cents < movement.amount_cents:
            where = place(debit.code)
            raise StageTooLow(
                where.french,
                where.fund,
                held_cents=debit.free_cents,
                asked_cents=movement.amount_cents,
            )

    def balance(self, code: str) -> Balance:
        """Return an account as it stands; one never used holds nothing."""
        return self._balances.get(code) or Balance(code)

    def begin(self, *, may_move_twice: bool) -> None:
        """Begin a group of acts; what was is noted for `undo` where it may move more than once.

        One `move` alone either does all or refuses before it does anything.
        """
        self._is_revocable = may_move_twice

    def _set(self, mapping: dict, key: object, value: object) -> None:  # type: ignore[type-arg]
        if self._is_revocable:
            self._undo.append((mapping, key, mapping.get(key, _ABSENT)))
        mapping[key] = value

    def keep(self) -> None:
        """Make what moved since the last `keep` or `undo` stay."""
        self._undo.clear()
        self._mark = len(self.accepted)

    def undo(self) -> None:
        """Take back what moved since the last `keep` or `undo`."""
        assert self._is_revocable or len(self.accepted) == self._mark, "nothing moved, or was noted"
        while self._undo:
            mapping, key, was = self._undo.pop()
            if was is _ABSENT:
                del mapping[key]
            else:
                mapping[key] = was
        del self.accepted[self._mark :]
