"""How figures read on the pages."""

from datetime import UTC, date, datetime

import pytest

from services.portal.model import french


@pytest.mark.parametrize(
    ("cents", "read"),
    [
        (0, "0,00\u00a0€"),
        (5, "0,05\u00a0€"),
        (833_333, "8\u202f333,33\u00a0€"),
        (15_250_000, "152\u202f500,00\u00a0€"),
        (1_000_000_000_00, "1\u202f000\u202f000\u202f000,00\u00a0€"),
        (-12_345, "\u2212123,45\u00a0€"),
    ],
)
def test_an_amount_reads_in_euros_to_the_cent(cents, read):
    """Thousands are set off by a narrow no-break space, so an amount never breaks over a line."""
    assert french.money(cents) == read


def test_a_day_reads_with_its_month_and_the_first_is_first():
    """French writes `1er` and plain numbers after it."""
    assert french.day(date(2026, 3, 1)) == "1er\u00a0mars\u00a02026"
    assert french.day(date(2026, 12, 31)) == "31\u00a0décembre\u00a02026"


def test_an_instant_is_shown_in_paris():
    """23:30 UTC on the last day of the year is already January in Paris."""
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)

    assert french.instant(late) == "1er\u00a0janvier\u00a02027 à\u00a000:30"
    assert french.clock(late) == "00:30"


@pytest.mark.parametrize(
    ("count", "read"),
    [
        (0, "0\u00a0commune"),
        (1, "1\u00a0commune"),
        (2, "2\u00a0communes"),
        (1_200, "1\u202f200\u00a0communes"),
    ],
)
def test_zero_and_one_are_singular(count, read):
    """Unlike in English, zero takes the singular."""
    assert french.plural(count, "commune", "communes") == read


@pytest.mark.parametrize(
    ("period", "read"),
    [
        ("2021", "2021"),
        ("2021-S1", "1er\u00a0semestre\u00a02021"),
        ("2021-S2", "2e\u00a0semestre\u00a02021"),
        ("2026-02", "février\u00a02026"),
        ("2026-12", "décembre\u00a02026"),
        ("de 2021 à 2023", "de 2021 à 2023"),
    ],
)
def test_a_period_reads_in_words(period, read):
    """A year, a half-year and a month; anything else is shown as it came."""
    assert french.period(period) == read
