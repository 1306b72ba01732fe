"""Questions about indicators: what there is, on which territories, and what it said before."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from contracts.http.diagnostics.indicators import (
    AreaIndicator,
    AreaValue,
    Comparison,
    IndicatorEdition,
    IndicatorValues,
    PastValue,
    SimilarCommune,
    Targeted,
    Targets,
    WiderArea,
)
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.errors import NoSuchArea
from services.diagnostics.errors.indicators import NoSuchIndicator, NoSuchVintage
from services.diagnostics.model import observed as model
from services.diagnostics.model.figures import (
    CommuneRow,
    decimal,
    indicator_figure,
    observed_reading,
)
from services.diagnostics.model.geography import NationalCommune
from services.diagnostics.model.parts import district_name
from services.diagnostics.reads import parts
from services.diagnostics.reads.areas import must_be_known
from services.diagnostics.store import geography, observed


class _Area(msgspec.Struct, frozen=True):
    code: str
    kind: str
    name: str
    population: int | None


async def territory(connection: Connection, coordination: str) -> tuple[list[_Area], list[_Area]]:
    """Return a coordination's communes, and the EPCI and départements they are in.

    Raises:
        CoordinationIsNotKnownYet: it has no commune here.
    """
    await must_be_known(connection, coordination)
    rows = await store.communes(connection, coordination)
    known = await geography.national_communes(connection, [row.code for row in rows])
    communes = [_Area(row.code, "commune", row.name or row.code, _people(row)) for row in rows]
    return communes, await _wider(connection, coordination, list(known.values()))


def _people(row: CommuneRow) -> int | None:
    return row.population if row.name else None  # Nothing is known of a commune without a name.


async def _wider(
    connection: Connection, coordination: str, known: Sequence[NationalCommune]
) -> list[_Area]:
    epcis = await geography.epcis(connection, sorted({one.epci for one in known if one.epci}))
    departments = {one.department: one.department_name for one in known}
    names = {one.commune: one.name for one in known}
    within: dict[str, list[str]] = {}
    for row in await geography.districts(connection, coordination, sorted(names)):
        within.setdefault(row.district, []).append(names[row.commune])
    return [
        *(_Area(one.epci, "epci", one.name, one.population) for one in epcis.values()),
        *(_Area(code, "qpv", district_name(code, of), None) for code, of in within.items()),
        *(_Area(code, "department", name, None) for code, name in sorted(departments.items())),
    ]


async def wider_areas(
    connection: Connection, coordination: str, communes: Sequence[str]
) -> dict[str, list[WiderArea]]:
    """Return the EPCI, the QPV and the département of each commune, with what is told of them."""
    known = await geography.national_communes(connection, communes)
    wide = await _wider(connection, coordination, list(known.values()))
    around = {one.code: one for one in wide}
    rows = await observed.latest(connection, coordination, list(around))
    counted = await parts.around(connection, coordination, list(around))
    told = {
        code: WiderArea(
            area=code,
            name=one.name,
            population=one.population,
            indicators=[indicator_figure(row) for row in rows if row.commune == code],
            exposures=counted[code].exposures if code in counted else [],
            needs=counted[code].needs if code in counted else [],
        )
        for code, one in around.items()
    }
    within: dict[str, list[str]] = {}
    for row in await geography.districts(connection, coordination, list(known)):
        within.setdefault(row.commune, []).append(row.district)
    return {
        code: [
            told[wide] for wide in (one.epci, *within.get(code, ()), one.department) if wide in told
        ]
        for code, one in known.items()
    }


async def catalogue(connection: Connection, coordination: str) -> list[IndicatorEdition]:
    """Return every edition that says something of a coordination's territories."""
    communes, wider = await territory(connection, coordination)
    codes = [one.code for one in (*communes, *wider)]
    return [_edition(row) for row in await observed.editions(connection, coordination, codes)]


def _edition(row: model.EditionRow) -> IndicatorEdition:
    told = msgspec.structs.asdict(row)
    return IndicatorEdition(is_national=told.pop("coordination") == model.SHARED, **told)


async def values(
    connection: Connection, coordination: str, indicator: str, vintage: str | None
) -> IndicatorValues:
    """Return one edition on every commune, the latest unless `vintage` names another.

    Raises:
        NoSuchIndicator: nothing was brought of it here.
        NoSuchVintage: it has no such edition here.
    """
    communes, wider = await territory(connection, coordination)
    codes = [one.code for one in (*communes, *wider)]
    editions = await observed.editions(connection, coordination, codes, indicator)
    if not editions:
        raise NoSuchIndicator(indicator)
    vintages = list(dict.fromkeys(one.vintage for one in editions))
    chosen = next((one for one in editions if vintage in {None, one.vintage}), None)
    if chosen is None:
        assert vintage is not None, "the first edition is any one's"
        raise NoSuchVintage(vintage, vintages)
    rows = await observed.area_values(connection, chosen, codes)
    told = [_value(one, rows.get(one.code), chosen.unit) for one in communes]
    known = [one.value for one in told if one.value is not None]
    adds_up = chosen.unit in model.COUNT_UNITS and known
    return IndicatorValues(
        edition=_edition(chosen),
        vintages=vintages,
        communes=told,
        wider=[_value(one, rows[one.code], chosen.unit) for one in wider if one.code in rows],
        summary=str(sum(map(Decimal, known))) if adds_up else None,
        missing=len(told) - len(known),
    )


def _value(area: _Area, row: model.ValueRow | None, unit: str) -> AreaValue:
    value, secret = (row.value, row.secret) if row else (None, False)
    status, reading = observed_reading(value, secret=secret)
    return AreaValue(
        area=area.code,
        kind=area.kind,
        name=area.name,
        population=area.population,
        value=value,
        per_thousand=model.per_thousand(value, unit, area.population),
        status=status,
        reading=reading,
        revision=row.revision if row else None,
        observed_at=row.observed_at if row else None,
    )


async def targets(
    connection: Connection, coordination: str, indicator: str, *, least: Decimal | None, most: int
) -> Targets:
    """Return the communes and the QPV where the latest edition is highest.

    Raises:
        NoSuchIndicator: nothing was brought of it here.
    """
    found = await values(connection, coordination, indicator, None)
    areas = [*found.communes, *(one for one in found.wider if one.kind == "qpv")]
    codes = [one.area for one in found.communes]
    within: dict[str, list[str]] = {}
    for row in await geography.districts(connection, coordination, codes):
        within.setdefault(row.commune, []).append(row.district)
    ranked = sorted(
        ((Decimal(one.value), one) for one in areas if one.value is not None),
        key=lambda pair: (-pair[0], pair[1].area),
    )
    told = [
        Targeted(
            area=one.area,
            kind=one.kind,
            name=one.name,
            population=one.population,
            value=one.value or "",
            reading=one.reading,
            districts=within.get(one.area, []),
        )
        for value, one in ranked
        if least is None or value >= least
    ]
    return Targets(
        edition=found.edition,
        least=None if least is None else str(least),
        items=told[:most],
        more=max(0, len(told) - most),
        unknown=found.missing,
    )


async def every_value(
    connection: Connection, coordination: str
) -> list[tuple[AreaValue, IndicatorEdition]]:
    """Return the latest edition of every indicator on every territory of a coordination."""
    communes, wider = await territory(connection, coordination)
    areas = {one.code: one for one in (*communes, *wider)}
    editions = await observed.editions(connection, coordination, list(areas))
    latest: dict[str, model.EditionRow] = {}
    for one in editions:
        latest.setdefault(one.indicator, one)
    found = []
    for edition in latest.values():
        rows = await observed.area_values(connection, edition, list(areas))
        told = _edition(edition)
        found += [(_value(areas[code], row, edition.unit), told) for code, row in rows.items()]
    return found


async def of_area(
    connection: Connection, coordination: str, indicator: str, area: str
) -> AreaIndicator:
    """Return everything an indicator ever said of one area, and what it says of similar ones.

    Raises:
        NoSuchArea: it is none of the coordination's.
        NoSuchIndicator: nothing was ever told of it there.
    """
    communes, wider = await territory(connection, coordination)
    found = {one.code: one for one in (*communes, *wider)}.get(area)
    if found is None:
        raise NoSuchArea(area)
    rows = await observed.history(connection, coordination, area, indicator)
    if not rows:
        raise NoSuchIndicator(indicator)
    latest, similar = rows[0], None
    if found.kind == "commune" and found.population is not None:
        near = await observed.similar(connection, area, found.population, latest, indicator)
        similar = Comparison(
            method=model.SIMILAR_METHOD,
            communes=[_similar(one) for one in near],
            median=model.middle([one.value for one in near]),
        )
    return AreaIndicator(
        area=area,
        indicator=indicator,
        label=latest.label,
        unit=latest.unit,
        history=[_past(row) for row in rows],
        similar=similar,
    )


def _similar(row: model.SimilarRow) -> SimilarCommune:
    return SimilarCommune(**msgspec.structs.asdict(row), reading=decimal(row.value))


def _past(row: model.HistoryRow) -> PastValue:
    status, reading = observed_reading(row.value, secret=row.secret)
    return PastValue(
        vintage=row.vintage,
        is_national=row.coordination == model.SHARED,
        source=row.source,
        licence=row.licence,
        revision=row.revision,
        value=row.value,
        status=status,
        reading=reading,
        observed_at=row.observed_at,
        replaced_at=row.replaced_at,
    )
