"""Lists of France services and of Aidants Connect are places of the coordination they are in."""

import csv
import gzip
from collections import Counter

import pytest

from services.chassis.importer import plain
from tests.conftest import real_data
from tests.integration.places.conftest import communes_by_epci

SICOVAL = "243100633"
FILES = {
    "france_services.csv.gz": ("insee_com", lambda row: bool(row["id_fs"])),
    "structures_aidants_connect_2024-02.csv.gz": (
        "City Insee Code",
        lambda row: row["Is Active"] == "true",
    ),
}
"""Column of the commune, and which rows are places."""


@pytest.mark.real_data
async def test_known_lists_give_each_commune_the_places_the_file_has(found_with, brought, seen):
    communes = {row["code_commune"]: row["nom"] for row in communes_by_epci()[SICOVAL]}
    slug = await found_with({code: (name, 1.5, 43.5) for code, name in communes.items()})
    names = {plain(name): code for code, name in communes.items()}
    expected = Counter()
    for name, (column, is_place) in FILES.items():
        path = real_data() / "conum" / name
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        codes = [row[column] or names.get(plain(row.get("City", ""))) for row in rows]
        there = zip(rows, codes, strict=True)
        here = Counter(code for row, code in there if code in communes and is_place(row))
        report = await brought(slug, path.read_bytes())
        assert report["read"] == len(rows)
        told = sum(here.values())
        assert (report["accepted"], report["unchanged"]) == (told, 0), name
        again = await brought(slug, path.read_bytes())
        assert (again["accepted"], again["unchanged"]) == (0, told)
        expected += here
    found = await seen(slug)
    assert Counter(one["commune"] for one in found) == expected
    assert expected


async def test_a_place_without_the_name_of_its_commune_has_that_of_its_code(sicoval, brought, seen):
    row = "ID,Name,Is Active,City Insee Code,Address,Zip Code,Siret,France Services Label\n"
    row += "1,CCAS,TRUE,31506,1 place de la Mairie,31520,,FALSE\n"
    row += "2,Ancien,FALSE,31506,2 place de la Mairie,31520,,FALSE\n"
    report = await brought(sicoval, row.encode())
    assert [(one["line"], one["code"]) for one in report["refused"]] == [(3, "E_CLOSED")]
    (found,) = await seen(sicoval)
    assert found["commune_name"] == "Ramonville-Saint-Agne"
    assert found["programmes"] == ["Aidants Connect"]
