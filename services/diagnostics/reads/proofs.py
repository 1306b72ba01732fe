"""Proof packs: all that supports a need in one commune, or in one policy domain."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

import msgspec

from contracts.http.diagnostics import proofs as told
from contracts.http.diagnostics.surveys import CampaignState
from contracts.http.diagnostics.versions import Tier
from contracts.http.diagnostics.visits import VisitState
from contracts.vocabulary import VOCABULARY
from services.chassis.database import Connection
from services.diagnostics import reads
from services.diagnostics.errors.field import NoSuchRecord
from services.diagnostics.model import proofs as rules
from services.diagnostics.model.elements import ElementRow, EvidenceRow, Wanted
from services.diagnostics.model.follow_up import NeedKind
from services.diagnostics.model.surveys import CampaignRow
from services.diagnostics.model.tiers import ROUNDED_TO, Leaving
from services.diagnostics.model.visits import TestimonyRow, VisitRow
from services.diagnostics.reads.elements import FIRST, element_shown, evidence_shown
from services.diagnostics.reads.visits import testimony_shown, visit_shown
from services.diagnostics.store import elements, follow_up, proofs, surveys, visits

T = TypeVar("T")
SHOWN_MAX = 200


class _Support(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of a pack, each list with one more than is shown when it goes on."""

    elements: list[ElementRow]
    campaigns: list[CampaignRow]
    testimonies: list[TestimonyRow]
    visits: list[VisitRow]
    evidence: list[EvidenceRow]
    actions: list[str]

    def cut(self) -> list[str]:
        """Return the names of the lists that go on."""
        lists: dict[str, Sequence[object]] = {
            "elements": self.elements,
            "surveys": self.campaigns,
            "testimonies": self.testimonies,
            "visits": self.visits,
            "evidence": self.evidence,
        }
        return [name for name, rows in lists.items() if len(rows) > SHOWN_MAX]


def _survey(row: CampaignRow) -> told.PackSurvey:
    return told.PackSurvey(
        id=str(row.campaign_id),
        title=row.title,
        operator=row.operator,
        state=CampaignState(row.state),
        begins_on=row.begins_on,
        ends_on=row.ends_on,
    )


def _sources(figures: Sequence[told.PackFigure], support: _Support) -> list[str]:
    """Return where everything comes from, each source once, with its edition."""
    said = {f"{one.source}, {one.vintage}" for one in figures}
    said |= {f"{row.source}, {row.vintage}" for row in support.elements}
    said |= {f"{row.source}, {row.dated}" for row in support.evidence}
    said |= {f"Enquête « {row.title} », {row.operator}" for row in support.campaigns}
    return sorted(said)


def _packed(
    scope: tuple[told.ScopeKind, str, str],
    coordination: str,
    figures: list[told.PackFigure],
    support: _Support,
    *,
    today: date,
    to: Leaving,
) -> told.ProofPack:
    kind, code, label = scope
    content = told.PackContent(
        coordination=coordination,
        scope=kind,
        code=code,
        label=label,
        made_on=today,
        tier=to.tier,
        threshold=to.threshold,
        figures=figures,
        elements=[element_shown(row) for row in support.elements[:SHOWN_MAX]],
        surveys=[_survey(row) for row in support.campaigns[:SHOWN_MAX]],
        testimonies=[testimony_shown(row) for row in support.testimonies[:SHOWN_MAX]],
        visits=[visit_shown(row) for row in support.visits[:SHOWN_MAX]],
        evidence=[evidence_shown(row) for row in support.evidence[:SHOWN_MAX]],
        actions=support.actions,
        sources=_sources(figures, support),
        cut=support.cut(),
    )
    return told.ProofPack(content=content, sha256=rules.fingerprint(content))


async def _around(
    connection: Connection,
    coordination: str,
    found: list[ElementRow],
    *,
    commune: str | None,
) -> _Support:
    most = SHOWN_MAX + 1
    ids = [row.element_id for row in found]
    names = [str(one) for one in ids]
    answering = await elements.actions(connection, coordination, ids)
    evidence = await proofs.evidence_around(
        connection, coordination, commune, names, answering, most
    )
    testimonies = await proofs.testimonies_around(connection, coordination, commune, names, most)
    about = {row.target for row in evidence if row.target_kind == "ACTION"}
    about |= {row.target for row in testimonies if row.target_kind == "ACTION"}
    done = VisitState.DONE.value
    return _Support(
        elements=found,
        campaigns=await surveys.campaigns(
            connection, coordination, (None, commune, None, None), FIRST, most
        )
        if commune
        else [],
        testimonies=testimonies,
        visits=await visits.visits(connection, coordination, commune, done, FIRST, most)
        if commune
        else [],
        evidence=evidence,
        actions=sorted(about | set(answering)),
    )


async def of_commune(
    connection: Connection, coordination: str, code: str, *, today: date, to: Leaving
) -> told.ProofPack:
    """Return all that supports the needs of one commune, as a tier may read it.

    Raises:
        NoSuchArea: it is not one of this coordination's.
    """
    area = await reads.area(connection, coordination, code, to=to)
    found = await elements.elements(
        connection, coordination, Wanted(commune=code), FIRST, SHOWN_MAX + 1
    )
    support = await _around(connection, coordination, found, commune=code)
    scope = (told.ScopeKind.COMMUNE, code, area.name)
    figures = rules.figures_of(area)
    return _packed(scope, coordination, figures, support, today=today, to=to)


async def of_domain(
    connection: Connection, coordination: str, name: str, *, today: date, to: Leaving
) -> told.ProofPack:
    """Return all that supports the needs of one policy domain.

    Inside, small needs of several communes are added; outside, what is shown of each commune alone.

    Raises:
        NoSuchRecord: no domain has this name.
    """
    domain = VOCABULARY.domains.get(name)
    if domain is None:
        raise NoSuchRecord("Le domaine", name, field="domain")
    found = await proofs.elements_about(connection, coordination, domain.problems, SHOWN_MAX + 1)
    support = await _around(connection, coordination, found, commune=None)
    kinds = await _kinds(connection, coordination, to)
    figures = rules.needs_of(name, kinds, threshold=to.threshold)
    scope = (told.ScopeKind.DOMAIN, name, domain.label)
    return _packed(scope, coordination, figures, support, today=today, to=to)


async def domains(connection: Connection, coordination: str, *, to: Leaving) -> told.Domains:
    """Return what each elected delegation finds in its own service."""
    assert to.tier is not Tier.INSIDE, "what a delegation finds is shown around"
    states = await proofs.element_states(connection, coordination)
    kinds = await _kinds(connection, coordination, to)
    return told.Domains(items=rules.domains(states, kinds, to=to))


async def _kinds(connection: Connection, coordination: str, to: Leaving) -> list[NeedKind]:
    return await follow_up.summed(
        connection,
        coordination,
        None,
        least=1 if to.tier is Tier.INSIDE else to.threshold,
        rounded_to=ROUNDED_TO if to.tier is Tier.PUBLIC else 1,
    )
