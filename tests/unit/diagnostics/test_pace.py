"""Updates leave at once until there are too many a second."""

from datetime import UTC, datetime, timedelta

from services.diagnostics.model.pace import Pace

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_second_grants_its_number_and_no_more():
    pace = Pace(per_second=10)
    assert pace.take(10, now=NOON)
    assert not pace.take(1, now=NOON)
    assert pace.take(5, now=NOON + timedelta(seconds=0.5))
    assert not pace.take(1, now=NOON + timedelta(seconds=0.5))


def test_what_is_not_used_is_not_saved_up():
    pace = Pace(per_second=10)
    pace.take(1, now=NOON)
    later = NOON + timedelta(hours=1)
    assert pace.take(10, now=later)
    assert not pace.take(1, now=later)


def test_a_clock_that_goes_back_grants_nothing():
    pace = Pace(per_second=10)
    assert pace.take(10, now=NOON)
    assert not pace.take(1, now=NOON - timedelta(days=3))
