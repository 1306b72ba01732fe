"""Signals to measure with: as many distinct cells as asked, all of one institution."""

from collections.abc import Iterator
from itertools import islice, product
from uuid import uuid4

from contracts.envelope import Event
from contracts.events.signals import ExposureCount, Unit
from contracts.partner.adapters import event_of
from contracts.values import AreaKind

AGREEMENT = "019b76da-8000-7000-8a00-00000000ca01"
PERIODS = [f"20{year:02d}-{month:02d}" for year in range(10, 26) for month in range(1, 13)]
AGES = [None, *(f"from_{age}" for age in range(0, 100, 5))]
MEASURES = [("c2s", Unit.INSURED_PERSON), ("comptes_ameli", Unit.INSURED_PERSON)]


def events(count: int, communes: list[str], *, start: int = 0) -> list[Event]:
    """Return `count` events of distinct cells, from the cell numbered `start` on."""
    cells = product(PERIODS, AGES, MEASURES, communes)
    return list(_events(islice(cells, start, start + count)))


def _events(cells: Iterator[tuple[str, str | None, tuple[str, Unit], str]]) -> Iterator[Event]:
    for number, (period, age, (measure, unit), commune) in enumerate(cells):
        signal = ExposureCount(
            signal_id=uuid4(),
            agreement=AGREEMENT,  # type: ignore[arg-type]  # Encoded as the text it is.
            purpose="shared_diagnostic",
            period=period,
            area_kind=AreaKind.COMMUNE,
            area_code=commune,
            measure=measure,
            unit=unit,
            count=11 + number % 900,
            age_band=age,
        )
        yield event_of(signal, institution="cpam-31")
