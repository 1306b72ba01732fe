"""Audit a ledger's journal: recompute its chain, its balances and its rules from the lines alone.

The tables below are written again on purpose, from the contract and not from the service: an
auditor that shared the service's code would share its mistakes.
"""

import hashlib
import json
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

_GENESIS = "0" * 64
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
_REVERSALS = ("claw_back", "lapse", "carry_over")


class Difference(NamedTuple):
    """The first thing that is not as it should be: on which line, and what, in French."""

    line: int
    detail: str


class Audited(NamedTuple):
    """What a whole journal holds when nothing differs."""

    blocks: int
    transfers: int
    head: str


class _Differs(Exception):
    """Carries the sentence of a difference to the line that shows it."""


class _Kept(NamedTuple):
    """What later lines may cite of a transfer."""

    fund: str
    kind: str
    debit: str
    credit: str
    cents: int
    day: str


class _Ledger:
    """What the lines read so far add up to."""

    def __init__(self) -> None:
        self.blocks = 0
        self.transfers = 0
        self.head = _GENESIS
        self._lines: list[bytes] = []
        self._posted: dict[str, int] = {}
        self._held: dict[str, int] = {}
        self._kept: dict[str, _Kept] = {}
        self._holds: dict[str, int] = {}
        self._reversed: dict[str, int] = {}
        self._touched: set[str] = set()
        self._staged: dict[str, int] = {}

    def transfer(self, raw: bytes, found: dict[str, Any]) -> None:
        """Take one transfer, or say what is wrong with it."""
        block, n = found["block"], found["n"]
        _must(block == self.blocks + 1, f"le bloc {self.blocks + 1} est attendu, pas {block}")
        _must(n == len(self._lines), f"le rang {len(self._lines)} est attendu, pas {n}")
        cents, kind, fund = found["amount_cents"], found["kind"], found["fund"]
        _must(type(cents) is int and cents > 0, f"le montant {cents} n'est pas un entier positif")
        _must(found["id"] not in self._kept, f"l'identifiant {found['id']} sert deux fois")
        debit, credit = found["debit"], found["credit"]
        _must(debit != credit, "débit et crédit sont le même compte")
        stages = [_stage_of(code, fund) for code in (debit, credit)]
        sources, target = _MOVES.get(kind, ((), ""))
        _must(
            stages[0] in sources and stages[1] == target,
            f"l'acte « {kind} » ne va pas de « {stages[0]} » à « {stages[1]} »",
        )
        _must(
            found["phase"] == _PHASES.get(kind, "single"),
            f"l'acte « {kind} » n'est pas de phase « {found['phase']} »",
        )
        date.fromisoformat(found["effective_on"])
        self._move(found, debit, credit, cents)
        self._cite(found, debit, cents)
        self._kept[found["id"]] = _Kept(fund, kind, debit, credit, cents, found["effective_on"])
        self._touched.add(fund)
        self._lines.append(raw)
        self.transfers += 1

    def _move(self, found: dict[str, Any], debit: str, credit: str, cents: int) -> None:
        phase = found["phase"]
        if phase == "hold":
            self._holds[found["id"]] = cents
            self._held[debit] = self._held.get(debit, 0) + cents
        elif phase in {"post", "void"}:
            hold = self._holds.pop(found["pending_id"], None)
            _must(hold is not None, f"aucune réservation ouverte {found['pending_id']}")
            assert hold is not None, "said just above"
            whole = self._kept[found["pending_id"]]
            _must(
                (whole.debit, whole.credit) == (debit, credit),
                f"la réservation {found['pending_id']} tient d'autres comptes",
            )
            _must(cents <= hold, f"la réservation tient {hold} centimes, {cents} sont repris")
            self._held[debit] -= hold
        if phase in {"single", "post"}:
            for code, change in ((debit, -cents), (credit, cents)):
                self._posted[code] = self._posted.get(code, 0) + change
                if code.split(":")[1] in _COMMITMENTS:
                    self._staged[found["fund"]] = self._staged.get(found["fund"], 0) + change
        free = self._posted.get(debit, 0) - self._held.get(debit, 0)
        _must(
            free >= 0 or debit.split(":")[1] in _CONTRA,
            f"le compte {debit} tombe à {free} centimes",
        )

    def _cite(self, found: dict[str, Any], debit: str, cents: int) -> None:
        kind = found["kind"]
        if kind in _REVERSALS or (kind == "receive" and "reverses" in found):
            whole = self._kept.get(found.get("reverses", ""))
            _must(whole is not None, f"l'acte repris {found.get('reverses')} n'est pas au journal")
            assert whole is not None, "said just above"
            done = self._reversed.get(found["reverses"], 0) + cents
            _must(
                done <= whole.cents,
                f"{done} centimes sont repris d'un acte de {whole.cents}",
            )
            _must(found["effective_on"] >= whole.day, "une reprise prend effet avant son acte")
            _must(
                kind == "receive" or whole.credit == debit,
                f"la reprise part de {debit}, l'acte repris arrivait en {whole.credit}",
            )
            self._reversed[found["reverses"]] = done
        if kind in {"disburse", "recall"}:
            whole = self._kept.get(found.get("goes_with", ""))
            _must(
                whole is not None
                and (whole.fund, whole.cents) == (found["fund"], cents)
                and whole.kind == ("pay" if kind == "disburse" else "claw_back"),
                f"l'acte « {kind} » n'accompagne aucun acte du même montant",
            )

    def block(self, number: int, found: dict[str, Any]) -> None:
        """Take line `number`, which seals the transfers before it, or say what is wrong."""
        seq = self.blocks + 1
        _must(found["seq"] == seq, f"le bloc {seq} est attendu, pas {found['seq']}")
        count = len(self._lines)
        _must(
            found["n"] == count and count > 0,
            f"le bloc {seq} annonce {found['n']} lignes, {count} sont là",
        )
        _must(found["prev"] == self.head, f"le bloc {seq} ne suit pas l'empreinte {self.head}")
        _must(
            _sealed(self.head, self._lines) == found["hash"]
            or _sealed(self.head, _canonical(self._lines)) == found["hash"],
            f"l'empreinte du bloc {seq} n'est pas celle de ses actes, "
            f"de la ligne {number - count} à la ligne {number - 1}",
        )
        for fund in sorted(self._touched):
            self._reconcile(fund)
        self.blocks, self.head = seq, found["hash"]
        self._lines.clear()
        self._touched.clear()

    def _reconcile(self, fund: str) -> None:
        """Compare what a fund was promised with its stages, and its payments with its cash."""
        promised, staged = -self._posted.get(f"{fund}:pledged", 0), self._staged.get(fund, 0)
        _must(
            promised == staged,
            f"fonds {fund} : {promised} centimes promis, {staged} dans ses étapes",
        )
        paid, out = self._posted.get(f"{fund}:paid", 0), self._posted.get(f"{fund}:payee")
        _must(
            out is None or out == paid,
            f"fonds {fund} : {paid} centimes payés, {out} sortis de la caisse",
        )

    def end(self) -> Audited:
        """Return what the journal holds, unless transfers wait for a block that never comes."""
        _must(not self._lines, f"{len(self._lines)} lignes ne sont scellées par aucun bloc")
        return Audited(self.blocks, self.transfers, self.head)


def _must(holds: object, otherwise: str) -> None:
    if not holds:
        raise _Differs(otherwise)


def _stage_of(code: str, fund: str) -> str:
    """Return the stage of an account, which is of this fund and has the parts of its stage."""
    parts = code.split(":")
    _must(parts[0] == fund, f"le compte {code} n'est pas du fonds {fund}")
    stage = parts[1] if len(parts) > 1 else ""
    _must(len(parts) == _PARTS.get(stage, 2), f"le compte {code} est mal nommé")
    return stage


def _sealed(prev: str, lines: list[bytes]) -> str:
    return hashlib.sha256(bytes.fromhex(prev) + b"\n".join(lines)).hexdigest()


def _canonical(lines: list[bytes]) -> list[bytes]:
    """Return the same lines in canonical JSON: RFC 8785, for keys in ASCII and whole numbers.

    Another program may have written them with spaces or with their keys in another order.
    """
    return [
        json.dumps(
            json.loads(line, object_pairs_hook=_once),
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        ).encode()
        for line in lines
    ]


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    _must(len(found) == len(pairs), "une ligne donne deux fois le même champ")
    return found


def audit(lines: Iterable[bytes]) -> Audited | Difference:
    """Return what a journal holds, or the first thing in it that is not as it should be.

    Args:
        lines: the export's lines in order, each with or without its line feed.
    """
    ledger, number = _Ledger(), 0
    try:
        for number, line in enumerate(lines, start=1):  # The line that differs.
            raw = line.rstrip(b"\r\n")
            found = json.loads(raw)
            if found["type"] == "transfer":
                ledger.transfer(raw, found)
            else:
                _must(found["type"] == "block", f"« {found['type']} » n'est ni un acte ni un bloc")
                ledger.block(number, found)
        return ledger.end()
    except _Differs as difference:
        return Difference(number, str(difference))
    except KeyError as missing:
        return Difference(number, f"le champ {missing} manque")
    except (ValueError, TypeError, AttributeError, IndexError) as fault:
        return Difference(number, f"la ligne n'est pas celle d'un journal ({fault})")


def main(path: str | Path) -> int:
    """Audit a file: return 0 when all of it holds, 1 with the first difference on stderr."""
    with Path(path).open("rb") as lines:
        found = audit(lines)
    if isinstance(found, Difference):
        sys.stderr.write(f"ligne {found.line} : {found.detail}.\n")
        return 1
    sys.stdout.write(
        f"Journal vérifié : {found.transfers} actes en {found.blocks} blocs, "
        f"empreinte {found.head}.\n"
    )
    return 0
