"""Indicators are kept as observed: edition by edition, revision by revision, national or own."""

import csv
import gzip
import json
import random
from io import StringIO
from uuid import uuid4

import pytest

from tests.conftest import real_data
from tests.integration.diagnostics.conftest import Desk, lines, rows_about

COG_HEADER = (
    "code_commune,nom,population,codes_postaux,code_departement,departement,code_region,region,"
    "siren_epci,epci,type_epci"
)
LONG = "area,indicator,value,label,unit,source,licence,vintage"
IFN_HEADER = (
    "name,division,code,no_thd_coverage_rate,no_4g_coverage_rate,poverty_rate,older_65_rate,"
    "nscol15p_rate,total"
)


@pytest.fixture
def indicator() -> str:
    """A name that no other test uses: national observations are everybody's."""
    return f"i{uuid4().hex[:12]}"


def table(indicator: str, vintage: str, unit: str = "%", **values: str) -> str:
    """Return a table of one edition; areas are given as `c31555`."""
    told = f"Un indicateur,{unit},INSEE,Licence Ouverte,{vintage}"
    rows = [f'{area[1:]},{indicator},"{value}",{told}' for area, value in values.items()]
    return "\n".join([LONG, *rows])


NUMBERS = iter(random.sample(range(1_000), 1_000))
"""Of communes of a département 96, which does not exist."""


def fresh_commune() -> str:
    """Return the code of a commune that no file and no other test has."""
    return f"96{next(NUMBERS):03}"


async def known_territory(desk: Desk, *populations: int) -> list[str]:
    """Bring communes of one EPCI, cover them, and return the EPCI and their codes."""
    epci = f"9{uuid4().int % 10**8:08}"
    codes: list[str] = []
    while len(codes) < len(populations):
        code = fresh_commune()
        if code not in codes:
            codes.append(code)
    rows = [
        f"{code},Ville {n},{people},80000,80,Somme,32,Hauts-de-France,{epci},CC {epci},CC"
        for n, (code, people) in enumerate(zip(codes, populations, strict=True))
    ]
    report = await desk.bring_shared("cog", "\n".join([COG_HEADER, *rows]))
    assert (report["read"], report["refused"]) == (len(codes), [])
    await desk.cover(*codes)
    return [epci, *codes]


async def test_a_national_file_is_read_by_every_coordination(desk, another_desk, indicator):
    _, code = await known_territory(desk, 900)
    report = await desk.bring_shared("indicators", table(indicator, "2021", **{f"c{code}": "12,5"}))
    assert (report["accepted"], report["totals"]["values"]) == (1, 1)
    await another_desk.cover(code)

    for one in (desk, another_desk):
        area = await one.get(f"areas/{code}")
        (figure,) = [found for found in area["indicators"] if found["indicator"] == indicator]
        assert (figure["value"], figure["reading"], figure["status"]) == (
            "12.5",
            "12,5",
            "complete",
        )
        assert (figure["source"], figure["vintage"], figure["licence"]) == (
            "INSEE",
            "2021",
            "Licence Ouverte",
        )
        assert area["name"] == "Ville 0"
        assert area["population"] == 900


async def test_a_coordination_s_own_file_is_its_own(desk, another_desk, indicator):
    _, code, other = await known_territory(desk, 900, 800)
    await another_desk.cover(code)
    elsewhere = fresh_commune()
    told = {f"c{code}": "3", f"c{other}": "4", f"c{elsewhere}": "5"}
    report = await desk.bring("indicators", table(indicator, "2022", **told))

    assert (report["accepted"], report["unchanged"], report["totals"]["rows_elsewhere"]) == (
        2,
        1,
        1,
    )
    assert report["totals"]["values"] == 2, "rows about elsewhere are in no total"
    catalogue = (await desk.get("indicators"))["items"]
    assert [(one["indicator"], one["is_national"], one["known"]) for one in catalogue] == [
        (indicator, False, 2)
    ]
    assert (await another_desk.get("indicators"))["items"] == []
    assert (await another_desk.get(f"indicators/{indicator}", status=404))["code"] == "E_UNKNOWN"


async def test_the_same_file_twice_changes_nothing(desk, indicator):
    _, code = await known_territory(desk, 900)
    content = table(indicator, "2021", **{f"c{code}": "1"})
    assert (await desk.bring_shared("indicators", content))["accepted"] == 1
    again = await desk.bring_shared("indicators", content)

    assert (again["accepted"], again["unchanged"], again["refused"]) == (0, 1, [])
    history = (await desk.get(f"indicators/{indicator}/areas/{code}"))["history"]
    assert [one["revision"] for one in history] == [1]


async def test_a_corrected_value_is_a_revision_and_a_new_edition_stands_beside(desk, indicator):
    _, code = await known_territory(desk, 900)
    for vintage, value in (("2021", "1"), ("2021", "2"), ("2022", "7")):
        await desk.bring_shared("indicators", table(indicator, vintage, **{f"c{code}": value}))

    found = await desk.get(f"indicators/{indicator}/areas/{code}")
    told = [
        (one["vintage"], one["revision"], one["value"], one["replaced_at"] is None)
        for one in found["history"]
    ]
    assert told == [("2022", 1, "7", True), ("2021", 2, "2", True), ("2021", 1, "1", False)]
    first, second = found["history"][2], found["history"][1]
    assert first["replaced_at"] == second["observed_at"]
    area = await desk.get(f"areas/{code}")
    (figure,) = [one for one in area["indicators"] if one["indicator"] == indicator]
    assert (figure["vintage"], figure["value"]) == ("2022", "7")
    values = await desk.get(f"indicators/{indicator}", vintage="2021")
    assert [one["value"] for one in values["communes"]] == ["2"]
    assert values["vintages"] == ["2022", "2021"]
    assert (await desk.get(f"indicators/{indicator}", vintage="1999", status=404))["errors"][0][
        "field"
    ] == "vintage"


async def test_a_blank_is_secrecy_or_absence_and_never_zero(desk, indicator):
    _, zero, blank, secret = await known_territory(desk, 900, 800, 700)
    told = {f"c{zero}": "0", f"c{blank}": "", f"c{secret}": "s"}
    report = await desk.bring_shared("indicators", table(indicator, "2021", "personnes", **told))

    assert report["totals"] == {"values": 1, "blanks": 1, "secrets": 1, indicator: 0}
    values = await desk.get(f"indicators/{indicator}")
    shown = {one["area"]: (one["value"], one["status"]) for one in values["communes"]}
    assert shown == {
        zero: ("0", "complete"),
        blank: (None, "not_covered"),
        secret: (None, "secret"),
    }
    assert (values["summary"], values["missing"]) == ("0", 2)


async def test_a_count_is_brought_to_inhabitants_and_a_rate_is_not(desk, indicator):
    epci, one, other = await known_territory(desk, 500, 1500)
    told = {f"c{one}": "25", f"c{other}": "1 500", f"c{epci}": "40"}
    await desk.bring_shared("indicators", table(indicator, "2021", "personnes", **told))
    rate = f"{indicator}-rate"
    await desk.bring_shared("indicators", table(rate, "2021", "%", **told | {f"c{other}": "9"}))

    counted = await desk.get(f"indicators/{indicator}")
    assert {a["area"]: a["per_thousand"] for a in counted["communes"]} == {
        one: "50.0",
        other: "1000.0",
    }
    assert counted["summary"] == "1525"
    (wide,) = counted["wider"]
    assert (wide["area"], wide["kind"], wide["population"], wide["per_thousand"]) == (
        epci,
        "epci",
        2000,
        "20.0",
    )
    rated = await desk.get(f"indicators/{rate}")
    assert {a["per_thousand"] for a in (*rated["communes"], *rated["wider"])} == {None}
    assert rated["summary"] is None


async def test_an_epci_s_figures_are_beside_its_communes(desk, indicator):
    epci, code = await known_territory(desk, 500)
    await desk.bring_shared("indicators", table(indicator, "2021", **{f"c{epci}": "3"}))
    area = await desk.get(f"areas/{code}")

    wider = {one["area"]: one for one in area["wider"]}
    assert list(wider) == [epci, "80"]
    assert [(f["indicator"], f["value"]) for f in wider[epci]["indicators"]] == [(indicator, "3")]
    assert [f["indicator"] for f in area["indicators"] if f["indicator"] == indicator] == []


async def test_similar_communes_are_of_the_same_class_and_the_nearest(desk, indicator):
    epci, mine, near, far, large, blank = await known_territory(
        desk, 600_000, 600_010, 600_900, 49_000, 600_001
    )
    told = {mine: "1", near: "2", far: "4", large: "9", blank: ""}
    await desk.bring_shared(
        "indicators", table(indicator, "2021", **{f"c{code}": v for code, v in told.items()})
    )
    similar = (await desk.get(f"indicators/{indicator}/areas/{mine}"))["similar"]

    assert [one["commune"] for one in similar["communes"]] == [near, far]
    assert similar["median"] == "3"
    assert "classe de population" in similar["method"]
    assert (await desk.get(f"indicators/{indicator}/areas/{epci}", status=404))["code"]


async def test_a_commune_that_is_gone_is_kept_and_told_with_its_successor(desk, indicator):
    _, today = await known_territory(desk, 500)
    gone, lost = fresh_commune(), fresh_commune()
    moved = (
        f"MOD,DATE_EFF,TYPECOM_AV,COM_AV,TYPECOM_AP,COM_AP\n32,2019-01-01,COM,{gone},COM,{today}"
    )
    assert (await desk.bring_shared("cog", moved))["accepted"] == 1
    told = {f"c{gone}": "1", f"c{lost}": "2", f"c{today}": "3"}
    report = await desk.bring_shared("indicators", table(indicator, "2018", **told))

    assert (report["accepted"], len(report["warnings"])) == (3, 2)
    assert [one["code"] for one in report["warnings"]] == ["W_AREA_GONE"] * 2
    assert today in report["warnings"][0]["detail"]
    assert "aucun mouvement" in report["warnings"][1]["detail"]


async def test_rows_in_any_order_observe_the_same(desk, another_desk, indicator):
    _, *codes = await known_territory(desk, 500, 600, 700)
    told = {f"c{code}": str(n) for n, code in enumerate(codes)}
    first = table(indicator, "2021", **told)
    header, *rows = first.splitlines()
    await desk.bring_shared("indicators", first)
    again = await desk.bring_shared("indicators", "\n".join([header, *reversed(rows)]))

    assert (again["accepted"], again["unchanged"]) == (0, 3)


async def test_what_does_not_fit_is_told_by_row_and_the_rest_is_kept(desk, indicator):
    _, code = await known_territory(desk, 500)
    rows = table(indicator, "2021", **{f"c{code}": "1"}).splitlines()
    rows += [
        rows[1],
        rows[1].replace(code, "ZZZZZZZZZ"),
        rows[1].replace(f'{code},{indicator},"1"', f"{fresh_commune()},{indicator},beaucoup"),
        rows[1].replace("Licence Ouverte", ""),
    ]
    report = await desk.bring_shared("indicators", "\n".join(rows))

    assert report["accepted"] == 1
    assert [(one["line"], one["column"], one["code"]) for one in report["refused"]] == [
        (3, "area", "E_TWICE"),
        (4, "area", "E_AREA"),
        (5, "value", "E_FIELD"),
        (6, "licence", "E_FIELD"),
    ]


async def test_a_mapping_tells_a_producer_s_own_columns_and_constants(desk, indicator):
    _, code = await known_territory(desk, 500)
    mapping = {
        "INSEE": "area",
        "Taux": "value",
        f"={indicator}": "indicator",
        "=Un taux": "label",
        "=%": "unit",
        "=Le producteur": "source",
        "=Licence Ouverte": "licence",
        "=2024": "vintage",
    }

    content = f"Avertissement\nINSEE;Taux\n{code};18,7\n"
    report = await desk.bring("indicators", content, mapping=json.dumps(mapping))
    assert (report["read"], report["accepted"]) == (1, 1)
    values = await desk.get(f"indicators/{indicator}")
    assert (values["edition"]["source"], values["edition"]["vintage"]) == ("Le producteur", "2024")
    assert values["communes"][0]["value"] == "18.7"


async def test_only_an_operator_brings_a_national_file(desk):
    await desk.cover(fresh_commune())
    refused = await desk.ask("POST", "/v1/imports/ifn", status=403, content=b"x")
    assert refused["code"] == "E_ROLE"
    assert (await desk.bring("nothing", b"x", status=404))["code"] == "E_UNKNOWN"
    assert (await desk.bring("ifn", b"x\ny", status=422))["code"] == "E_FILE"


async def test_a_coordination_nobody_founded_takes_no_file(desk, indicator):
    refused = await desk.bring("indicators", table(indicator, "2021"), status=404)
    assert (refused["code"], refused["errors"][0]["field"]) == ("E_UNKNOWN", "coordination")


async def test_a_dry_run_keeps_nothing(desk, indicator):
    _, code = await known_territory(desk, 500)
    content = table(indicator, "2021", **{f"c{code}": "1"})
    assert (await desk.bring_shared("indicators", content, dry_run=True))["accepted"] == 1
    assert (await desk.get(f"indicators/{indicator}", status=404))["code"] == "E_UNKNOWN"


@pytest.mark.real_data
async def test_the_index_of_fragility_of_a_territory_is_read_as_published(desk):
    """Dronne et Belle: the real rows of its communes and of its EPCI, and no other's."""
    data = real_data()
    cog = lines(data / "cog/communes_epci_2026.csv.gz", "24")
    await desk.bring_shared("cog", cog)
    rows = [line.split(",") for line in cog.splitlines() if ",200041572," in line]
    await desk.cover(*(row[0] for row in rows))
    for name in ("ifn_communes.csv.gz", "ifn_epci.csv"):
        report = await desk.bring("ifn", data / "ifn" / name)
        assert report["read"] == report["accepted"] + report["unchanged"] + len(report["refused"])

    values = await desk.get("indicators/ifn_total")
    assert len(values["communes"]) == 16
    assert [(one["area"], one["value"]) for one in values["wider"]] == [
        ("200041572", epci_total(data))
    ]
    published = {row.split(",")[2]: row.split(",")[-1] for row in ifn_rows(data)}
    assert {one["area"]: one["value"] for one in values["communes"]} == {
        row[0]: published[row[0]] for row in rows
    }


def ifn_rows(data) -> list[str]:
    return gzip.decompress((data / "ifn/ifn_communes.csv.gz").read_bytes()).decode().splitlines()


def epci_total(data) -> str:
    with (data / "ifn/ifn_epci.csv").open() as file:
        return next(line for line in file if ",200041572," in line).strip().split(",")[-1]


async def test_a_map_shows_an_indicator_and_says_which_communes_have_no_place(desk, indicator):
    _, placed, bare = await known_territory(desk, 500, 600)
    await desk.ask(
        "POST",
        f"{desk.here}/communes",
        json={
            "source": "IGN",
            "vintage": "2018",
            "communes": [
                {
                    "code": placed,
                    "name": "Placée",
                    "population": 500,
                    "longitude": 2.5,
                    "latitude": 49.9,
                }
            ],
        },
    )
    told = {f"c{placed}": "18.7", f"c{bare}": "s"}
    await desk.bring_shared("indicators", table(indicator, "2021", **told))

    shown = await desk.get("map", indicator=indicator)
    assert (shown["measure"], shown["period"], shown["unplaced"]) == (indicator, "2021", 1)
    points = {
        one["commune"]: (one["observed"], one["reading"], one["status"], one["longitude"])
        for one in shown["points"]
    }
    assert points == {
        placed: ("18.7", "18,7", "complete", 2.5),
        bare: (None, "secret statistique", "secret", None),
    }
    drawn = await desk.get("map.geojson", indicator=indicator)
    assert drawn["type"] == "FeatureCollection"
    features = {one["id"]: one for one in drawn["features"]}
    assert features[placed]["geometry"] == {"type": "Point", "coordinates": [2.5, 49.9]}
    assert features[bare]["geometry"] is None
    assert features[placed]["properties"]["value"] == "18.7"
    assert "Licence Ouverte" in features[placed]["properties"]["source"]
    refused = await desk.get("map", indicator="nothing-here", status=404)
    assert refused["code"] == "E_UNKNOWN"


async def test_an_export_is_imported_back_unchanged(desk, indicator):
    epci, one, other = await known_territory(desk, 500, 600)
    told = {f"c{one}": "18.7", f"c{other}": "s", f"c{epci}": "3"}
    await desk.bring("indicators", table(indicator, "2021", **told))
    exported = await desk.get("indicators.csv")

    assert exported.startswith(b"\xef\xbb\xbf")
    report = await desk.bring("indicators", exported)
    assert (report["read"], report["unchanged"], report["refused"]) == (3, 3, [])
    assert report["totals"] == {"values": 2, "blanks": 0, "secrets": 1}


async def test_the_catalogue_is_paged(desk, indicator):
    _, code = await known_territory(desk, 500)
    for n in range(3):
        await desk.bring("indicators", table(f"{indicator}-{n}", "2021", **{f"c{code}": "1"}))
    first = await desk.get("indicators", limit=2)
    second = await desk.get("indicators", limit=2, cursor=first["cursor"])

    assert [len(first["items"]), len(second["items"]), second["cursor"]] == [2, 1, None]
    assert len({one["indicator"] for one in first["items"] + second["items"]}) == 3


@pytest.mark.real_data
async def test_an_index_and_the_districts_say_where_to_go_first(desk):
    data = real_data()
    cog = lines(data / "cog/communes_epci_2026.csv.gz", "86")
    await desk.bring_shared("cog", cog)
    rows = [row for row in csv.DictReader(StringIO(cog)) if row["siren_epci"] == "248600413"]
    codes = {row["code_commune"] for row in rows}
    await desk.cover(*codes)
    await desk.bring_shared("ifn", rows_about(data / "ifn/ifn_communes.csv.gz", "86"))
    await desk.bring_shared("indicators", lines(data / "social/demo_cnaf_2020_qpv.csv", "QP086"))
    with gzip.open(data / "ifn/ifn_communes.csv.gz", "rt", encoding="utf-8-sig") as file:
        told = {row["code"]: row["total"] for row in csv.DictReader(file) if row["code"] in codes}
    expected = sorted(
        (code for code, value in told.items() if value and float(value) >= 5),
        key=lambda code: (-float(told[code]), code),
    )
    assert expected

    found = await desk.get("indicators/ifn_total/targets", least="5", limit=10)
    whole = await desk.get("indicators/ifn_total/targets", limit=200)

    assert [one["area"] for one in found["items"]] == expected[:10]
    assert found["more"] == max(0, len(expected) - 10)
    assert len(whole["items"]) + whole["unknown"] == len(codes)
    (centre,) = [one for one in whole["items"] if one["name"] == "Châtellerault"]
    assert all(code.startswith("QP086") for code in centre["districts"])
    assert len(centre["districts"]) >= 2
    young = await desk.get("indicators/under_25_share/targets", limit=200)
    assert {one["kind"] for one in young["items"]} == {"qpv"}
    refused = await desk.get("indicators/nothing/targets", status=404)
    assert refused["code"] == "E_UNKNOWN"
