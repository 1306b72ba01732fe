"""However much changed at once, each fact of an update fits a message."""

from datetime import UTC, datetime

import msgspec

from contracts.events.diagnostics import ExposureFigure, FigureStatus, NeedFigure
from contracts.events.signals import Unit
from contracts.http.diagnostics import Area
from contracts.streams import MESSAGE_BYTES_MAX
from contracts.values import AreaKind
from services.chassis.outbox import DATA_BYTES_MAX
from services.diagnostics.commands.updates import parts_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG = "é" * 100


def exposure(number: int) -> ExposureFigure:
    return ExposureFigure(
        institution="i" * 40,
        source=LONG,
        measure="m" * 60,
        label=LONG,
        unit=Unit.INSURED_PERSON,
        period="2026-12",
        grid=AreaKind.COMMUNE,
        breakdown={"household_type": "h" * 60, "equipment": "e" * 60},
        known=10**8 + number,
        known_parts=99,
        secret_parts=99,
        denominator=10**8,
        status=FigureStatus.PARTIAL,
        reading="≥ 100 000 000, 99 comptes masqués",
    )


def need() -> NeedFigure:
    return NeedFigure(
        problem="p" * 60,
        label=LONG,
        theme="t" * 60,
        public="u" * 60,
        unit=Unit.PERSON,
        period="2026-12",
        count=10**6,
        status=FigureStatus.COMPLETE,
        reading="1 000 000",
        source=LONG,
    )


def area(exposures: int, needs: int) -> Area:
    return Area(
        commune="31113",
        name="Castanet-Tolosan",
        population=15_317,
        as_of_seq=7,
        exposures=[exposure(number) for number in range(exposures)],
        needs=[need() for _ in range(needs)],
        indicators=[],
    )


def test_every_part_fits_and_together_they_hold_everything():
    parts = parts_of("sicoval", area(500, 130), now=NOON)
    assert max(len(msgspec.json.encode(one)) for one in parts) <= DATA_BYTES_MAX < MESSAGE_BYTES_MAX
    assert [one.part for one in parts] == list(range(1, len(parts) + 1))
    assert {one.parts for one in parts} == {len(parts)}
    known = {figure.known for one in parts for figure in one.exposures}
    assert len(known) == 500
    assert sum(len(one.needs) for one in parts) == 130


def test_a_change_without_figures_is_still_told():
    assert len(parts_of("sicoval", area(0, 0), now=NOON)) == 1
