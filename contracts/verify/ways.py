"""Where each kind of act may go: the tables of the contract, and each way checked once."""

import re
from datetime import date

from contracts.verify.lines import Account, TransferLine, Way, must

_STAGES = ("promised", "notified", "available", "earmarked", "awarded", "committed")
_COMMITMENTS = frozenset({*_STAGES, "liquidated", "mandated", "paid"})
_CONTRA = frozenset({"pledged", "receivable"})
_PARTS = {"earmarked": 3, "awarded": 3, "committed": 4}
_MOVES = {
    "pledge": (("pledged",), "promised"),
    "notify": (("promised",), "notified"),
    "agree": (("notified",), "available"),
    "earmark": (("available",), "earmarked"),
    "release": (("earmarked",), "available"),
    "award": (("earmarked", "available"), "awarded"),
    "withdraw_award": (("awarded",), "available"),
    "commit": (("awarded",), "committed"),
    "post": (("awarded",), "committed"),
    "void": (("awarded",), "committed"),
    "liquidate": (("committed",), "liquidated"),
    "mandate": (("liquidated",), "mandated"),
    "pay": (("mandated",), "paid"),
    "disburse": (("cash",), "payee"),
    "receive": (("receivable", "clawback_due"), "cash"),
    "claw_back": (("paid",), "available"),
    "recall": (("payee",), "clawback_due"),
    "lapse": (_STAGES, "pledged"),
    "carry_over": (("earmarked", "awarded", "committed"), "available"),
}
_PHASES = {"commit": "hold", "post": "post", "void": "void"}
_CITING = frozenset({"claw_back", "lapse", "carry_over", "disburse", "recall"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Ways:
    """The ways seen so far, their accounts, and the stages of each fund."""

    def __init__(self) -> None:
        """Start with none."""
        self.accounts: dict[str, Account] = {}
        self.stages: dict[str, list[Account]] = {}
        self._seen: dict[tuple[str, str, str, str, str], Way] = {}

    def of(self, found: TransferLine) -> Way:
        """Return the way of a transfer.

        Raises:
            Differs: the contract has no such way.
        """
        key = (found.kind, found.debit, found.credit, found.fund, found.phase)
        return self._seen.get(key) or self._new(key)

    def _new(self, key: tuple[str, str, str, str, str]) -> Way:
        kind, debit, credit, fund, phase = key
        must(debit != credit, "débit et crédit sont le même compte")
        stages = [_stage_of(code, fund) for code in (debit, credit)]
        sources, target = _MOVES.get(kind, ((), ""))
        must(
            stages[0] in sources and stages[1] == target,
            f"l'acte « {kind} » ne va pas de « {stages[0]} » à « {stages[1]} »",
        )
        must(
            phase == _PHASES.get(kind, "single"),
            f"l'acte « {kind} » n'est pas de phase « {phase} »",
        )
        self.stages.setdefault(fund, [])
        way = Way(
            fund,
            kind,
            phase,
            debit=self._account(debit, fund, stages[0]),
            credit=self._account(credit, fund, stages[1]),
            cites=kind in _CITING,
        )
        self._seen[key] = way
        return way

    def _account(self, code: str, fund: str, stage: str) -> Account:
        if code not in self.accounts:
            self.accounts[code] = Account(code, contra=stage in _CONTRA)
            if stage in _COMMITMENTS:
                self.stages[fund].append(self.accounts[code])
        return self.accounts[code]


def is_day(text: str) -> bool:
    """Tell whether a text is a day as the contract writes it, so that texts sort as days do."""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _stage_of(code: str, fund: str) -> str:
    """Return the stage of an account, which is of this fund and has the parts of its stage."""
    parts = code.split(":")
    must(parts[0] == fund, f"le compte {code} n'est pas du fonds {fund}")
    stage = parts[1] if len(parts) > 1 else ""
    must(len(parts) == _PARTS.get(stage, 2), f"le compte {code} est mal nommé")
    return stage
