"""Questions about what is heard on the ground: testimonies, visits, tours."""

from fractions import Fraction
from uuid import UUID

from contracts.http.diagnostics import visits as told
from contracts.http.diagnostics.elements import Target, TargetKind
from contracts.vocabulary import VOCABULARY
from services.chassis.database import Connection
from services.diagnostics.errors.field import NoSuchRecord
from services.diagnostics.model import visits as rules
from services.diagnostics.reads.elements import FIRST, page
from services.diagnostics.store import visits as rows


def testimony_shown(row: rules.TestimonyRow) -> told.Testimony:
    """Return a testimony that stands as it is shown."""
    assert row.said is not None, "what was withdrawn is never shown"
    return told.Testimony(
        id=row.testimony_id,
        coordination=row.coordination,
        target=Target(kind=TargetKind(row.target_kind), id=row.target),
        commune=row.commune,
        public=row.public,
        public_label=VOCABULARY.publics.get(row.public, row.public),
        said=row.said,
        heard_on=row.heard_on,
        organization=row.organization,
    )


def visit_shown(row: rules.VisitRow) -> told.Visit:
    """Return a visit as it is shown."""
    heard = [one.partition(":") for one in row.needs]
    return told.Visit(
        id=row.visit_id,
        coordination=row.coordination,
        commune=row.commune,
        planned_on=row.planned_on,
        state=told.VisitState(row.state),
        done_on=row.done_on,
        met=[told.Met(one) for one in row.met],
        needs=[told.HeardNeed(problem=problem, public=public) for problem, _, public in heard],
    )


async def testimonies(
    connection: Connection,
    coordination: str,
    *,
    target: tuple[str | None, str | None],
    commune: str | None,
    after: UUID | None,
    most: int,
) -> told.Testimonies:
    """Return a page of the testimonies that stand, by id."""
    found, last = page(
        await rows.testimonies(connection, coordination, target, commune, after or FIRST, most + 1),
        most,
    )
    return told.Testimonies(
        items=[testimony_shown(row) for row in found],
        cursor=str(last.testimony_id) if last else None,
    )


async def visits(
    connection: Connection,
    coordination: str,
    *,
    commune: str | None,
    state: str | None,
    after: UUID | None,
    most: int,
) -> told.Visits:
    """Return a page of visits by id."""
    found, last = page(
        await rows.visits(connection, coordination, commune, state, after or FIRST, most + 1), most
    )
    return told.Visits(
        items=[visit_shown(row) for row in found], cursor=str(last.visit_id) if last else None
    )


async def _tour(
    connection: Connection, coordination: str, row: rules.TourRow, *, whole: bool
) -> told.Tour:
    found = await rows.stops(connection, coordination, row.filled_on)
    visited = sum(one.done_on is not None for one in found)
    stops = [(one, rules.stands(one)) for one in found] if whole else []
    return told.Tour(
        post=row.post,
        filled_on=row.filled_on,
        visited=visited,
        communes=len(found),
        share=str(Fraction(visited, len(found))) if found else "0",
        percent=rules.percent_of(visited, len(found)),
        stops=[
            told.TourStop(
                commune=one.commune, name=one.name or one.commune, state=at.state, on=at.on
            )
            for one, at in stops
        ],
    )


async def tours(connection: Connection, coordination: str, *, after: str, most: int) -> told.Tours:
    """Return a page of tours by post, how far each is, their stops left out."""
    found, last = page(await rows.tours(connection, coordination, None, after, most + 1), most)
    items = [await _tour(connection, coordination, row, whole=False) for row in found]
    return told.Tours(items=items, cursor=last.post if last else None)


async def tour(connection: Connection, coordination: str, post: str) -> told.Tour:
    """Return the checklist of a post: every commune, visited, planned or not yet.

    Raises:
        NoSuchRecord: no such post was filled here.
    """
    found = await rows.tours(connection, coordination, post, "", 1)
    if not found:
        raise NoSuchRecord("La tournée du poste", post, field="post")
    return await _tour(connection, coordination, found[0], whole=True)
