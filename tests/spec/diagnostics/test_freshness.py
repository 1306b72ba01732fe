"""How fresh a figure is on a day: the period or the last update, the day | freshness."""

from datetime import date

import pytest

from services.diagnostics.model import freshness

PERIODS = """
    2021        2022-01-01 | 1.00 | the count of December has just been taken
    2021        2022-07-01 | 1.00 | definitive six months later
    2021        2023-07-01 | 1.00 | the day the next one is due
    2021        2024-04-01 | 0.50 | half of the eighteen months later
    2021        2025-01-01 | 0.00 | eighteen months later
    2021        2030-01-01 | 0.00 | never below nothing
    2026-S1     2027-04-01 | 1.00 | a half-year: definitive three months later, then the next
    2026-S1     2028-10-01 | 0.00 | and eighteen months
    2026-06     2026-09-01 | 1.00 | a month: a month later, then the next
    2026-06     2028-03-01 | 0.00 | and eighteen months
    Insee,2021  2023-07-01 | 1.00 | what stands beside the year is left aside
    2019-2021   2023-07-01 | 1.00 | the last year of several
    ancien      2023-07-01 | -    | no year is known
"""
ENTRIES = """
    2026-01-01  2026-01-01 | 1.00
    2026-01-01  2026-07-03 | 1.00
    2026-01-01  2027-04-03 | 0.50
    2026-01-01  2028-01-01 | 0.00
    2026-01-01  2030-01-01 | 0.00
"""


@pytest.mark.parametrize("line", PERIODS.strip().splitlines(), ids=str.strip)
def test_a_count_of_a_period(line: str):
    given, wanted, _ = (part.strip() for part in line.split("|"))
    period, today = given.split()
    found = freshness.of_period(period.replace(",", " "), today=date.fromisoformat(today))
    assert ("-" if found is None else freshness.share(found)) == wanted


@pytest.mark.parametrize("line", ENTRIES.strip().splitlines(), ids=str.strip)
def test_an_entry_of_a_directory(line: str):
    given, wanted = (part.strip() for part in line.split("|"))
    updated, today = map(date.fromisoformat, given.split())
    assert freshness.share(freshness.of_directory(updated, today=today)) == wanted
