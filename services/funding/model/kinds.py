"""The acts of the ledger as one table: what each moves, and what it must cite.

A template is a stage and what the stage is for; the account of fund `bus` for `awarded:{action}`
is `bus:awarded:itinerance`.
"""

from functools import cache, lru_cache

import msgspec

from contracts.http.funding import Phase, TransferAsked, TransferKind

PLEDGED, RECEIVABLE = "pledged", "receivable"
CONTRA = frozenset({PLEDGED, RECEIVABLE})
"""Stages that stand for the outside world: what they lack is what came in."""
STAGES = (
    "promised",
    "notified",
    "available",
    "earmarked",
    "awarded",
    "committed",
    "liquidated",
    "mandated",
    "paid",
)
CASH, PAYEE, CLAWBACK_DUE = "cash", "payee", "clawback_due"
DISBURSE, RECALL, RECOVER = "disburse", "recall", "recover"
"""The treasury's side of a payment and of its recall; and what comes back, as a tally."""
FRENCH = {
    "promised": "promis",
    "notified": "notifié",
    "available": "conventionné disponible",
    "earmarked": "fléché",
    "awarded": "attribué",
    "committed": "engagé",
    "liquidated": "liquidé",
    "mandated": "mandaté",
    "paid": "payé",
    "cash": "caisse",
    "payee": "versé aux bénéficiaires",
    "clawback_due": "reversement attendu",
}


PLACES_KEPT = 10_000


class Rule(msgspec.Struct, frozen=True):
    """What an act moves and needs; templates are empty where another act's accounts are taken."""

    debit: str = ""
    credit: str = ""
    needs: tuple[str, ...] = ()
    phase: Phase = Phase.SINGLE
    dated: bool = False
    """Whether its day must be one of the fund's valid days."""
    reverses: frozenset[TransferKind] = frozenset()
    """The kinds of act it may reverse, for one that must cite such an act."""


K = TransferKind
KINDS: dict[TransferKind, Rule] = {
    K.PLEDGE: Rule("pledged", "promised"),
    K.NOTIFY: Rule("promised", "notified"),
    K.AGREE: Rule("notified", "available", ("agreement",)),
    K.EARMARK: Rule("available", "earmarked:{purpose}", ("purpose",)),
    K.RELEASE: Rule("earmarked:{purpose}", "available", ("purpose",)),
    # An award draws from its action's earmark where that holds enough, else from available.
    K.AWARD: Rule(
        "earmarked:{action}",
        "awarded:{action}",
        ("action", "opinion", "funder_decision"),
        dated=True,
    ),
    K.WITHDRAW_AWARD: Rule("awarded:{action}", "available", ("reason",)),
    K.COMMIT: Rule(
        "awarded:{action}",
        "committed:{action}:{payee}",
        ("action", "payee"),
        phase=Phase.HOLD,
        dated=True,
    ),
    K.POST: Rule(needs=("pending_id",), phase=Phase.POST),
    K.VOID: Rule(needs=("pending_id",), phase=Phase.VOID),
    K.LIQUIDATE: Rule("committed:{action}:{payee}", "liquidated", ("action", "payee", "proof")),
    K.MANDATE: Rule("liquidated", "mandated"),
    K.PAY: Rule("mandated", "paid"),
    K.RECEIVE: Rule("receivable", "cash", ("tranche",)),
    K.CLAW_BACK: Rule("", "available", ("reverses", "reason"), reverses=frozenset({K.PAY})),
    K.LAPSE: Rule(
        "",
        "pledged",
        ("reverses", "reason"),
        reverses=frozenset({K.PLEDGE, K.NOTIFY, K.AGREE, K.EARMARK, K.AWARD, K.POST}),
    ),
    K.CARRY_OVER: Rule(
        "", "available", ("reverses", "reason"), reverses=frozenset({K.EARMARK, K.AWARD, K.POST})
    ),
}
LACK_CODES = {
    "agreement": "E_AGREEMENT",
    "purpose": "E_PURPOSE",
    "opinion": "E_DECISION",
    "funder_decision": "E_DECISION",
    "proof": "E_PROOF",
}
"""What is said of an act without what it needs; `E_FIELD` for what is not here."""
REACHED_BY = {
    "promised": K.PLEDGE,
    "notified": K.NOTIFY,
    "available": K.AGREE,
    "earmarked": K.EARMARK,
    "awarded": K.AWARD,
    "committed": K.POST,
    "liquidated": K.LIQUIDATE,
    "mandated": K.MANDATE,
    "paid": K.PAY,
}
"""The act by which money enters each stage going forward."""


def account(fund: str, template: str, asked: TransferAsked) -> str:
    """Return the code of the account that `template` names for this act."""
    stage, names = template_parts(template)
    if not names:
        return f"{fund}:{stage}"
    return ":".join((fund, stage, *(getattr(asked, name) for name in names)))


@cache
def template_parts(template: str) -> tuple[str, tuple[str, ...]]:
    """Return the stage of a template and the fields of an act that complete it."""
    stage, *parts = template.split(":")
    return stage, tuple(part[1:-1] for part in parts)


class Place(msgspec.Struct, frozen=True):
    """What an account's code says."""

    fund: str
    stage: str
    action: str | None = None
    payee: str | None = None

    @property
    def french(self) -> str:
        """The stage as a reader calls it, with its action."""
        named = FRENCH.get(self.stage, self.stage)
        return f"{named} pour « {self.action} »" if self.action else named


@lru_cache(maxsize=PLACES_KEPT)
def place(code: str) -> Place:
    """Return what `code` says; `account` wrote it."""
    return Place(*code.split(":"))
