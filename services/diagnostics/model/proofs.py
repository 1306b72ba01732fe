"""Proof packs: what is counted, what belongs to a delegation, and the content's fingerprint."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from contracts.http.diagnostics import Area
from contracts.http.diagnostics.elements import ElementState
from contracts.http.diagnostics.proofs import DelegationNeeds, PackContent, PackFigure
from contracts.vocabulary import VOCABULARY, Delegation
from services.diagnostics.model.figures import spaced

NEEDS_SOURCE = "Besoins exprimés auprès des partenaires"
# Sorted keys without spaces are RFC 8785 here: keys are ASCII, numbers whole and below 2**53.
_CANONICAL = msgspec.json.Encoder(order="sorted")


class StateOf(msgspec.Struct, frozen=True):
    """Columns of `element_states`."""

    problem: str
    public: str
    state: str
    count: int


class NeedTotal(msgspec.Struct, frozen=True):
    """Columns of `need_totals`."""

    problem: str
    public: str
    unit: str
    period: str
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


def fingerprint(content: PackContent) -> str:
    """Return the SHA-256 of a pack's content in canonical JSON (RFC 8785), in hexadecimal."""
    return hashlib.sha256(_CANONICAL.encode(content)).hexdigest()


def is_of(delegation: Delegation, problem: str, public: str) -> bool:
    """Tell whether a need is a delegation's: by its problem, or by its public."""
    return problem in delegation.problems or public in delegation.publics


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
            label=f"{one.label} – {VOCABULARY.publics.get(one.public, one.public)}",
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


def needs_of(
    delegation: Delegation, totals: Iterable[NeedTotal], *, threshold: int
) -> list[PackFigure]:
    """Return the needs of a delegation over a whole coordination; small ones are not counted."""
    return [
        PackFigure(
            kind="NEED",
            label=f"{VOCABULARY.problems.get(one.problem, one.problem)} – "
            f"{VOCABULARY.publics.get(one.public, one.public)}",
            reading=f"moins de {threshold}" if one.count < threshold else spaced(one.count),
            source=NEEDS_SOURCE,
            vintage=one.period,
        )
        for one in totals
        if is_of(delegation, one.problem, one.public)
    ]


def delegations(
    states: Sequence[StateOf], totals: Sequence[NeedTotal], *, threshold: int
) -> list[DelegationNeeds]:
    """Return what each delegation finds in its own service."""
    found = []
    for name, delegation in VOCABULARY.delegations.items():
        own = dict.fromkeys(ElementState, 0)
        for row in states:
            if is_of(delegation, row.problem, row.public):
                own[ElementState(row.state)] += row.count
        met = sum(one.count for one in totals if is_of(delegation, one.problem, one.public))
        hidden = 0 < met < threshold
        found.append(
            DelegationNeeds(
                delegation=name,
                label=delegation.label,
                observed=own[ElementState.RISK_OBSERVED],
                surveyed=own[ElementState.SURVEYED],
                qualified=own[ElementState.QUALIFIED],
                refuted=own[ElementState.REFUTED],
                needs=None if hidden else met,
                reading=f"moins de {threshold}" if hidden else spaced(met),
            )
        )
    return found
