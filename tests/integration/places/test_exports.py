"""The directory goes out as files that others read: they validate, and come back unchanged."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime

import openpyxl
import pytest

from tests.conftest import real_data
from tests.integration.places.conftest import communes_by_epci, lieux
from tests.integration.places.test_places import place

LILLE = "200093201"


def faults(text, schema):
    """Return line, column and value of what a Table Schema does not take, by the schema alone."""
    known = {one["name"]: one for one in schema["fields"]}
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert set(rows[0]) == set(known)
    found = []
    for line, row in enumerate(rows, start=2):
        found += [(line, name, row[name]) for name in known if not fits(row[name], known[name])]
    keys = [row[schema["primaryKey"]] for row in rows]
    return found + [(0, "primaryKey", one) for one in {one for one in keys if keys.count(one) > 1}]


def fits(value, field):
    rules = field.get("constraints", {})
    if value == "":
        return not rules.get("required")
    if field["type"] == "number" and not re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", value):
        return False
    if field["type"] == "date" and date.fromisoformat(value).isoformat() != value:
        return False
    if "pattern" in rules and not re.search(rules["pattern"], value):
        return False
    return len(value) <= rules.get("maxLength", len(value))


@pytest.fixture
def exported(http, bearer):
    """Return a function that reads a file of the directory as an observer does."""

    async def ask(coordination, path="export", **params):
        answer = await http.get(
            f"/v1/coordinations/{coordination}/places/{path}",
            params=params,
            headers=bearer("observer", coordination),
        )
        assert answer.status_code == 200, answer.text
        return answer

    return ask


@pytest.fixture
async def lille(found_with, brought):
    """The real places of the Métropole de Lille, from the file of the Hauts-de-France."""
    communes = {one["code_commune"]: (one["nom"], 3.0, 50.6) for one in communes_by_epci()[LILLE]}
    here = await found_with(communes)
    content = lieux("national_v1_2023_hauts_de_france_59_62.json.gz").read_bytes()
    report = await brought(here, content)
    outside = [one for one in report["refused"] if one["code"] == "E_PERIMETER"]
    assert (report["read"], report["accepted"], len(outside)) == (1741, 324, 1417)
    return here


@pytest.mark.real_data
async def test_the_oracle_takes_the_schemas_own_example_and_refuses_what_is_wrong():
    schema = json.loads(lieux("schema/schema.json").read_text())
    text = lieux("schema/exemple-valide.csv").read_text()
    assert faults(text, schema) == []
    assert faults(text.replace("51100", "5110"), schema) == [(2, "code_postal", "5110")]
    assert faults(text.replace("Itinérant", "Parfois"), schema) == [(2, "itinerance", "Parfois")]


@pytest.mark.real_data
async def test_real_places_validate_against_the_national_schema_and_come_back_unchanged(
    lille, exported, brought, found_with, seen
):
    schema = json.loads(lieux("schema/schema.json").read_text())
    answer = await exported(lille, format="csv", producer="200093201")
    name = rf"\d{{8}}_200093201_lieux-de-mediation-numerique_{lille}\.csv"
    assert re.search(f'filename="{name}"', answer.headers["content-disposition"])
    assert faults(answer.text, schema) == []
    codes = {row["code_insee"] for row in csv.DictReader(io.StringIO(answer.text))}
    assert codes <= {one["code_commune"] for one in communes_by_epci()[LILLE]}
    for told in ("csv", "json"):
        again = (await exported(lille, format=told)).content
        report = await brought(lille, again)
        assert (report["unchanged"], report["refused"]) == (324, []), told


async def test_every_value_of_the_schema_validates_and_comes_back(sicoval, brought, exported, seen):
    schema = json.loads((real_data() / "lieux/schema/schema.json").read_text())
    full = {}
    for field in schema["fields"]:
        pattern = field.get("constraints", {}).get("pattern", "")
        values = re.search(r"\(\?:\^\|\\\|\)\((.*)\)\)\+\$", pattern)
        if values:
            full[field["name"]] = re.sub(r"\\([()])", r"\1", values[1])
    assert len(full) == 9
    report = await brought(
        sicoval,
        [
            place(**full, typologie="RFS|ES"),
            place(id="b", source="Y"),
            place(id="b", source="X", pivot=""),
        ],
    )
    assert report["accepted"] == 3, report
    answer = await exported(sicoval)
    assert faults(answer.text, schema) == []
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert set(rows) == {"structure-1", "X_b", "Y_b"}, "an id that two sources have takes theirs"
    for name, value in full.items():
        assert set(rows["structure-1"][name].split("|")) == set(value.split("|"))
    assert rows["X_b"]["pivot"] == "00000000000000"
    assert (await brought(sicoval, answer.content))["unchanged"] == 3


async def test_other_formats_tell_the_same_places(sicoval, brought, exported):
    await brought(sicoval, [place(nom="=1+1"), place(id="b", latitude="", longitude="")])
    shape = (await exported(sicoval, format="geojson")).json()
    assert shape["type"] == "FeatureCollection"
    geometries = {one["id"]: one["geometry"] for one in shape["features"]}
    assert geometries == {
        "structure-1": {"type": "Point", "coordinates": [1.4778, 43.544]},
        "b": None,
    }
    content = (await exported(sicoval, format="xlsx")).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    header, *rows = sheet.iter_rows(values_only=True)
    told = (await exported(sicoval, format="json")).json()
    assert list(header) == list(told[0])
    assert {row[2] for row in rows} == {"=1+1", place()["nom"]}
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n"}


def referential(name):
    with (real_data() / "lieux/data_inclusion_referentiels" / name).open() as file:
        return {row["value"] for row in csv.DictReader(file)}


@pytest.mark.real_data
async def test_structures_and_services_hold_to_data_inclusions_rules(lille, exported):
    structures = (await exported(lille, "data-inclusion/structures")).json()
    services = (await exported(lille, "data-inclusion/services")).json()
    assert len(structures) == 324
    assert {one["structure_id"] for one in services} <= {one["id"] for one in structures}
    for one in (*structures, *services):
        assert one["id"].startswith(f"{one['source']}--")
        assert 3 <= len(one["nom"]) <= 150
        assert not one["nom"].endswith(".")
        assert "2000-01-01" <= one["date_maj"] <= datetime.now(UTC).date().isoformat()
        assert re.fullmatch(r"\d{5}", one["code_postal"])
        assert re.fullmatch(r"\w{5}", one["code_insee"])
        assert 5 <= len(one.get("description", "-----")) <= 10_000
        assert re.fullmatch(r"\d{14}", one.get("siret", "0" * 14))
    for one in services:
        assert set(one["thematiques"]) <= referential("thematiques_v1.csv")
        assert set(one["publics"]) <= referential("publics_v1.csv")
        assert one["publics"] == ["tous-publics"] or "tous-publics" not in one["publics"]
        assert one.get("frais", "gratuit") in referential("frais_v1.csv")
        assert one["type"] in referential("types_de_services_v1.csv")
        assert set(one["modes_accueil"]) <= referential("modes_accueil_v1.csv")
        assert set(one.get("modes_mobilisation", [])) <= referential("modes_mobilisation_v1.csv")
        assert one["description"]
        assert one["zone_eligibilite"]
    networks = {one for row in structures for one in row.get("reseaux_porteurs", [])}
    assert networks <= referential("reseaux_porteurs_v1.csv")
    assert "conseillers-numeriques" in networks
