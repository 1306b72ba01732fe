"""The same 188 places of Charente before and after the schema's change of 2024 are the same here."""

import json
from collections import Counter
from io import BytesIO

import pytest

from services.chassis.importer import mapped
from services.diagnostics.imports.places import PLACES
from tests.conftest import real_data

DIFFERENCES = Counter({"support_modes": 3, "kinds": 1, "services": 1})
"""Fields that the conversion of 2024 lost, each seen in the files: "accompagnement individuel" where
an atelier was offered too (3), a second kind (1), "créer et développer mon entreprise" alone (1)."""


def places(name):
    """Return the places of a file by id; none is refused."""
    read = PLACES.open()
    file = BytesIO((real_data() / "lieux" / name).read_bytes())
    told = [read(row, lambda *_, **__: None) for row in mapped(file, PLACES)]
    return {one.local_id: one for one in told}


@pytest.mark.real_data
def test_a_place_of_the_first_generation_is_that_of_the_second():
    before, after = places("migration_charente_v1.json"), places("migration_charente_v2.json")
    assert len(before) == 188
    assert before.keys() == after.keys()
    differ = [
        (name, getattr(before[key], name), getattr(after[key], name))
        for key in before
        for name in before[key].__struct_fields__
        if getattr(before[key], name) != getattr(after[key], name)
    ]
    assert Counter(name for name, _, _ in differ) == DIFFERENCES
    for name, old, new in differ:
        assert set(new) < set(old), f"{name}: what the conversion lost, and nothing else"


@pytest.mark.real_data
def test_the_files_do_differ_where_the_generations_do():
    before, after = (
        json.loads((real_data() / f"lieux/migration_charente_v{number}.json").read_text())
        for number in (1, 2)
    )
    changed = Counter(
        name
        for old, new in zip(before, after, strict=True)
        for name in old.keys() | new.keys()
        if old.get(name) != new.get(name)
    )
    assert changed["services"] == changed["modalites_accompagnement"] == 188
