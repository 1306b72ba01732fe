"""Proof packs: what is counted, what belongs to a domain, and the content's fingerprint."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import msgspec

from contracts.http.diagnostics import Area
from contracts.http.diagnostics.elements import ElementState
from contracts.http.diagnostics.proofs import DomainNeeds, PackContent, PackFigure
from contracts.vocabulary import VOCABULARY
from services.diagnostics.model import groups
from services.diagnostics.model.figures import ALL_SECRET, NEEDS_SOURCE, spaced
from services.diagnostics.model.follow_up import NeedKind
from services.diagnostics.model.tiers import Leaving

UNITS = {"person": "personnes", "household": "ménages", "business": "entreprises"}
# Sorted keys without spaces are RFC 8785 here: keys are ASCII, numbers whole and below 2**53.
_CANONICAL = msgspec.json.Encoder(order="sorted")


class StateOf(msgspec.Struct, frozen=True):
    """Columns of `element_states`."""

    problem: str
    state: str
    count: int


class ElementCount(msgspec.Struct, frozen=True):
    """How many elements of a commune are in a state."""

    commune: str
    state: str
    count: int


class SurveyCount(msgspec.Struct, frozen=True):
    """How many campaigns found something in a commune; counts of answers, secret ones apart."""

    commune: str
    campaigns: int
    cells: int
    secret_cells: int


class TestimonyCount(msgspec.Struct, frozen=True):
    """How many testimonies stand in a commune."""

    commune: str
    count: int


class VisitCount(msgspec.Struct, frozen=True):
    """How many visits were made to a commune, and when the last one was."""

    commune: str
    count: int
    last_on: date


class AboutCount(msgspec.Struct, frozen=True):
    """How many records there are about an element."""

    target: str
    count: int


class HeldCampaign(msgspec.Struct, frozen=True):
    """Columns of `campaigns_held`: a campaign in a commune, and how many people answered.

    `told` is whether their number was brought; `respondents` is null when it is secret.
    """

    campaign_id: UUID
    commune: str
    title: str
    operator: str
    begins_on: date
    ends_on: date
    state: str
    threshold: int
    told: bool
    respondents: int | None


def fingerprint(content: PackContent) -> str:
    """Return the SHA-256 of a pack's content in canonical JSON (RFC 8785), in hexadecimal."""
    return hashlib.sha256(_CANONICAL.encode(content)).hexdigest()


def domain_of_problem(problem: str) -> str:
    """Return the policy domain of a problem, `other` when none answers for it."""
    for code, domain in VOCABULARY.domains.items():
        if problem in domain.problems:
            return code
    return groups.OTHER


def figures_of(area: Area) -> list[PackFigure]:
    """Return the figures of a commune as a pack shows them."""
    exposures = [
        PackFigure(
            kind="EXPOSURE",
            label=", ".join([one.label, *one.breakdown.values()]),
            reading=one.reading,
            source=one.source,
            vintage=one.period,
        )
        for one in area.exposures
    ]
    needs = [
        PackFigure(
            kind="NEED",
            label=_need_label(one.problem, one.public, one.unit.value),
            reading=one.reading,
            source=one.source,
            vintage=one.period,
        )
        for one in area.needs
    ]
    indicators = [
        PackFigure(
            kind="INDICATOR",
            label=f"{one.label} ({one.unit})",
            reading=one.reading,
            source=one.source,
            vintage=one.vintage,
        )
        for one in area.indicators
    ]
    return [*indicators, *exposures, *needs]


def _need_label(problem: str, public: str, unit: str) -> str:
    said = VOCABULARY.problems.get(problem, problem)
    return f"{said} – {VOCABULARY.publics.get(public, public)} ({UNITS.get(unit, unit)})"


def needs_of(domain: str, kinds: Iterable[NeedKind], *, threshold: int) -> list[PackFigure]:
    """Return the needs of a domain over a whole coordination, without what is hidden of them."""
    sums: dict[tuple[str, str, str, str], tuple[int, int]] = {}
    for one in kinds:
        if groups.domain_of(one) == domain:
            key = one.problem, one.public, one.unit, one.period
            shown, parts = sums.get(key, (0, 0))
            sums[key] = shown + one.count_sum, parts + one.hidden_parts
    return [
        PackFigure(
            kind="NEED",
            label=_need_label(problem, public, unit),
            reading=_summed_reading(shown, parts, threshold),
            source=NEEDS_SOURCE,
            vintage=period,
        )
        for (problem, public, unit, period), (shown, parts) in sorted(sums.items())
        if shown or parts
    ]


def _summed_reading(shown: int, hidden_parts: int, threshold: int) -> str:
    """Return how a sum reads of which some parts are hidden: what they add up to is not told."""
    if hidden_parts:
        return f"≥ {spaced(shown)}" if shown else ALL_SECRET
    return f"moins de {threshold}" if shown < threshold else spaced(shown)


def domains(
    states: Sequence[StateOf], kinds: Sequence[NeedKind], *, to: Leaving
) -> list[DomainNeeds]:
    """Return what each elected delegation finds in its own service, and what none answers for."""
    needs = {
        one.code: one.sums
        for one in groups.grouped(kinds, by=groups.domain_of, to=to, with_small=True)
    }
    elements: dict[str, Counter[str]] = {}
    for row in states:
        elements.setdefault(domain_of_problem(row.problem), Counter())[row.state] += row.count
    labels = {code: domain.label for code, domain in VOCABULARY.domains.items()}
    if groups.OTHER in needs or groups.OTHER in elements:
        labels[groups.OTHER] = groups.OTHER_LABEL
    return [
        DomainNeeds(
            domain=code,
            label=label,
            observed=own[ElementState.RISK_OBSERVED.value],
            surveyed=own[ElementState.SURVEYED.value],
            qualified=own[ElementState.QUALIFIED.value],
            refuted=own[ElementState.REFUTED.value],
            needs=needs.get(code, []),
        )
        for code, label in labels.items()
        for own in [elements.get(code, Counter())]
    ]
