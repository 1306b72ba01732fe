"""Closings of a journal, computed again from its transfers."""

from collections.abc import Mapping
from itertools import islice

from contracts.verify.lines import CheckpointLine, Kept, PeriodLine, must
from contracts.verify.ways import is_day

_SUMS = ("débits réservés", "débits passés", "crédits réservés", "crédits passés")


class Closings:
    """What is closed, what each account had then, and the transfers after it."""

    def __init__(self) -> None:
        """Start with nothing closed."""
        self.through = ""
        """The last closed day, as a text that sorts before every day while there is none."""
        self._told: dict[str, CheckpointLine] = {}
        self._sums: dict[str, list[int]] = {}
        self._read = 0
        self._later: list[Kept] = []

    def checkpoint(self, found: CheckpointLine) -> None:
        """Take an account's line, compared when its period closes."""
        must(found.account not in self._told, f"le compte {found.account} est arrêté deux fois")
        self._told[found.account] = found

    def close(self, found: PeriodLine, kept: Mapping[str, Kept]) -> None:
        """Compare a closing with what the transfers add up to.

        Raises:
            Differs: its days are not after those closed, or an account differs.
        """
        must(
            is_day(found.first_day)
            and is_day(found.last_day)
            and self.through < found.first_day <= found.last_day,
            f"la période {found.period} va du {found.first_day} au {found.last_day}, après une "
            f"fermeture au {self.through or 'premier jour'}",
        )
        self._fold(found.last_day, kept)
        must(
            found.accounts == len(self._told),
            f"la période {found.period} annonce {found.accounts} comptes, {len(self._told)} sont "
            "là",
        )
        for code in sorted(self._sums.keys() | self._told.keys()):
            self._compare(found.period, code)
        self._told.clear()
        self.through = found.last_day

    def _fold(self, last_day: str, kept: Mapping[str, Kept]) -> None:
        """Add the transfers effective by a day; the others wait for the next closing."""
        waiting, self._later = self._later, []
        unread = islice(kept.values(), self._read, None)
        self._read = len(kept)
        for part in (waiting, unread):
            for one in part:
                if one[2] <= last_day:
                    self._add(one)
                else:
                    self._later.append(one)

    def _add(self, one: Kept) -> None:
        way, cents, _, released = one
        debit = self._sums.setdefault(way.debit.code, [0, 0, 0, 0])
        credit = self._sums.setdefault(way.credit.code, [0, 0, 0, 0])
        pending = cents if way.phase == "hold" else -released
        debit[0] += pending
        credit[2] += pending
        if way.phase in {"single", "post"}:
            debit[1] += cents
            credit[3] += cents

    def _compare(self, period: str, code: str) -> None:
        told = self._told.get(code)
        must(told is not None, f"la période {period} n'arrête pas le compte {code}")
        assert told is not None, "said just above"
        must(told.period == period, f"le compte {code} est arrêté pour {told.period}, pas {period}")
        given = (
            told.debits_pending,
            told.debits_posted,
            told.credits_pending,
            told.credits_posted,
        )
        for name, found, kept in zip(_SUMS, self._sums.get(code, [0] * 4), given, strict=True):
            must(
                found == kept,
                f"période {period}, compte {code}, {name} : {kept} centimes gardés, {found} "
                f"recalculés, soit {kept - found:+} d'écart",
            )

    def end(self) -> None:
        """Say when accounts were told for a period that never closes."""
        must(not self._told, f"{len(self._told)} comptes arrêtés pour aucune période")
