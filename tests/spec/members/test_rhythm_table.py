"""When a committee is late, row by row."""

from datetime import UTC, date, datetime

import pytest

from services.members.model.days import day_of, written, written_day
from services.members.model.rhythm import Rhythm, lateness

# since | last met | every | today | due, days, periods | because
RHYTHMS = """
    2026-01-01 | -                 | 90 | 2026-04-01 | -               | the ninetieth day is still in time
    2026-01-01 | -                 | 90 | 2026-04-02 | 2026-04-01 1 1  | the day after is late
    2026-01-01 | 2026-03-01T10:00Z | 90 | 2026-05-30 | -               | it met since
    2026-01-01 | 2026-03-01T10:00Z | 90 | 2026-05-31 | 2026-05-30 1 1  | and did not again
    2026-01-01 | 2026-02-28T23:30Z | 90 | 2026-05-30 | -               | it met on the first of March, in Paris
    2026-01-01 | -                 | 90 | 2026-07-01 | 2026-06-30 91 2 | a second period is missed
    2026-01-01 | -                 | 1  | 2026-01-04 | 2026-01-03 2 2  | a daily one
    2026-06-01 | -                 | 90 | 2026-01-01 | -               | it is not made yet
"""


@pytest.mark.parametrize("line", RHYTHMS.strip().splitlines())
def test_a_committee_is_late_from_the_day_after_it_was_due(line):
    since, met, every, today, told, _ = (part.strip() for part in line.split("|"))
    found = Rhythm(
        coordination="c",
        committee="copil",
        name="Comité",
        since=date.fromisoformat(since),
        meets_every_days=int(every),
        last_met_at=None if met == "-" else datetime.fromisoformat(met),
        convened_for=None,
    )

    late = lateness(found, today=date.fromisoformat(today))

    assert ("-" if late is None else f"{late.due_on} {late.days} {late.periods}") == told


def test_an_instant_is_written_in_paris():
    assert day_of(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2027, 1, 1)
    assert written(datetime(2026, 7, 31, 22, 5, tzinfo=UTC)) == "samedi 1er août 2026 à 0 h 05"
    assert written_day(date(2026, 12, 22)) == "mardi 22 décembre 2026"
