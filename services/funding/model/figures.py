"""What is shown of the pool, from what each stage holds and what each fund did in all."""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from contracts.http.funding import Custody, FunderLevel, FundFigures, Pool, Stages, TransferKind
from services.funding.model.kinds import REACHED_BY, STAGES


class NamedFund(msgspec.Struct, frozen=True):
    """A fund and who brings it."""

    fund: str
    name: str
    funder: str
    funder_name: str
    level: str
    custody: str


class Amount(msgspec.Struct, frozen=True):
    """Cents of one fund at one stage, or by one kind of act."""

    fund: str
    stage: str
    cents: int


def pool(
    funds: Iterable[NamedFund],
    stages: Iterable[Amount],
    sums: Iterable[Amount],
    *,
    gap_cents: int,
    as_of: date | None,
) -> Pool:
    """Return the figures of each fund and of all together."""
    held = {(one.fund, one.stage): one.cents for one in stages}
    done = {(one.fund, one.stage): one.cents for one in sums}
    figures = [_fund(one, held, done) for one in funds]
    return Pool(
        as_of=as_of,
        stages=total(one.stages for one in figures),
        reached=total(one.reached for one in figures),
        received=sum(one.received for one in figures),
        left=sum(one.left for one in figures),
        funding_gap=gap_cents,
        funds=figures,
    )


def _fund(
    fund: NamedFund, held: Mapping[tuple[str, str], int], done: Mapping[tuple[str, str], int]
) -> FundFigures:
    stages = Stages(**{stage: held.get((fund.fund, stage), 0) for stage in STAGES})
    reached = {stage: done.get((fund.fund, str(kind)), 0) for stage, kind in REACHED_BY.items()}
    return FundFigures(
        id=fund.fund,
        name=fund.name,
        funder=fund.funder,
        funder_name=fund.funder_name,
        level=FunderLevel(fund.level),
        custody=Custody(fund.custody),
        stages=stages,
        reached=Stages(**reached),
        received=done.get((fund.fund, str(TransferKind.RECEIVE)), 0),
        left=stages.available + stages.earmarked,
    )


def total(many: Iterable[Stages]) -> Stages:
    """Return many stages added up, stage by stage."""
    kept = list(many)
    return Stages(**{stage: sum(getattr(one, stage) for one in kept) for stage in STAGES})
