"""Audit a ledger's journal: recompute its chain, its balances and its rules from the lines alone.

The tables below are written again on purpose, from the contract and not from the service: an
auditor that shared the service's code would share its mistakes.
"""

import gc
import hashlib
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from contracts.verify.lines import (
    Account,
    BlockLine,
    CheckpointLine,
    Differs,
    Kept,
    Line,
    PeriodLine,
    TransferLine,
    Way,
    must,
)
from contracts.verify.periods import Closings
from contracts.verify.ways import Ways, is_day

_GENESIS = "0" * 64
_TRANSFER_END = b'"type":"transfer"}'
_REVERSALS = frozenset({"claw_back", "lapse", "carry_over"})
_COMPANIONS = {"disburse": "pay", "recall": "claw_back"}
_MISSING = re.compile(r"missing required field `(\w+)`")
_TRANSFER = msgspec.json.Decoder(TransferLine)
_LINE = msgspec.json.Decoder(Line)
_OTHERS: dict[str, msgspec.json.Decoder[TransferLine | BlockLine | CheckpointLine | PeriodLine]] = {
    "transfer": msgspec.json.Decoder(TransferLine),
    "block": msgspec.json.Decoder(BlockLine),
    "checkpoint": msgspec.json.Decoder(CheckpointLine),
    "period": msgspec.json.Decoder(PeriodLine),
}


class Difference(NamedTuple):
    """The first thing that is not as it should be: on which line, and what, in French."""

    line: int
    detail: str


class Audited(NamedTuple):
    """What a whole journal holds when nothing differs."""

    blocks: int
    transfers: int
    head: str


class _Ledger:
    """What the lines read so far add up to."""

    def __init__(self) -> None:
        self.blocks = 0
        self.head = _GENESIS
        self._lines: list[bytes] = []
        self._ways = Ways()
        self._kept: dict[str, Kept] = {}
        self._days: dict[str, str] = {}
        self._holds: dict[str, int] = {}
        self._reversed: dict[str, int] = {}
        self._touched: set[str] = set()
        self._closings = Closings()

    def transfer(self, raw: bytes, found: TransferLine) -> None:
        """Take one transfer, or say what is wrong with it."""
        if found.block != self.blocks + 1 or found.n != len(self._lines):
            self._misplaced(found)
        cents, name = found.amount_cents, found.id
        if type(cents) is not int or cents <= 0:
            raise Differs(f"le montant {cents} n'est pas un entier positif")
        if name in self._kept:
            raise Differs(f"l'identifiant {name} sert deux fois")
        way = self._ways.of(found)
        day = self._days.get(found.effective_on) or self._day(found.effective_on)
        if day <= self._closings.through:
            raise Differs(f"un acte prend effet le {day}, dans une période fermée")
        debit, released = way.debit, 0
        if way.phase == "single":
            debit.posted -= cents
            way.credit.posted += cents
        else:
            released = self._hold(way, found, cents)
        if debit.posted < debit.held and not debit.contra:
            raise Differs(f"le compte {debit.code} tombe à {debit.posted - debit.held} centimes")
        if way.cites or found.reverses is not None:
            self._cite(way, found, cents)
        self._kept[name] = (way, cents, day, released)
        self._touched.add(way.fund)
        self._lines.append(raw)

    def _misplaced(self, found: TransferLine) -> None:
        must(
            found.block == self.blocks + 1,
            f"le bloc {self.blocks + 1} est attendu, pas {found.block}",
        )
        raise Differs(f"le rang {len(self._lines)} est attendu, pas {found.n}")

    def _day(self, text: str) -> str:
        """Return the one text kept for a day, which must be one."""
        must(is_day(text), f"« {text} » n'est pas un jour : la ligne n'est pas celle d'un journal")
        return self._days.setdefault(text, text)

    def _hold(self, way: Way, found: TransferLine, cents: int) -> int:
        """Hold, sign or cancel, and return the cents of the hold that ends."""
        debit, released = way.debit, 0
        if way.phase == "hold":
            self._holds[found.id] = cents
            debit.held += cents
            return released
        pending = found.pending_id or ""
        whole = self._kept.get(pending)
        held = self._holds.pop(pending, None)
        if whole is None or held is None:
            raise Differs(f"aucune réservation ouverte {pending}")
        must(
            whole[0].debit is debit and whole[0].credit is way.credit,
            f"la réservation {pending} tient d'autres comptes",
        )
        must(cents <= held, f"la réservation tient {held} centimes, {cents} sont repris")
        must(found.effective_on >= whole[2], f"la réservation {pending} finit avant son jour")
        debit.held -= held
        if way.phase == "post":
            debit.posted -= cents
            way.credit.posted += cents
        return held

    def _cite(self, way: Way, found: TransferLine, cents: int) -> None:
        kind, cited = way.kind, found.reverses
        if kind in _REVERSALS or (kind == "receive" and cited is not None):
            whole = self._kept.get(cited or "")
            if whole is None:
                raise Differs(f"l'acte repris {cited} n'est pas au journal")
            done = self._reversed.get(cited or "", 0) + cents
            must(done <= whole[1], f"{done} centimes sont repris d'un acte de {whole[1]}")
            must(found.effective_on >= whole[2], "une reprise prend effet avant son acte")
            must(
                kind == "receive" or whole[0].credit is way.debit,
                f"la reprise part de {found.debit}, l'acte repris arrivait en "
                f"{whole[0].credit.code}",
            )
            self._reversed[cited or ""] = done
        elif kind in _COMPANIONS:
            whole = self._kept.get(found.goes_with or "")
            must(
                whole is not None
                and (whole[0].fund, whole[0].kind, whole[1])
                == (way.fund, _COMPANIONS[kind], cents),
                f"l'acte « {kind} » n'accompagne aucun acte du même montant",
            )

    def other(self, number: int, raw: bytes) -> None:
        """Take a line that does not end as the service writes a transfer."""
        kind = _LINE.decode(raw).type
        must(kind in _OTHERS, f"« {kind} » n'est ni un acte ni un bloc")
        found = _OTHERS[kind].decode(raw)
        if isinstance(found, TransferLine):
            self.transfer(raw, found)
        elif isinstance(found, BlockLine):
            self._block(number, found)
        elif isinstance(found, CheckpointLine):
            self._closings.checkpoint(found)
        else:
            must(not self._lines, "une fermeture coupe un bloc")
            must(
                (found.block, found.hash) == (self.blocks, self.head),
                f"la période {found.period} scelle le bloc {found.block} et l'empreinte "
                f"{found.hash}, le journal en est au bloc {self.blocks} et à {self.head}",
            )
            self._closings.close(found, self._kept)

    def _block(self, number: int, found: BlockLine) -> None:
        """Take line `number`, which seals the transfers before it, or say what is wrong."""
        seq = self.blocks + 1
        must(found.seq == seq, f"le bloc {seq} est attendu, pas {found.seq}")
        count = len(self._lines)
        must(
            found.n == count and count > 0,
            f"le bloc {seq} annonce {found.n} lignes, {count} sont là",
        )
        must(found.prev == self.head, f"le bloc {seq} ne suit pas l'empreinte {self.head}")
        must(
            _sealed(self.head, self._lines) == found.hash
            or _sealed(self.head, _canonical(self._lines)) == found.hash,
            f"l'empreinte du bloc {seq} n'est pas celle de ses actes, "
            f"de la ligne {number - count} à la ligne {number - 1}",
        )
        for fund in sorted(self._touched):
            self._reconcile(fund)
        self.blocks, self.head = seq, found.hash
        self._lines.clear()
        self._touched.clear()

    def _reconcile(self, fund: str) -> None:
        """Compare what a fund was promised with its stages, and its payments with its cash."""
        accounts = self._ways.accounts
        none = Account("")
        promised = -accounts.get(f"{fund}:pledged", none).posted
        staged = sum(one.posted for one in self._ways.stages[fund])
        must(
            promised == staged,
            f"fonds {fund} : {promised} centimes promis, {staged} dans ses étapes",
        )
        paid, out = accounts.get(f"{fund}:paid", none).posted, accounts.get(f"{fund}:payee")
        must(
            out is None or out.posted == paid,
            f"fonds {fund} : {paid} centimes payés, {out.posted if out else 0} sortis de la caisse",
        )

    def end(self) -> Audited:
        """Return what the journal holds, unless transfers wait for a block that never comes."""
        must(not self._lines, f"{len(self._lines)} lignes ne sont scellées par aucun bloc")
        self._closings.end()
        return Audited(self.blocks, len(self._kept), self.head)


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
    must(len(found) == len(pairs), "une ligne donne deux fois le même champ")
    return found


def audit(lines: Iterable[bytes]) -> Audited | Difference:
    """Return what a journal holds, or the first thing in it that is not as it should be.

    Args:
        lines: the export's lines in order, each with or without its line feed.
    """
    ledger, number = _Ledger(), 0
    decode, take = _TRANSFER.decode, ledger.transfer
    try:
        for number, line in enumerate(lines, start=1):  # The line that differs.
            raw = line.rstrip(b"\r\n")
            if raw.endswith(_TRANSFER_END):
                take(raw, decode(raw))
            else:
                ledger.other(number, raw)
        return ledger.end()
    except Differs as difference:
        return Difference(number, str(difference))
    except (ValueError, TypeError) as fault:
        missing = _MISSING.search(str(fault))
        if missing:
            return Difference(number, f"le champ '{missing[1]}' manque")
        return Difference(number, f"la ligne n'est pas celle d'un journal ({fault})")


def main(path: str | Path) -> int:
    """Audit a file: return 0 when all of it holds, 1 with the first difference on stderr."""
    gc.disable()  # Nothing here is a cycle, and what is kept only grows.
    try:
        with Path(path).open("rb") as lines:
            found = audit(lines)
    finally:
        gc.enable()
    if isinstance(found, Difference):
        sys.stderr.write(f"ligne {found.line} : {found.detail}.\n")
        return 1
    sys.stdout.write(
        f"Journal vérifié : {found.transfers} actes en {found.blocks} blocs, "
        f"empreinte {found.head}.\n"
    )
    return 0
