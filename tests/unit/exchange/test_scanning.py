"""What clients make up to name their messages is never taken for a person's data."""

import random
from uuid import UUID

import pytest

from services.exchange.model import scanning

CHANCE = random.Random(20261122)
FORMS = {
    "a UUID": str,
    "a batch": lambda one: one.hex,
    "a trace": lambda one: f"00-{one.hex}-{one.hex[:16]}-01",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_name_made_by_chance_is_nobodys(form):
    made = [UUID(int=CHANCE.getrandbits(128), version=4) for _ in range(5_000)]
    assert [one for one in made if scanning.personal([FORMS[form](one)])] == []


def test_digits_alone_are_read_however_many():
    assert scanning.personal(["255081416802538"])
    assert scanning.personal(["0612345678"])
