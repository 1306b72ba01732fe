"""What a frozen version of the diagnostic is made of, how it is sealed, and what it changes."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from contracts.events.diagnostics import (
    ExposureFigure,
    FigureStatus,
    IndicatorFigure,
    NeedFigure,
)
from contracts.http.diagnostics import Area
from contracts.http.diagnostics.versions import (
    ChangeCounts,
    DiagnosticVersion,
    Tier,
    VersionArea,
    VersionChange,
    VersionElement,
    VersionLink,
    VersionSource,
)
from services.diagnostics.model import freshness
from services.diagnostics.model.figures import folded_reading, spaced

EXPOSURES, NEEDS, INDICATORS = "exposures", "needs", "indicators"
SURVEYS, VISITS, ACTIVITY = "surveys", "visits", "activity"
WHOLE = "_all"
"""The area of what is said of the coordination as a whole."""
KINDS = ("appeared", "gone", "revised", "status")
# Sorted keys without spaces are RFC 8785 here: keys are ASCII, numbers whole and below 2**53.
_CANONICAL = msgspec.json.Encoder(order="sorted")
_ORDER = (EXPOSURES, NEEDS, INDICATORS, "places", "elements", SURVEYS, VISITS, ACTIVITY)


class VersionRow(msgspec.Struct, frozen=True):
    """Columns of `versions`, the documents aside."""

    coordination: str
    number: int
    id: UUID
    title: str
    published_at: datetime
    hash: str
    public_hash: str
    elements: int


class Sealed(msgspec.Struct, frozen=True):
    """A version of one tier as it is kept: canonical JSON without its hash, and its hash."""

    document: bytes
    hash: str
    version: DiagnosticVersion


def _aged(period: str, today: date, *, known: int, parts: int) -> tuple[str | None, str]:
    """Return freshness and confidence: the known share of the parts, as old as they are."""
    fresh = freshness.of_period(period, today=today)
    share = Decimal(known) / parts if parts else Decimal(0)
    return (
        None if fresh is None else freshness.share(fresh),
        freshness.share(share * (Decimal(0) if fresh is None else fresh)),
    )


def of_exposure(area: str, one: ExposureFigure, *, today: date) -> VersionElement:
    """Return a count of a commune, or of the whole, as versions hold it."""
    divided = ";".join(f"{name}={one.breakdown[name]}" for name in sorted(one.breakdown))
    named = (one.institution, one.measure, one.unit.value, one.period, one.grid.value, divided)
    fresh, sure = _aged(
        one.period, today, known=one.known_parts, parts=one.known_parts + one.secret_parts
    )
    about = {"institution": one.institution, "measure": one.measure, "grid": one.grid.value}
    if one.denominator is not None:
        about["denominator"] = str(one.denominator)
    if one.secret_parts:
        about["secret_parts"] = str(one.secret_parts)
    return VersionElement(
        key="|".join((EXPOSURES, area, *named)),
        chapter=EXPOSURES,
        area=area,
        about={**about, **one.breakdown},
        label=one.label,
        value=one.known,
        unit=one.unit.value,
        source=one.source,
        period=one.period,
        status=one.status,
        reading=one.reading,
        freshness=fresh,
        confidence=sure,
    )


def of_need(area: str, one: NeedFigure, *, today: date) -> VersionElement:
    """Return a sum of needs as versions hold it."""
    named = (one.problem, one.theme, one.public, one.unit.value, one.period)
    fresh, sure = _aged(one.period, today, known=int(one.count is not None), parts=1)
    return VersionElement(
        key="|".join((NEEDS, area, *named)),
        chapter=NEEDS,
        area=area,
        about={"problem": one.problem, "theme": one.theme, "public": one.public},
        label=one.label,
        value=one.count,
        unit=one.unit.value,
        source=one.source,
        period=one.period,
        status=one.status,
        reading=one.reading,
        freshness=fresh,
        confidence=sure,
    )


def of_indicator(area: str, one: IndicatorFigure, *, today: date) -> VersionElement:
    """Return an indicator as versions hold it."""
    fresh, sure = _aged(one.vintage, today, known=int(one.value is not None), parts=1)
    return VersionElement(
        key=f"{INDICATORS}|{area}|{one.indicator}|{one.vintage}",
        chapter=INDICATORS,
        area=area,
        about={"indicator": one.indicator, **({"licence": one.licence} if one.licence else {})},
        label=one.label,
        value=one.value,
        unit=one.unit,
        source=one.source,
        period=one.vintage,
        status=one.status,
        reading=one.reading,
        freshness=fresh,
        confidence=sure,
    )


def of_areas(areas: Sequence[Area], *, today: date) -> list[VersionElement]:
    """Return what is known of communes as elements, and the counts of the whole.

    The whole is the sum of what is shown of its communes, so that it gives nothing away.
    """
    found: list[VersionElement] = []
    for area in areas:
        found += [of_exposure(area.commune, one, today=today) for one in area.exposures]
        found += [of_need(area.commune, one, today=today) for one in area.needs]
        found += [of_indicator(area.commune, one, today=today) for one in area.indicators]
    found += [of_exposure(WHOLE, one, today=today) for one in _summed_exposures(areas)]
    found += [of_need(WHOLE, one, today=today) for one in _summed_needs(areas)]
    return found


def _summed_exposures(areas: Sequence[Area]) -> list[ExposureFigure]:
    groups: dict[tuple[object, ...], list[ExposureFigure]] = {}
    for area in areas:
        for one in area.exposures:
            divided = tuple(sorted(one.breakdown.items()))
            key = (one.institution, one.measure, one.unit, one.period, one.grid, divided)
            groups.setdefault(key, []).append(one)
    return [_summed(group, len(areas)) for group in groups.values()]


def _summed(group: Sequence[ExposureFigure], communes: int) -> ExposureFigure:
    """Return the sum of one count over the communes it covers, and how many of all they are."""
    known = sum(one.known_parts for one in group)
    secret = sum(one.secret_parts for one in group)
    total = sum(one.known or 0 for one in group)
    below = sum(one.denominator or 0 for one in group) or None
    status, reading = folded_reading(
        total, known, secret, grid=group[0].grid.value, denominator=below
    )
    covered = sum(one.status is not FigureStatus.NOT_COVERED for one in group)
    if 0 < covered < communes:
        status = FigureStatus.PARTIAL if known else status
        reading = f"{reading} ; {covered} communes sur {communes}"
    return msgspec.structs.replace(
        group[0],
        known=total if known else None,
        known_parts=known,
        secret_parts=secret,
        denominator=below,
        status=status,
        reading=reading,
    )


def _summed_needs(areas: Sequence[Area]) -> list[NeedFigure]:
    groups: dict[tuple[object, ...], list[NeedFigure]] = {}
    for area in areas:
        for one in area.needs:
            key = (one.problem, one.theme, one.public, one.unit, one.period)
            groups.setdefault(key, []).append(one)
    found = []
    for group in groups.values():
        shown = [one.count for one in group if one.count is not None]
        hidden = len(group) - len(shown)
        status, reading = FigureStatus.SECRET, group[0].reading
        if shown:
            status = FigureStatus.PARTIAL if hidden else FigureStatus.COMPLETE
            reading = f"≥ {spaced(sum(shown))}" if hidden else spaced(sum(shown))
        count = sum(shown) if shown else None
        found.append(msgspec.structs.replace(group[0], count=count, status=status, reading=reading))
    return found


def sources_of(elements: Iterable[VersionElement]) -> list[VersionSource]:
    """Return where elements come from, each source with its latest period in each chapter."""
    latest: dict[tuple[str, str], VersionElement] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for one in elements:
        key = (one.chapter, one.source)
        counts[key] += 1
        if key not in latest or one.period > latest[key].period:
            latest[key] = one
    return [
        VersionSource(
            source=source,
            chapter=chapter,
            period=latest[chapter, source].period,
            elements=counts[chapter, source],
            freshness=latest[chapter, source].freshness,
        )
        for chapter, source in sorted(latest)
    ]


def seal(version: DiagnosticVersion) -> Sealed:
    """Return a version with its hash, which does not depend on the order it was gathered in."""
    chapters = {name: place for place, name in enumerate(_ORDER)}
    ordered = msgspec.structs.replace(
        version,
        hash="0" * 64,
        areas=sorted(version.areas, key=lambda one: one.commune),
        elements=sorted(
            version.elements,
            key=lambda one: (chapters.get(one.chapter, len(_ORDER)), one.chapter, one.key),
        ),
    )
    plain = msgspec.to_builtins(ordered)
    del plain["hash"]
    document = _CANONICAL.encode(plain)
    found = hashlib.sha256(document).hexdigest()
    return Sealed(document, found, msgspec.structs.replace(ordered, hash=found))


def with_hash(document: bytes, found: str) -> bytes:
    """Return the kept document with its hash, byte for byte as it was sealed otherwise."""
    return b'{"hash":"' + found.encode() + b'",' + document.removeprefix(b"{")


def version(
    row: VersionRow,
    *,
    tier: Tier,
    threshold: int,
    rounded_to: int,
    as_of_seq: int,
    areas: Sequence[Area],
    elements: Sequence[VersionElement],
    previous: DiagnosticVersion | None,
) -> Sealed:
    """Return a version of one tier, sealed, with what it changes of the one before."""
    told = None if previous is None else counts_of(changes(previous.elements, elements))
    return seal(
        DiagnosticVersion(
            hash="",
            coordination=row.coordination,
            number=row.number,
            tier=tier,
            title=row.title,
            published_at=row.published_at,
            as_of_seq=as_of_seq,
            threshold=threshold,
            rounded_to=rounded_to,
            previous=previous
            if previous is None
            else VersionLink(number=previous.number, hash=previous.hash),
            changes=told,
            sources=sources_of(elements),
            areas=[
                VersionArea(commune=one.commune, name=one.name, population=one.population)
                for one in areas
            ],
            elements=list(elements),
        )
    )


def changes(
    before: Sequence[VersionElement], after: Sequence[VersionElement]
) -> list[VersionChange]:
    """Return what two versions do not say the same of, by chapter, area and key."""
    old, new = _by_key(before), _by_key(after)
    found = []
    for key in sorted(old.keys() | new.keys()):
        kind = _kind(old.get(key), new.get(key))
        if kind is not None:
            found.append(_change(key, kind, old.get(key), new.get(key)))
    return found


def _by_key(elements: Sequence[VersionElement]) -> Mapping[str, VersionElement]:
    return {one.key: one for one in elements}


def _kind(old: VersionElement | None, new: VersionElement | None) -> str | None:
    if old is None or new is None:
        return "appeared" if old is None else "gone"
    if old.status is not new.status:
        return "status"
    return None if old.value == new.value and old.about == new.about else "revised"


def _change(
    key: str, kind: str, old: VersionElement | None, new: VersionElement | None
) -> VersionChange:
    shown = new or old
    assert shown is not None, "a key is of one of them"
    return VersionChange(
        key=key,
        chapter=shown.chapter,
        area=shown.area,
        label=shown.label,
        period=shown.period,
        kind=kind,
        before=old.value if old else None,
        after=new.value if new else None,
        status_before=old.status if old else None,
        status_after=new.status if new else None,
        reading=shown.reading,
    )


def counts_of(found: Sequence[VersionChange]) -> ChangeCounts:
    """Return how many changes there are of each kind, and the communes they are in."""
    kinds = Counter(one.kind for one in found)
    areas = sorted({one.area for one in found} - {WHOLE})
    return ChangeCounts(**{kind: kinds[kind] for kind in KINDS}, areas=areas)


def newly_known(before: DiagnosticVersion, after: DiagnosticVersion) -> list[str]:
    """Return chapters and sources that `after` has and `before` had nothing of, as a reader would.

    What they bring was not known before: it is no change of the territory.
    """
    known = {(one.chapter, one.source) for one in before.sources}
    return sorted(
        f"{one.chapter} : {one.source}"
        for one in after.sources
        if (one.chapter, one.source) not in known
    )
