"""Reported needs summed by policy domain and by public."""

from collections.abc import Callable, Iterable

import msgspec

from contracts.events.diagnostics import FigureStatus
from contracts.events.signals import Unit
from contracts.http.diagnostics.needs import NeedGroup, NeedSum
from contracts.http.diagnostics.versions import Tier
from contracts.vocabulary import VOCABULARY
from services.diagnostics.model.figures import ALL_SECRET, spaced
from services.diagnostics.model.follow_up import NeedKind
from services.diagnostics.model.tiers import Leaving, rounded

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


class _Sum(msgspec.Struct):
    shown: int = 0
    hidden: int = 0
    parts: int = 0


def grouped(
    kinds: Iterable[NeedKind], *, by: Callable[[NeedKind], str], to: Leaving, with_small: bool
) -> list[NeedGroup]:
    """Return needs summed by group, unit and period.

    What leaves is the sum of what is shown by commune; `with_small`, that of small needs too where
    they are several and reach the threshold. One way of grouping alone may tell it: two that cross
    would give small needs away.
    """
    sums: dict[str, dict[tuple[str, str], _Sum]] = {}
    for kind in kinds:
        mine = sums.setdefault(by(kind), {}).setdefault((kind.period, kind.unit), _Sum())
        mine.shown += kind.count_sum
        mine.hidden += kind.hidden_sum
        mine.parts += kind.hidden_parts
    return [
        NeedGroup(
            code=code,
            label=_label(code),
            sums=[
                _told(unit, period, mine[period, unit], to, with_small=with_small)
                for period, unit in sorted(mine)
            ],
        )
        for code, mine in sorted(sums.items())
    ]


def _label(code: str) -> str:
    if code in VOCABULARY.domains:
        return VOCABULARY.domains[code].label
    return OTHER_LABEL if code == OTHER else VOCABULARY.publics.get(code, code)


def _told(unit: str, period: str, found: _Sum, to: Leaving, *, with_small: bool) -> NeedSum:
    count, hidden = found.shown, found.parts > 0
    if with_small and found.parts > 1 and found.hidden >= to.threshold:
        beside = rounded(found.hidden, to.threshold) if to.tier is Tier.PUBLIC else found.hidden
        count, hidden = count + beside, False
    nothing = hidden and count == 0
    status = FigureStatus.PARTIAL if hidden else FigureStatus.COMPLETE
    small = f"moins de {to.threshold}" if found.hidden < to.threshold else ALL_SECRET
    return NeedSum(
        unit=Unit(unit),
        period=period,
        count=None if nothing else count,
        status=FigureStatus.SECRET if nothing else status,
        reading=small if nothing else f"≥ {spaced(count)}" if hidden else spaced(count),
    )
