"""Everything known of a commune, on one page."""

from datetime import datetime

import msgspec

from contracts.http.diagnostics.sheets import (
    CommuneSheet,
    SheetLine,
    SheetSource,
    SimilarValue,
)
from contracts.http.diagnostics.versions import VersionElement
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.errors import NoSuchArea
from services.diagnostics.model import figures, sheets, versions
from services.diagnostics.model.observed import SIMILAR_METHOD, middle
from services.diagnostics.model.tiers import Leaving
from services.diagnostics.reads.asked import Asked
from services.diagnostics.reads.chapters import known_figures
from services.diagnostics.reads.sheet_sections import SECTIONS
from services.diagnostics.store import observed
from services.diagnostics.store import versions as version_rows

INDICATORS_COMPARED_MAX = 40


async def sheet(
    connection: Connection, coordination: str, code: str, *, to: Leaving, now: datetime
) -> CommuneSheet:
    """Return the sheet of a commune as it is read now, by those of a tier.

    Raises:
        NoSuchArea: it is not one of this coordination's.
    """
    communes = await store.communes(connection, coordination, [code])
    if not communes:
        raise NoSuchArea(code)
    (commune,) = figures.named(communes)
    asked = Asked(coordination, [code], to, now.astimezone(sheets.PARIS).date())
    found = [one for one in await known_figures(connection, asked) if one.area == code]
    opened = await version_rows.open_licences(connection, coordination)
    lines = [sheets.line(one, commune.population, opened) for one in found]
    compared = await _compared(connection, coordination, code, commune.population, lines)
    return CommuneSheet(
        coordination=coordination,
        commune=code,
        name=commune.name,
        population=commune.population,
        tier=to.tier,
        at=now,
        as_of_seq=commune.as_of_seq,
        exposures=_of(compared, versions.EXPOSURES),
        needs=_of(compared, versions.NEEDS),
        indicators=_of(compared, versions.INDICATORS),
        similar_method=SIMILAR_METHOD,
        sections=[await section(connection, asked, code) for section in SECTIONS],
        sources=[
            SheetSource(source=one.source, period=one.period, freshness=one.freshness)
            for one in versions.sources_of(found)
        ],
    )


def _of(lines: list[SheetLine], chapter: str) -> list[SheetLine]:
    return [one for one in lines if one.figure.chapter == chapter]


async def _compared(
    connection: Connection, coordination: str, code: str, population: int, lines: list[SheetLine]
) -> list[SheetLine]:
    """Return the same lines, the indicators with their values in similar communes."""
    left = INDICATORS_COMPARED_MAX
    told: list[SheetLine] = []
    for one in lines:
        if one.figure.chapter == versions.INDICATORS and left and population > 0:
            left -= 1
            similar = await _similar(connection, coordination, code, population, one.figure)
            median = middle([other.value for other in similar])
            told.append(msgspec.structs.replace(one, similar=similar, similar_median=median))
        else:
            told.append(one)
    return told


async def _similar(
    connection: Connection, coordination: str, code: str, population: int, figure: VersionElement
) -> list[SimilarValue]:
    indicator = figure.about["indicator"]
    editions = await observed.history(connection, coordination, code, indicator)
    edition = next((one for one in editions if one.vintage == figure.period), None)
    if edition is None:
        return []
    near = await observed.similar(connection, code, population, edition, indicator)
    return [
        SimilarValue(commune=one.commune, name=one.name, population=one.population, value=one.value)
        for one in near
    ]
