"""Every real file of places is read; what became of its rows is published in the documentation."""

import csv
import gzip
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
KNOWN = {
    "france_services.csv.gz": ",",
    "structures_aidants_connect_2024-02.csv.gz": ",",
    "structures_aidants_connect_2023-07-13_semicolon.csv.gz": ";",
}
"""Files known by their header, and their delimiter."""
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
    folder = "conum" if name in KNOWN else "lieux"
    file = BytesIO((real_data() / folder / name).read_bytes())
    rows = importer.mapped(file, PLACES, json.dumps(mapping) if mapping else None)
    return await importer.run(rows, PLACES, keep), places


@pytest.mark.real_data
@pytest.mark.parametrize("name", [*FILES, *KNOWN])
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
    assert set(published()) == {*FILES, *KNOWN}


@pytest.mark.real_data
@pytest.mark.parametrize("name", KNOWN)
async def test_a_known_producers_places_are_those_of_the_file_itself(name):
    report, places = await imported(name)
    with gzip.open(real_data() / "conum" / name, "rt", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=KNOWN[name]))
    assert report.read == len(rows)
    told = {row.get("id_fs") or row["ID"]: row for row in rows}
    kept = {one.own_id: one for one in places}
    assert kept.keys() <= told.keys()
    if name == "france_services.csv.gz":
        assert {one.insee_code for one in kept.values()} <= {row["insee_com"] for row in rows}
        assert sum(one.itinerance == ["Itinérant"] for one in kept.values()) == sum(
            row["itinerance"] == "Oui" for key, row in told.items() if key in kept
        )
        opened = {key for key, one in kept.items() if one.hours and "Sa" in one.hours}
        assert opened <= {key for key, row in told.items() if row["h_samedi"]}
        assert all(one.programmes == ["France Services"] for one in kept.values())
        return
    closed = {key for key, row in told.items() if row["Is Active"].lower() == "false"}
    assert sum(one.code == "E_CLOSED" for one in report.refused) == len(closed)
    assert not closed & kept.keys()
    both = {key for key, one in kept.items() if "France Services" in one.programmes}
    labelled = {key for key, row in told.items() if row["France Services Label"].lower() == "true"}
    assert both == labelled & kept.keys()


async def test_what_a_mapping_adds_to_a_known_file_says_when_it_is_of():
    header = "ID,Name,Is Active,City Insee Code,Address,Zip Code,Siret,France Services Label\n"
    row = '7,CCAS,true,31506,"1 place de la Mairie\n31520 Ramonville",31520,,false\n'
    mapping = json.dumps({"=2024-02-22": "date_maj"})
    read = PLACES.open()
    rows = importer.mapped(BytesIO((header + row).encode()), PLACES, mapping)
    (place,) = [read(one, lambda *_, **__: None) for one in rows]
    assert (place.updated_on.isoformat(), place.address) == ("2024-02-22", "1 place de la Mairie")
    assert (place.commune_name, place.source) == ("Ramonville", "Aidants Connect")
