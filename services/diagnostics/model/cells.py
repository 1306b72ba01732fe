"""What a signal becomes once it is kept: a cell or a need, and what it is folded into."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.events.diagnostics import Decision
from contracts.events.exchange import SignalReceived
from contracts.events.signals import ExposureCount, ReportedNeed
from contracts.values import AreaKind

SECRET = "s"  # noqa: S105  # The letter that stands for a secret count.
FIELD_REPORT = "field_report"
"""What stands for a licence where a person of the coordination reports: it is no open data."""


class Cell(msgspec.Struct, frozen=True):
    """One exposure count as it is kept; `count` is None when it is secret.

    Columns of the queries on cells, in their order.
    """

    coordination: str
    institution: str
    signal_id: UUID
    revision: int
    cell_key: str
    measure: str
    unit: str
    period: str
    grid: str
    area_code: str
    commune: str | None
    breakdown: str
    count: int | None
    denominator: int | None
    label: str
    in_seq: int
    agreement: UUID | None
    is_open: bool
    received_at: datetime
    withdrawn: bool = False

    @property
    def content(self) -> tuple[object, ...]:
        """What a second signal of the same id and revision must repeat."""
        return self.cell_key, self.count, self.denominator


class Need(msgspec.Struct, frozen=True):
    """One reported need as it is kept. Columns of the queries on needs, in their order."""

    coordination: str
    institution: str
    signal_id: UUID
    revision: int
    reporter_kind: str
    problem: str
    theme: str
    public: str
    unit: str
    period: str
    grid: str
    area_code: str
    commune: str | None
    count: int
    place_kind: str | None
    time_slots: list[str]
    label: str
    in_seq: int
    agreement: UUID | None
    is_open: bool
    received_at: datetime
    withdrawn: bool = False

    @property
    def content(self) -> tuple[object, ...]:
        """What a second signal of the same id and revision must repeat."""
        return msgspec.structs.astuple(self)[4:16]


class FigureKey(msgspec.Struct, frozen=True, order=True):
    """What one folded exposure is about."""

    coordination: str
    commune: str
    institution: str
    measure: str
    unit: str
    period: str
    grid: str
    breakdown: str


class NeedKey(msgspec.Struct, frozen=True, order=True):
    """What one folded sum of needs is about."""

    coordination: str
    commune: str
    problem: str
    theme: str
    public: str
    unit: str
    period: str


class SeriesKey(msgspec.Struct, frozen=True, order=True):
    """One thing that a coordination receives, wherever it is about."""

    coordination: str
    institution: str
    measure: str
    unit: str
    period: str
    grid: str
    breakdown: str


class Change(msgspec.Struct):
    """What a batch adds to one folded exposure; parts are counted apart from their sum."""

    known_sum: int = 0
    known_parts: int = 0
    secret_parts: int = 0
    denominator_sum: int = 0
    label: str = ""

    @property
    def takes(self) -> bool:
        """Whether something becomes smaller."""
        sums = self.known_sum, self.known_parts, self.secret_parts, self.denominator_sum
        return min(sums) < 0

    def add(self, cell: Cell, sign: int) -> None:
        """Count `cell` in, or out when `sign` is -1."""
        if cell.count is None:
            self.secret_parts += sign
        else:
            self.known_sum += sign * cell.count
            self.known_parts += sign
            self.denominator_sum += sign * (cell.denominator or 0)
        self.label = cell.label


class Presence(msgspec.Struct):
    """How many cells a batch adds to a series, and how its source is shown."""

    cells: int = 0
    label: str = ""


class Known(msgspec.Struct):
    """What is already kept, for the signals of one batch; the batch adds to it as it goes."""

    communes: frozenset[str]
    cells: dict[tuple[str, UUID], Cell]
    cell_keys: dict[str, UUID]
    needs: dict[tuple[str, UUID], Need]


class Fold(msgspec.Struct):
    """What a batch changes: to be written in one transaction with its decisions."""

    decisions: list[tuple[str, Decision]]
    """By institution, in order."""
    cells: dict[tuple[str, UUID], Cell]
    needs: dict[tuple[str, UUID], Need]
    figures: dict[FigureKey, Change]
    series: dict[SeriesKey, Presence]
    need_figures: dict[NeedKey, int]
    areas: dict[str, int]
    """Communes touched, with the highest sequence that touched them."""


def breakdown_text(breakdown: Mapping[str, str]) -> str:
    """Return the one text of a breakdown, empty when there is none."""
    return ";".join(f"{name}={breakdown[name]}" for name in sorted(breakdown))


def breakdown_of(text: str) -> dict[str, str]:
    """Return the breakdown of its text."""
    return dict(part.split("=", 1) for part in text.split(";")) if text else {}


def is_open(licence: str | None) -> bool:
    """Tell whether what comes under `licence` is open data, kept without a term."""
    return licence not in {None, FIELD_REPORT}


def cell_of(fact: SignalReceived, signal: ExposureCount) -> Cell:
    """Return the cell a count fills."""
    breakdown = breakdown_text(signal.breakdown)
    grid = signal.area_kind.value
    key = "|".join(
        (
            fact.institution,
            signal.measure,
            signal.unit.value,
            signal.period,
            f"{grid}:{signal.area_code}",
            breakdown,
        )
    )
    return Cell(
        coordination=fact.coordination,
        institution=fact.institution,
        signal_id=signal.signal_id,
        revision=signal.revision,
        cell_key=key,
        measure=signal.measure,
        unit=signal.unit.value,
        period=signal.period,
        grid=grid,
        area_code=signal.area_code,
        commune=commune_of(signal.area_kind, signal.area_code),
        breakdown=breakdown,
        count=None if signal.count == SECRET else int(signal.count),
        denominator=signal.denominator,
        label=fact.label,
        in_seq=fact.in_seq,
        agreement=signal.agreement,
        is_open=is_open(signal.licence),
        received_at=fact.received_at,
    )


def need_of(fact: SignalReceived, signal: ReportedNeed) -> Need:
    """Return the need a report tells of."""
    return Need(
        coordination=fact.coordination,
        institution=fact.institution,
        signal_id=signal.signal_id,
        revision=signal.revision,
        reporter_kind=signal.reporter_kind.value,
        problem=signal.problem,
        theme=signal.theme,
        public=signal.public,
        unit=signal.unit.value,
        period=signal.period,
        grid=signal.area_kind.value,
        area_code=signal.area_code,
        commune=commune_of(signal.area_kind, signal.area_code),
        count=signal.count,
        place_kind=signal.place_kind,
        time_slots=[slot.value for slot in signal.time_slots],
        label=fact.label,
        in_seq=fact.in_seq,
        agreement=signal.agreement,
        is_open=is_open(signal.licence),
        received_at=fact.received_at,
    )


def commune_of(kind: AreaKind, code: str) -> str | None:
    """Return the commune a count folds to, None when its grid is wider than a commune."""
    return code[:5] if kind in {AreaKind.COMMUNE, AreaKind.IRIS} else None
