"""The pool as the pages show it: stages in order, lines by funder, bars to one scale."""

import msgspec

from contracts.http.funding import Custody, FundFigures, Pool, Stages

STAGES: dict[str, tuple[str, str]] = {
    "promised": ("Promis", "annoncé par le financeur"),
    "notified": ("Notifié", "la lettre du financeur est arrivée"),
    "available": ("Conventionné", "convention signée, utilisable"),
    "earmarked": ("Fléché", "réservé à une action"),
    "awarded": ("Attribué", "avis des collèges et décision du financeur"),
    "committed": ("Engagé", "acte signé avec celui qui sera payé"),
    "liquidated": ("Liquidé", "service fait certifié"),
    "mandated": ("Mandaté", "ordre de payer donné"),
    "paid": ("Payé", "versé par le comptable"),
}
CUSTODIES = {
    Custody.POOLED: "fonds mutualisé",
    Custody.HOST_BUDGET: "budget de la structure d'accueil",
    Custody.DIRECT: "versé directement au porteur",
    Custody.UNDER_MANDATE: "opération sous mandat",
    Custody.IN_KIND: "apport en nature",
}
BAR_WIDTH = 1000
"""Units of a bar: the viewBox of its drawing."""
_VISIBLE = 6
"""Narrowest bar of an amount that is not zero."""


class StageLine(msgspec.Struct, frozen=True, kw_only=True):
    """One stage: what has reached it, what stands there now, and the two bars."""

    code: str
    label: str
    meaning: str
    now_cents: int
    reached_cents: int
    now_width: int
    reached_width: int


class FunderLine(msgspec.Struct, frozen=True, kw_only=True):
    """One funder, over all its funds: what its euros became."""

    funder: str
    name: str
    promised_cents: int
    agreed_cents: int
    received_cents: int
    awarded_cents: int
    left_cents: int


def bar(cents: int, most_cents: int) -> int:
    """Return the width of a bar, from 0 to `BAR_WIDTH`; what is not zero can be seen."""
    if cents <= 0 or most_cents <= 0:
        return 0
    return max(_VISIBLE, min(BAR_WIDTH, round(BAR_WIDTH * cents / most_cents)))


def stage_lines(stages: Stages, reached: Stages) -> list[StageLine]:
    """Return the nine stages in the order of the funnel, to the scale of the largest."""
    now, passed = msgspec.structs.asdict(stages), msgspec.structs.asdict(reached)
    most = max((*now.values(), *passed.values()))
    return [
        StageLine(
            code=code,
            label=label,
            meaning=meaning,
            now_cents=now[code],
            reached_cents=passed[code],
            now_width=bar(now[code], most),
            reached_width=bar(passed[code], most),
        )
        for code, (label, meaning) in STAGES.items()
    ]


def fund_lines(fund: FundFigures) -> list[StageLine]:
    """Return the nine stages of one fund."""
    return stage_lines(fund.stages, fund.reached)


def custody(fund: FundFigures) -> str:
    """Return where the money of a fund is held, in words."""
    return CUSTODIES[fund.custody]


def funder_lines(pool: Pool) -> list[FunderLine]:
    """Return one line per funder, in the order of the pool; a funder may have several funds."""
    by_funder: dict[str, list[FundFigures]] = {}
    for fund in pool.funds:
        by_funder.setdefault(fund.funder, []).append(fund)
    return [
        FunderLine(
            funder=funder,
            name=funds[0].funder_name,
            promised_cents=sum(fund.reached.promised for fund in funds),
            agreed_cents=sum(fund.reached.available for fund in funds),
            received_cents=sum(fund.received for fund in funds),
            awarded_cents=sum(fund.reached.awarded for fund in funds),
            left_cents=sum(fund.left for fund in funds),
        )
        for funder, funds in by_funder.items()
    ]
