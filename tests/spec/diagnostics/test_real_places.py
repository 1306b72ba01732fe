"""Every real file of places is read; what became of its rows is published in the documentation."""

import json
import re
from io import BytesIO

import pytest

from services.chassis import importer
from services.diagnostics.imports.places import PLACES
from tests.conftest import ROOT, real_data
from tests.spec.diagnostics.producer_mappings import MAPPINGS

FILES = (
    "national_v1_2022_conseillers.json.gz",
    "national_v1_2023_conseillers.json.gz",
    "national_v1_2023_hauts_de_france_59_62.json.gz",
    "national_v1_hinaura.json.gz",
    "migration_charente_v1.json",
    "migration_charente_v2.json",
    "data_inclusion_services.json.gz",
    "fixture_bad_local_fake.json",
    "schema/exemple-valide.csv",
    *MAPPINGS,
)
ROW = re.compile(r"^\| `([^`]+\.(?:json|csv)(?:\.gz)?)` \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|")


def published():
    """Return what the page says of each file: read, accepted, refused, doubts."""
    found = map(ROW.match, (ROOT / "docs/places.md").read_text().splitlines())
    return {row[1]: tuple(map(int, row.groups()[1:])) for row in found if row}


async def imported(name):
    """Return the report of a file and its places."""
    places = []

    async def keep(items):
        places.extend(items)
        return [True] * len(items)

    mapping = MAPPINGS.get(name)
    file = BytesIO((real_data() / "lieux" / name).read_bytes())
    rows = importer.mapped(file, PLACES, json.dumps(mapping) if mapping else None)
    return await importer.run(rows, PLACES, keep), places


@pytest.mark.real_data
@pytest.mark.parametrize("name", FILES)
async def test_a_real_file_is_read_as_the_page_says(name):
    report, places = await imported(name)
    counted = (report.read, report.accepted, len(report.refused), len(report.warnings))
    assert published()[name] == counted
    assert report.read == report.accepted + len(report.refused)
    assert len({one.place_id for one in places}) == len(places)
    assert all(one.column and one.detail.endswith(".") for one in report.refused)


@pytest.mark.real_data
async def test_the_order_of_rows_changes_nothing_but_which_double_is_refused():
    content = json.loads((real_data() / "lieux/raw_aix_13.json").read_text())
    there, back = [], []
    for rows, kept in ((content, there), (content[::-1], back)):
        read = PLACES.open()
        file = BytesIO(json.dumps(rows).encode())
        kept += [read(row, lambda *_, **__: None) for row in importer.mapped(file, PLACES)]
    assert there == back[::-1]


def test_the_page_publishes_every_file():
    assert set(published()) == set(FILES)
