"""Questions about the elements of the diagnostic and their evidence."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from contracts.http.diagnostics import elements as told
from contracts.http.diagnostics.elements import ElementState
from contracts.vocabulary import VOCABULARY
from services.chassis.database import Connection
from services.diagnostics.errors.field import NoSuchRecord
from services.diagnostics.model import elements as rules
from services.diagnostics.model.elements import Wanted
from services.diagnostics.store import elements as rows

T = TypeVar("T")
FIRST = UUID(int=0)
EVIDENCE_SHOWN_MAX = 200


def page(found: Sequence[T], most: int) -> tuple[list[T], T | None]:
    """Cut one row more than a page: return the page, and its last row when more follow."""
    return list(found[:most]), found[most - 1] if len(found) > most else None


def element_shown(row: rules.ElementRow) -> told.Element:
    """Return an element as it is shown."""
    state = ElementState(row.state)
    return told.Element(
        id=row.element_id,
        coordination=row.coordination,
        title=row.title,
        problem=row.problem,
        problem_label=VOCABULARY.problems.get(row.problem, row.problem),
        public=row.public,
        public_label=VOCABULARY.publics.get(row.public, row.public),
        communes=row.communes,
        figure=told.CitedFigure(
            kind=told.FigureKind(row.figure_kind),
            figure=row.figure,
            reading=row.reading,
            source=row.source,
            vintage=row.vintage,
        ),
        observed_on=row.observed_on,
        organization=row.organization,
        state=state,
        state_label=rules.STATES[state],
        changed_on=row.changed_on,
    )


def evidence_shown(row: rules.EvidenceRow) -> told.Evidence:
    """Return a piece of evidence as it is shown."""
    return told.Evidence(
        id=row.evidence_id,
        coordination=row.coordination,
        target=told.Target(kind=told.TargetKind(row.target_kind), id=row.target),
        commune=row.commune,
        kind=told.EvidenceKind(row.kind),
        title=row.title,
        source=row.source,
        dated=row.dated,
        url=row.url,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
    )


def _step_shown(row: rules.StepRow) -> told.Step:
    return told.Step(
        id=row.step_id,
        state=ElementState(row.state),
        decided_on=row.decided_on,
        organization=row.organization,
        capacity=row.capacity,
        campaign=row.campaign,
        evidence=row.evidence,
        reason=row.reason,
    )


async def elements(
    connection: Connection, coordination: str, wanted: Wanted, *, after: UUID | None, most: int
) -> told.Elements:
    """Return a page of elements by id."""
    found, last = page(
        await rows.elements(connection, coordination, wanted, after or FIRST, most + 1), most
    )
    return told.Elements(
        items=[element_shown(row) for row in found], cursor=str(last.element_id) if last else None
    )


async def element(
    connection: Connection, coordination: str, element_id: UUID
) -> told.ElementHistory:
    """Return one element with its steps, its evidence (the first 200) and its actions.

    Raises:
        NoSuchRecord: it is not of here.
    """
    row = await rows.element(connection, coordination, element_id)
    if row is None:
        raise NoSuchRecord("L'élément", element_id)
    evidence = await rows.evidence_about(
        connection,
        coordination,
        told.TargetKind.ELEMENT.value,
        [str(element_id)],
        EVIDENCE_SHOWN_MAX,
    )
    return told.ElementHistory(
        element=element_shown(row),
        steps=[_step_shown(one) for one in await rows.steps(connection, coordination, element_id)],
        evidence=[evidence_shown(one) for one in evidence],
        actions=await rows.actions(connection, coordination, [element_id]),
    )


async def coverage(connection: Connection, coordination: str) -> told.ElementCoverage:
    """Return how many elements there are by state, and which part an action answers."""
    found = await rows.counts(connection, coordination)
    counted = rules.counted(found)
    qualified = ElementState.QUALIFIED
    answered = sum(row.answered for row in found if row.state == qualified.value)
    return told.ElementCoverage(
        observed=counted[ElementState.RISK_OBSERVED],
        surveyed=counted[ElementState.SURVEYED],
        qualified=counted[qualified],
        refuted=counted[ElementState.REFUTED],
        answered=answered,
        share=rules.share_of(answered, counted[qualified]),
    )


async def evidence(
    connection: Connection,
    coordination: str,
    *,
    target: tuple[str | None, str | None],
    commune: str | None,
    after: UUID | None,
    most: int,
) -> told.EvidenceList:
    """Return a page of evidence by id, about one kind of thing or one thing, of one commune."""
    found, last = page(
        await rows.evidence(connection, coordination, target, commune, after or FIRST, most + 1),
        most,
    )
    return told.EvidenceList(
        items=[evidence_shown(row) for row in found],
        cursor=str(last.evidence_id) if last else None,
    )
