"""Reported needs summed by policy domain and by public."""

from collections.abc import Callable, Iterable

from contracts.events.diagnostics import FigureStatus
from contracts.events.signals import Unit
from contracts.http.diagnostics.needs import NeedGroup, NeedSum
from contracts.vocabulary import VOCABULARY
from services.diagnostics.model.figures import spaced
from services.diagnostics.model.follow_up import NeedKind

OTHER = "other"
OTHER_LABEL = "Autres besoins"


def domain_of(kind: NeedKind) -> str:
    """Return the policy domain of a need: that of its problem, else that of its digital theme."""
    for code, domain in VOCABULARY.domains.items():
        if kind.problem in domain.problems:
            return code
    for code, domain in VOCABULARY.domains.items():
        if kind.theme in domain.themes:
            return code
    return OTHER


def public_of(kind: NeedKind) -> str:
    """Return the public of a need."""
    return kind.public


def grouped(
    kinds: Iterable[NeedKind], *, by: Callable[[NeedKind], str], threshold: int | None
) -> list[NeedGroup]:
    """Return needs summed by group, unit and period; sums below `threshold` are not shown."""
    sums: dict[str, dict[tuple[str, str], int]] = {}
    for kind in kinds:
        mine = sums.setdefault(by(kind), {})
        mine[kind.period, kind.unit] = mine.get((kind.period, kind.unit), 0) + kind.count_sum
    return [
        NeedGroup(
            code=code,
            label=_label(code),
            sums=[
                _sum(unit, period, mine[period, unit], threshold) for period, unit in sorted(mine)
            ],
        )
        for code, mine in sorted(sums.items())
    ]


def _label(code: str) -> str:
    if code in VOCABULARY.domains:
        return VOCABULARY.domains[code].label
    return OTHER_LABEL if code == OTHER else VOCABULARY.publics.get(code, code)


def _sum(unit: str, period: str, count: int, threshold: int | None) -> NeedSum:
    hidden = threshold is not None and count < threshold
    return NeedSum(
        unit=Unit(unit),
        period=period,
        count=None if hidden else count,
        status=FigureStatus.SECRET if hidden else FigureStatus.COMPLETE,
        reading=f"moins de {threshold}" if hidden else spaced(count),
    )
