"""Turn an institution's own files into signals. Each adapter says what its source is."""

import csv
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO
from uuid import UUID, uuid4, uuid5

import msgspec

from contracts.envelope import Event
from contracts.events.signals import ExposureCount, ReportedNeed, Signal, SignalWithdrawn, Unit
from contracts.values import AreaKind

NAMESPACE = UUID("6f0b6c3e-6a39-5d0c-9d1d-0d7b3a1f4c11")
"""Signals of the same source, period, place and measure have the same id on every machine."""
CNAF_MEASURES: Mapping[str, tuple[str, Unit]] = {
    "a": ("foyers_allocataires", Unit.HOUSEHOLD),
    "percou": ("personnes_couvertes", Unit.PERSON),
    "aal": ("aide_logement", Unit.HOUSEHOLD),
    "aapl": ("apl", Unit.HOUSEHOLD),
    "aaah": ("aah", Unit.HOUSEHOLD),
    "appa": ("prime_activite", Unit.HOUSEHOLD),
    "arsas": ("rsa_socle", Unit.HOUSEHOLD),
}
"""Columns of the file by IRIS that the shared diagnostic reads."""
SECRET = "s"  # noqa: S105


class Unreadable(ValueError):
    """A row of the file cannot be a signal: line, column and French reason."""

    def __init__(self, line: int, column: str, detail: str) -> None:
        """Name the place, counted from 1 with the header."""
        super().__init__(detail)
        self.line, self.column, self.detail = line, column, detail


def event_of(signal: Signal, *, institution: str, now: datetime | None = None) -> Event:
    """Return the CloudEvent that carries a signal; each has an id of its own."""
    return Event(
        id=str(uuid4()),
        source=f"urn:ctin:institution:{institution}",
        type=signal.TYPE,
        time=now or datetime.now(UTC),
        data=msgspec.json.encode(sparse(signal)),
    )


def sparse(signal: Signal) -> dict[str, object]:
    """Return the fields that say something: a contract's optional field is left out when empty."""
    named: dict[str, object] = msgspec.to_builtins(signal)
    return {name: value for name, value in named.items() if value is not None and value != []}


def cnaf_iris(
    file: TextIO, *, licence: str, year: str = "2021", communes: frozenset[str] | None = None
) -> Iterator[ExposureCount | Unreadable]:
    """Yield a count per IRIS and measure of the CNAF file "allocataires par IRIS".

    A blank cell is statistical secrecy and is sent as such, never as zero: whether it is blank is
    what counts, the file's own flag column is not enough (seen: rows without the flag have blanks).

    Args:
        file: the file, `;` between cells, header first.
        licence: the licence record under which the coordination admits it.
        year: the year the counts are of, at 31 December.
        communes: INSEE codes to keep, all when None.
    """
    for line, row in enumerate(csv.DictReader(file, delimiter=";"), start=2):
        iris = (row.get("iris_code") or "").strip()
        if communes is not None and iris[:5] not in communes:
            continue
        for column, (measure, unit) in CNAF_MEASURES.items():
            cell = (row.get(column) or "").strip()
            if cell and not cell.isdigit():
                yield Unreadable(line, column, f"« {cell} » n'est pas un compte entier.")
                continue
            try:
                yield msgspec.convert(
                    {
                        "signal_id": uuid5(NAMESPACE, f"cnaf-iris:{year}:{iris}:{measure}"),
                        "licence": licence,
                        "purpose": "shared_diagnostic",
                        "period": year,
                        "area_kind": AreaKind.IRIS,
                        "area_code": iris,
                        "measure": measure,
                        "unit": unit,
                        "count": int(cell) if cell else SECRET,
                    },
                    ExposureCount,
                )
            except msgspec.ValidationError as error:
                yield Unreadable(line, column, f"« {iris} » : {error}")


class GeneratedMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """How a made-up count is drawn: between two shares of the population, per thousand."""

    measure: str
    unit: Unit
    per_thousand_min: int
    per_thousand_max: int


def generated_feed(
    populations: Mapping[str, int],
    measures: list[GeneratedMeasure],
    *,
    agreement: UUID,
    period: str,
    threshold: int,
    seed: int,
) -> Iterator[ExposureCount]:
    """Yield made-up counts by commune, the same on every machine: a feed for demonstrations.

    No open data of the kind exists. What is below `threshold` is sent as secret.
    """
    for commune, population in sorted(populations.items()):
        for one in measures:
            draw = random.Random(f"{seed}:{commune}:{one.measure}")  # noqa: S311
            share = draw.randint(one.per_thousand_min, one.per_thousand_max)
            count = population * share // 1000
            yield ExposureCount(
                signal_id=uuid5(NAMESPACE, f"generated:{seed}:{period}:{commune}:{one.measure}"),
                agreement=agreement,
                purpose="shared_diagnostic",
                period=period,
                area_kind=AreaKind.COMMUNE,
                area_code=commune,
                measure=one.measure,
                unit=one.unit,
                count=count if count == 0 or count >= threshold else "s",
            )


def events_of_lines(text: TextIO, *, institution: str) -> Iterator[Event | Unreadable]:
    """Yield the events of NDJSON: a signal a line, or a whole CloudEvent a line.

    A bare signal names its type in `type`, as in `exposure_count`; what is in it is not checked
    here: the exchange does, and answers.
    """
    for line, raw in enumerate(text, start=1):
        if not raw.strip():
            continue
        try:
            found = msgspec.json.decode(raw)
            if not isinstance(found, dict):
                raise msgspec.DecodeError("an object is expected")  # noqa: TRY301
        except (msgspec.DecodeError, UnicodeEncodeError):
            yield Unreadable(line, "", "Cette ligne n'est pas un objet JSON.")
            continue
        if "specversion" in found:
            yield Event(
                id=str(found.get("id") or uuid4()),
                source=str(found.get("source") or f"urn:ctin:institution:{institution}"),
                type=str(found.get("type", "")),
                time=datetime.now(UTC),
                data=msgspec.json.encode(found.get("data")),
            )
            continue
        kind = str(found.pop("type", _guess(found)))
        yield Event(
            id=str(uuid4()),
            source=f"urn:ctin:institution:{institution}",
            type=kind if kind.startswith("fr.ctin.") else f"fr.ctin.signals.{kind}.v1",
            time=datetime.now(UTC),
            data=msgspec.json.encode(found),
        )


def _guess(found: Mapping[str, object]) -> str:
    if "withdraws" in found:
        return SignalWithdrawn.TYPE
    kind = ReportedNeed if "problem" in found else ExposureCount
    return kind.TYPE


def communes_of(path: Path) -> frozenset[str]:
    """Return the INSEE codes of a CSV file with a column `code`."""
    with path.open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))
