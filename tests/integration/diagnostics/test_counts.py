"""Counts of open data are folded by the rules of signals; activity of advisers stands beside."""

import csv
import gzip
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest

from tests.conftest import real_data
from tests.integration.diagnostics.conftest import Desk, lines, rows_about
from tests.integration.diagnostics.provenance import figures_of, figures_that_say_nothing

IRIS_HEADER = "iris_code;note;a;percou;ai;am;acssenf;acavenf;aal;aapl;aaah;appa;arsas"


def iris(code: str, *counts: object) -> str:
    """Return a row by IRIS: as many counts as are given, then blanks."""
    return ";".join(map(str, [code, 0, *counts, *[""] * (11 - len(counts))]))


async def territory(desk: Desk, data: Path, siren: str, *departments: str) -> list[str]:
    """Bring the real communes of départements, cover those of an EPCI, and return their codes."""
    cog = lines(data / "cog/communes_epci_2026.csv.gz", *departments)
    await desk.bring_shared("cog", cog)
    rows = csv.DictReader(StringIO(cog))
    codes = [row["code_commune"] for row in rows if row["siren_epci"] == siren]
    await desk.cover(*codes)
    return codes


def iris_rows(data: Path) -> list[dict[str, str]]:
    """The file by IRIS, read by csv alone."""
    held = gzip.decompress((data / "social/cnaf_2021_iris.csv.gz").read_bytes()).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(held), delimiter=";"))


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("siren", "department", "communes"),
    [("243100633", "31", 36), ("200093201", "59", 95), ("243300316", "33", 28)],
    ids=["sicoval", "lille", "bordeaux"],
)
async def test_the_real_counts_reconcile_with_the_file_itself(desk, siren, department, communes):
    data = real_data()
    codes = await territory(desk, data, siren, department)
    assert len(codes) == communes
    report = await desk.bring("cnaf-iris", data / "social/cnaf_2021_iris.csv.gz")
    rows = iris_rows(data)
    here = [row for row in rows if row["iris_code"][:5] in set(codes)]
    assert report["read"] == len(rows)
    assert report["accepted"] == len(here)
    assert report["totals"]["rows_elsewhere"] == len(rows) - len(here)
    for column, measure in (("a", "foyers_allocataires"), ("arsas", "rsa_socle")):
        assert report["totals"][measure] == sum(int(row[column] or 0) for row in here)

    known, secret = Counter(), Counter()
    for row in here:
        known[row["iris_code"][:5]] += int(row["a"] or 0)
        secret[row["iris_code"][:5]] += not row["a"]
    for code in codes[:3] + [row["iris_code"][:5] for row in here][:5]:
        area = await desk.get(f"areas/{code}")
        (figure,) = [
            one
            for one in area["exposures"]
            if one["measure"] == "foyers_allocataires" and not one["breakdown"]
        ]
        assert (figure["known"] or 0, figure["secret_parts"]) == (known[code], secret[code])
        assert "CNAF" in figure["source"]
        assert figure["period"] == "2021"

    same = lines(data / "social/cnaf_2021_iris.csv.gz", department)
    again = await desk.bring("cnaf-iris", same)
    assert (again["accepted"], again["unchanged"]) == (0, again["read"])


async def test_a_small_count_is_refused_and_a_blank_is_secret(desk):
    await desk.cover("86001", "86002")
    content = "\n".join(
        [
            IRIS_HEADER,
            iris("860010000", 120, 300, 40),
            iris("860020000", 120, 300, 4),
            iris("860020001", 5, "", 0),
            iris("860020002", "beaucoup"),
            iris("860010000", 1, 1),
        ]
    )
    report = await desk.bring("cnaf-iris", content)

    assert report["accepted"] == 2
    assert [(one["line"], one["column"], one["code"]) for one in report["refused"]] == [
        (3, "ai", "E_SMALL"),
        (5, "a", "E_FIELD"),
        (6, "iris_code", "E_TWICE"),
    ]
    area = await desk.get("areas/86002")
    figures = {
        (one["measure"], one["breakdown"].get("household_type")): (one["known"], one["status"])
        for one in area["exposures"]
    }
    assert figures["foyers_allocataires", None] == (5, "complete")
    assert figures["foyers_allocataires", "isolated"] == (0, "complete")
    assert figures["personnes_couvertes", None] == (None, "secret")


@pytest.mark.real_data
async def test_counts_by_commune_qpv_and_epci_are_taken_for_their_territory(desk):
    data = real_data()
    await territory(desk, data, "243300316", "33")
    taken = {}
    for name in ("communes_qpv", "epci", "qpv"):
        report = await desk.bring("cnaf-iris", data / f"social/demo_cnaf_2020_{name}.csv")
        assert report["read"] == report["accepted"] + report["unchanged"] + len(report["refused"])
        taken[name] = report["accepted"]
    assert taken["epci"] == 1
    assert taken["communes_qpv"] >= 5
    assert taken["qpv"] >= 10


@pytest.mark.real_data
async def test_the_activity_of_advisers_is_read_by_postal_code_and_departement(desk):
    data = real_data()
    await territory(desk, data, "243100633", "31")
    for name in ("activite_cras_codes_postaux.csv", "activite_cras_departements.json"):
        report = await desk.bring("activity", data / "conum" / name)
        assert report["read"] == report["accepted"] + report["unchanged"] + len(report["refused"])
        assert report["accepted"] > 0
        again = await desk.bring("activity", data / "conum" / name)
        assert (again["accepted"], again["unchanged"]) == (
            0,
            report["read"] - len(again["refused"]),
        )

    found = await desk.get("activity")
    by_place = {one["place"]: one for one in found["items"]}
    with (data / "conum/activite_cras_codes_postaux.csv").open(encoding="utf-8-sig") as file:
        published = {row["CodePostal"]: row for row in csv.DictReader(file)}
    for place in ("31520", "31670"):
        assert by_place[place]["figures"]["over_60"] == int(published[place]["Somme de Plus60ans"])
        assert by_place[place]["communes"]
    assert by_place["31"]["figures"]["people"] > 1000
    assert by_place["31"]["figures"]["theme:demarcheEnLigne"] > 0
    assert by_place["31"]["source"]
    outside = await desk.ask("GET", f"{desk.here}/activity", role="observer")
    rounded = [c for one in outside["items"] for c in one["figures"].values() if c is not None]
    assert rounded
    assert not [count for count in rounded if count % 5], (
        "the public reads them to the nearest five"
    )
    small = {
        (one["place"], name)
        for one in found["items"]
        for name, count in one["figures"].items()
        if 0 < count < 11
    }
    hidden = {
        (one["place"], name)
        for one in outside["items"]
        for name, count in one["figures"].items()
        if count is None
    }
    assert hidden >= small, "others may be hidden that would give them away"
    assert small


async def test_a_territory_is_no_coordination_s_own(desk):
    await desk.cover("86003")
    refused = await desk.bring("cog", b"code_commune\n", status=422)
    assert (refused["code"], refused["errors"][0]["field"]) == ("E_FIELD", "kind")
    refused = await desk.bring_shared("cnaf-iris", b"x", status=422)
    assert refused["errors"][0]["field"] == "kind"


@pytest.mark.real_data
async def test_districts_and_epci_are_read_at_their_own_level_beside_their_communes(desk):
    data = real_data()
    codes = await territory(desk, data, "243300316", "33")
    await desk.bring_shared("indicators", data / "social/demo_cnaf_2020_qpv.csv")
    for name in ("qpv", "epci"):
        await desk.bring("cnaf-iris", data / f"social/demo_cnaf_2020_{name}.csv")
    with (data / "social/demo_cnaf_2020_qpv.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    here = [row for row in rows if row["CODGEO"][2:5] == "033" and row["LIB_COM"] == "Bordeaux"]
    assert here
    area = await desk.get("areas/33063")
    wider = {one["area"]: one for one in area["wider"]}
    for row in here:
        district = wider[row["CODGEO"]]
        people = {one["indicator"]: one["value"] for one in district["indicators"]}
        assert people["population"] == row["POP_MUN"]
        (counted,) = [
            one["known"]
            for one in district["exposures"]
            if one["measure"] == "foyers_allocataires" and not one["breakdown"]
        ]
        assert counted == int(row["A"])
        assert "Bordeaux" in district["name"]
    with (data / "social/demo_cnaf_2020_epci.csv").open(encoding="utf-8-sig") as file:
        (whole,) = [
            row for row in csv.DictReader(file, delimiter=";") if row["CODGEO"] == "243300316"
        ]
    told = {one["measure"]: one for one in wider["243300316"]["exposures"] if not one["breakdown"]}
    assert told["foyers_allocataires"]["known"] == int(whole["A"])
    assert told["foyers_allocataires"]["grid"] == "epci"
    assert area["exposures"] == [], "nothing of them is spread over a commune"

    page = await desk.get("wider-areas", limit=200)
    listed = {one["area_code"]: one for one in page["items"]}
    assert sorted(listed["243300316"]["communes"]) == sorted(codes)
    assert listed["243300316"]["name"] == "Bordeaux Métropole"
    assert listed[here[0]["CODGEO"]]["communes"] == ["33063"]
    values = await desk.get("indicators/population")
    assert {one["kind"] for one in values["wider"]} >= {"qpv"}
    again = await desk.bring("cnaf-iris", data / "social/demo_cnaf_2020_qpv.csv")
    assert again["accepted"] == 0


@pytest.mark.real_data
async def test_every_figure_of_a_real_commune_says_where_it_is_from(desk):
    data = real_data()
    await territory(desk, data, "243300316", "33")
    for kind, name in (
        ("ifn", "ifn/ifn_communes.csv.gz"),
        ("indicators", "social/taux_pauvrete.csv.gz"),
        ("indicators", "social/defm2019_communes.csv"),
    ):
        await desk.bring_shared(kind, rows_about(data / name, "33"))
    await desk.bring_shared("indicators", data / "social/demo_cnaf_2020_qpv.csv")
    await desk.bring("cnaf-iris", lines(data / "social/cnaf_2021_iris.csv.gz", "33"))
    for name in ("communes_qpv", "qpv", "epci"):
        await desk.bring("cnaf-iris", data / f"social/demo_cnaf_2020_{name}.csv")
    await desk.bring("activity", data / "conum/activite_cras_codes_postaux.csv")
    await desk.bring("places", data / "conum/structures_aidants_connect_2024-02.csv.gz")
    for role in ("coordinator", "observer"):
        sheet = await desk.ask("GET", f"{desk.here}/areas/33063/sheet", role=role)
        assert figures_that_say_nothing(sheet) == []
        assert figures_of(sheet) > 100
        licences = {one["licence"] for one in sheet["exposures"]}
        assert licences == {"Licence Ouverte / Etalab 2.0"}
        (wider,) = [one for one in sheet["sections"] if one["name"] == "wider"]
        assert {row[0] for row in wider["rows"]} >= {"Bordeaux Métropole"}
        assert any("QP033" in row[0] for row in wider["rows"])
