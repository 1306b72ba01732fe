"""How exchanges go: per partner, per agreement, and the figures of all."""

from contracts.http.exchange.health import (
    Delays,
    ExchangeCounts,
    ExchangesHealth,
    Pace,
    PartnerExchange,
)
from services.chassis.database import Connection
from services.exchange.store import pace as store

LAST = 1_000


async def health(
    connection: Connection, coordination: str, *, institution: str | None
) -> ExchangesHealth:
    """Return how exchanges go in a coordination; of one institution when it is given."""
    parked = await store.parked_of_partners(connection, coordination)
    paces = {row.institution: row for row in await store.paces(connection, coordination)}
    seen = sorted(paces.keys() | parked.keys())
    counted: dict[tuple[str, str], list[store.AgreementTallyRow]] = {}
    for row in await store.agreement_tallies(connection, coordination):
        if institution in {None, row.institution}:
            counted.setdefault((row.opened_by, row.institution), []).append(row)
    return ExchangesHealth(
        partners=[
            PartnerExchange(
                institution=slug,
                pace=_pace(paces[slug]) if slug in paces else None,
                delays=await _delays(connection, coordination, slug),
                parked=parked.get(slug, 0),
            )
            for slug in seen
            if institution in {None, slug}
        ],
        agreements=[_counts(*key, rows) for key, rows in counted.items()],
    )


def _pace(row: store.PaceRow) -> Pace:
    return Pace(
        last_at=row.last_at,
        usual_seconds=row.usual_seconds,
        silent_since=row.quiet_since,
        flooding_since=row.flooding_since,
    )


async def _delays(connection: Connection, coordination: str, institution: str) -> Delays | None:
    row = await store.delays(connection, coordination, institution, last=LAST)
    if not row.decided:
        return None
    return Delays(p50_ms=row.p50_ms, p99_ms=row.p99_ms, decided=row.decided)


def _counts(
    opened_by: str, institution: str, rows: list[store.AgreementTallyRow]
) -> ExchangeCounts:
    return ExchangeCounts(
        opened_by=opened_by,
        institution=institution,
        kept=sum(row.n for row in rows if row.status == "kept"),
        accepted=sum(row.n for row in rows if row.status == "accepted"),
        refused={row.code: row.n for row in rows if row.status == "refused"},
        last_at=max(row.last_at for row in rows),
    )


async def figures(
    connection: Connection, *, most: int
) -> tuple[list[store.FigureRow], store.EpisodesRow]:
    """Return counts by partner and status, and how many partners are silent or flood."""
    return await store.figures(connection, most=most), await store.episodes(connection)
