"""Requests for grants and needs of engineering: rows, and what may become of a request."""

from collections.abc import Iterable, Sequence

import msgspec

from contracts.http.funding.requests import (
    ActionSynthesis,
    EngineeringNeed,
    FinancialSynthesis,
    RequestState,
    SynthesisFigures,
)
from services.funding.model.references import ActionRow
from services.funding.model.sheets import Cell, Column, Holds
from services.funding.model.synthesis import ActionMoney, Request, synthesis

MOVES = {
    RequestState.SUBMITTED: {RequestState.ONGOING, RequestState.ACCEPTED, RequestState.REFUSED},
    RequestState.ONGOING: {RequestState.ACCEPTED, RequestState.REFUSED},
    RequestState.ACCEPTED: set[RequestState](),
    RequestState.REFUSED: set[RequestState](),
}
"""What may become of a request; once decided, nothing more."""
FUNDING, ROADMAP, TRAINING, TOOLS = (
    "financement",
    "élaboration de la feuille de route",
    "formation des professionnels",
    "outillage",
)
NEEDS = {
    EngineeringNeed.STRUCTURE_A_FUND: (
        FUNDING,
        "Structurer un fonds local pour l'inclusion numérique",
    ),
    EngineeringNeed.WRITE_GRANT_FILES: (FUNDING, "Monter des dossiers de subvention complexes"),
    EngineeringNeed.RUN_THE_GOVERNANCE: (
        FUNDING,
        "Animer et mettre en œuvre la gouvernance et la feuille de route",
    ),
    EngineeringNeed.MAKE_A_DIAGNOSTIC: (ROADMAP, "Établir un diagnostic territorial"),
    EngineeringNeed.MAKE_THE_ROADMAP_TOGETHER: (
        ROADMAP,
        "Coconstruire la feuille de route avec les membres",
    ),
    EngineeringNeed.WRITE_THE_ROADMAP: (ROADMAP, "Rédiger la feuille de route"),
    EngineeringNeed.LEGAL_HELP: (ROADMAP, "Appui juridique dédié à la gouvernance"),
    EngineeringNeed.CERTIFY_TRAINING: (
        TRAINING,
        "Appuyer la certification Qualiopi de structures privées portant des formations",
    ),
    EngineeringNeed.REFURBISH_LOCALLY: (
        TOOLS,
        "Structurer une filière de reconditionnement locale",
    ),
    EngineeringNeed.COLLECT_TERRITORY_DATA: (TOOLS, "Collecter des données territoriales"),
    EngineeringNeed.SPREAD_EXISTING_TOOLS: (
        TOOLS,
        "Sensibiliser les acteurs de l'inclusion numérique aux outils existants",
    ),
}
"""The family and the French wording of each code, as the national form has them."""
NEED_COLUMNS = [
    Column("fiche action", Holds.WHOLE),
    Column("intitulé"),
    Column("famille"),
    Column("code du besoin"),
    Column("besoin"),
]


class GrantRequestRow(msgspec.Struct, frozen=True):
    """Columns of a request for a grant."""

    request: str
    action: str
    programme: str
    services_cents: int
    staff_cents: int
    training: bool
    fund: str | None
    state: str


class Cofunding(msgspec.Struct, frozen=True):
    """What one funder agreed for one action."""

    action: str
    funder: str
    cents: int


class Recipient(msgspec.Struct, frozen=True):
    """Who was committed money for one action."""

    action: str
    payee: str


class NeedsRow(msgspec.Struct, frozen=True):
    """An action and the codes of what it needs."""

    action: str
    number: int
    title: str
    needs: list[str]


def in_order(needs: Iterable[EngineeringNeed]) -> list[str]:
    """Return codes in the order of the national form."""
    said = set(needs)
    return [one.value for one in NEEDS if one in said]


def need_rows(row: NeedsRow) -> list[Sequence[Cell]]:
    """Return the rows of the export, one per need of an action."""
    said = [(code, *NEEDS[EngineeringNeed(code)]) for code in row.needs]
    return [[row.number, row.title, family, code, label] for code, family, label in said]


def financial_synthesis(
    actions: Sequence[ActionRow],
    requests: Iterable[GrantRequestRow],
    cofunding: Iterable[Cofunding],
    recipients: Iterable[Recipient],
) -> FinancialSynthesis:
    """Return the synthesis of all actions and of each, from what the ledger and requests say."""
    asked: dict[str, list[Request]] = {one.action: [] for one in actions}
    brought: dict[str, list[tuple[str, int]]] = {one.action: [] for one in actions}
    paid: dict[str, set[str]] = {one.action: set() for one in actions}
    for row in requests:
        state = RequestState(row.state)
        asked[row.action].append(
            Request(state, row.services_cents, row.staff_cents, is_training=row.training)
        )
    for share in cofunding:
        if share.action in brought:  # An agreement may name an action that is not validated yet.
            brought[share.action].append((share.funder, share.cents))
    for one in recipients:
        if one.action in paid:
            paid[one.action].add(one.payee)
    money = {
        one.action: ActionMoney(
            budget=one.budget_cents,
            recipients=frozenset(paid[one.action]),
            cofunding=brought[one.action],
            requests=asked[one.action],
        )
        for one in actions
    }
    return FinancialSynthesis(
        figures=_figures(money.values()),
        actions=[
            ActionSynthesis(
                id=one.action,
                number=one.number,
                title=one.title,
                figures=_figures([money[one.action]]),
            )
            for one in actions
        ],
    )


def _figures(money: Iterable[ActionMoney]) -> SynthesisFigures:
    found = synthesis(money)
    return SynthesisFigures(
        budget_cents=found.budget,
        cofunding_cents=found.cofunding,
        cofunders=found.cofunders,
        recipients=found.recipients,
        asked_cents=found.asked,
        granted_cents=found.granted,
        granted_training_cents=found.granted_training,
    )
