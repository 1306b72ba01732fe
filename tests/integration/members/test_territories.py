"""The Code officiel géographique: brought from the national files, found under old codes too."""

import csv
import gzip

import pytest

from services.members.store.territories import successors
from tests.conftest import real_data

HEADER = "code_commune,nom,population,code_departement,departement,code_region,region,siren_epci,epci,type_epci"
MOVES = "MOD,DATE_EFF,TYPECOM_AV,COM_AV,LIBELLE_AV,TYPECOM_AP,COM_AP,LIBELLE_AP"
EPCIS = {
    "243100633": 36,
    "241700434": 28,
    "200093201": 95,
    "200046977": 58,
    "246700488": 33,
    "200040392": 43,
    "200041572": 16,
    "243300316": 28,
    "248600413": 47,
    "240200634": 30,
    "200042190": 47,
    "200030633": 46,
    "200043396": 43,
}


@pytest.fixture(scope="session")
def bring(http, bearer):
    """Return a function that imports a file of territories and gives the report."""

    async def send(content, **params):
        raw = content if isinstance(content, bytes) else content.encode()
        answer = await http.post(
            "/v1/imports/cog", content=raw, headers=bearer(), params=params, timeout=120
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    return send


@pytest.fixture(scope="session")
async def country(bring):
    """The whole country, communes then movements; the reports of both."""
    folder = real_data() / "cog"
    communes = await bring((folder / "communes_epci_2026.csv.gz").read_bytes())
    movements = await bring((folder / "mouvements-communes-2026.csv.gz").read_bytes())
    return communes, movements


def told(*lines):
    return "\n".join((HEADER, *lines)) + "\n"


def moved(*lines):
    return "\n".join((MOVES, *lines)) + "\n"


async def test_a_line_is_new_once_then_unchanged_then_changed(bring, http, bearer):
    line = "97901,Saint-Essai,120,979,Essai,979,Essai,200000001,CC d'essai,CC"
    first, again = await bring(told(line)), await bring(told(line))
    changed = await bring(told(line.replace(",120,", ",121,")))

    assert [(one["accepted"], one["unchanged"]) for one in (first, again, changed)] == [
        (1, 0),
        (0, 1),
        (1, 0),
    ]
    shown = await http.get("/v1/territories/communes/97901", headers=bearer("observer", "x"))
    assert shown.json()["population"] == 121
    assert shown.json()["epci"] == "200000001"
    assert shown.json()["successors"] == []


async def test_a_dry_run_keeps_nothing(bring, http, bearer):
    line = "97902,Dry,1,979,Essai,979,Essai,,,"
    assert (await bring(told(line), dry_run="true"))["accepted"] == 1
    shown = await http.get("/v1/territories/communes/97902", headers=bearer())
    assert shown.status_code == 404
    assert shown.json()["code"] == "E_UNKNOWN"
    assert shown.json()["errors"][0]["field"] == "code"
    assert "ctin import cog" in shown.json()["detail"]


async def test_good_lines_are_kept_and_bad_ones_told(bring):
    report = await bring(
        told(
            "97903,Bonne,,979,Essai,979,Essai,,,",
            "",
            "9790,Code court,1,979,Essai,979,Essai,,,",
            "97904,Population,beaucoup,979,Essai,979,Essai,,,",
            "97903,Redite,1,979,Essai,979,Essai,,,",
            "97905,,1,979,Essai,979,Essai,,,",
            f"97906,{'x' * 201},1,979,Essai,979,Essai,,,",
        )
    )
    assert (report["read"], report["accepted"]) == (6, 1)
    refused = [(one["line"], one["column"], one["code"]) for one in report["refused"]]
    assert refused == [
        (4, "code_commune", "E_FIELD"),
        (5, "population", "E_FIELD"),
        (6, "code_commune", "E_TWICE"),
        (7, "nom", "E_FIELD"),
        (8, "nom", "E_FIELD"),
    ]


async def test_a_file_of_another_kind_is_refused_whole(http, bearer):
    answer = await http.post("/v1/imports/cog", content=b"a,b\n1,2\n", headers=bearer())
    assert answer.status_code == 422
    assert answer.json()["code"] == "E_FILE"
    assert "code_commune" in answer.json()["detail"]


@pytest.mark.parametrize("role", ["coordinator", "secretary", "observer"])
async def test_only_an_operator_brings_territories(http, bearer, role):
    answer = await http.post("/v1/imports/cog", content=b"", headers=bearer(role, "x"))
    assert answer.status_code == 403


async def test_a_code_is_followed_through_each_of_its_movements(bring, http, bearer):
    await bring(told("97911,Neuve,10,979,Essai,979,Essai,,,"))
    await bring(
        moved(
            "31,1970-01-01,COM,97990,Ancienne,COM,97991,Milieu",
            "32,2016-01-01,COM,97991,Milieu,COM,97911,Neuve",
            "32,2016-01-01,COM,97991,Milieu,COMD,97991,Milieu",
        )
    )
    shown = (await http.get("/v1/territories/communes/97990", headers=bearer())).json()
    assert (shown["code"], shown["asked"]) == ("97911", "97990")
    assert shown["replaced_on"] == "1970-01-01"
    assert shown["successors"] == ["97911"]


async def test_a_commune_that_was_cut_answers_by_its_largest_part_and_names_all(
    bring, http, bearer
):
    await bring(
        told(
            "97921,Petite,10,979,Essai,979,Essai,,,",
            "97922,Grande,90,979,Essai,979,Essai,,,",
            "97923,Déléguée,99,979,Essai,979,Essai,,,",
        )
    )
    await bring(
        moved(
            "30,1999-01-01,COM,97992,Coupée,COM,97921,Petite",
            "30,1999-01-01,COM,97992,Coupée,COM,97922,Grande",
            "30,1999-01-01,COM,97992,Coupée,COMD,97923,Déléguée",
        )
    )
    shown = (await http.get("/v1/territories/communes/97992", headers=bearer())).json()
    assert shown["code"] == "97922"
    assert shown["successors"] == ["97922", "97921"]


async def test_codes_that_return_to_each_other_never_loop(bring, http, bearer):
    await bring(
        moved(
            "41,1999-01-01,COM,97993,Un,COM,97994,Deux", "41,1999-01-01,COM,97994,Deux,COM,97993,Un"
        )
    )
    shown = await http.get("/v1/territories/communes/97993", headers=bearer())
    assert shown.status_code == 404


@pytest.mark.real_data
async def test_the_whole_country_is_brought_then_unchanged(country, bring):
    communes, movements = country
    assert (communes["read"], communes["accepted"] + communes["unchanged"]) == (34_969, 34_969)
    assert (movements["read"], movements["accepted"] + movements["unchanged"]) == (13_734, 13_734)
    folder = real_data() / "cog"
    for name, count in (
        ("communes_epci_2026.csv.gz", 34_969),
        ("mouvements-communes-2026.csv.gz", 13_734),
    ):
        again = await bring((folder / name).read_bytes())
        assert (again["unchanged"], again["accepted"], again["refused"]) == (count, 0, [])


@pytest.mark.real_data
@pytest.mark.parametrize(("siren", "count"), EPCIS.items())
async def test_territories_of_the_fields_accounts_have_their_communes(
    country, http, bearer, siren, count
):
    shown = (await http.get(f"/v1/territories/epcis/{siren}", headers=bearer())).json()
    assert len(shown["communes"]) == count
    assert shown["population"] == sum(one["population"] for one in shown["communes"])


@pytest.mark.real_data
async def test_an_epci_over_several_departements_names_them_all(country, http, bearer):
    with gzip.open(real_data() / "cog/communes_epci_2026.csv.gz", "rt", encoding="utf-8") as file:
        over = {}
        for row in csv.DictReader(file):
            over.setdefault(row["siren_epci"], set()).add(row["code_departement"])
    several = {siren: found for siren, found in over.items() if siren and len(found) > 1}
    assert len(several) == 89
    for siren, departments in several.items():
        shown = (await http.get(f"/v1/territories/epcis/{siren}", headers=bearer())).json()
        assert shown["departments"] == sorted(departments)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("02077", "02564"),  # Merged, under another name.
        ("49149", "49261"),  # Gennes, into Gennes-Val-de-Loire.
        ("49154", "49261"),  # Grézillé, into Gennes, then with it.
        ("75056", "75056"),
    ],
)
async def test_a_merged_commune_is_found_under_its_old_code(country, http, bearer, old, new):
    answer = await http.get(f"/v1/territories/communes/{old}", headers=bearer())
    if answer.status_code == 404:
        pytest.fail(answer.text)
    assert answer.json()["asked"] == old
    assert answer.json()["successors"] == ([] if old == new else [new])
    assert answer.json()["code"] == new


@pytest.mark.real_data
async def test_every_code_that_is_gone_is_found_but_those_that_left_the_communes(country, pool):
    gone = await pool.fetch(
        "SELECT DISTINCT code_before FROM commune_movements AS m WHERE code_before <> ''"
        "   AND left(code_before, 3) <> '979'"
        "   AND NOT EXISTS (SELECT FROM communes AS c WHERE c.commune = m.code_before)"
    )
    codes = [row["code_before"] for row in gone]
    async with pool.acquire() as connection:
        lost = [code for code in codes if not await successors(connection, code)]
    assert len(gone) == 4244
    assert sorted(lost) == ["69385", "69387", "97123", "97127"]


@pytest.mark.real_data
async def test_homonyms_are_all_there(country, http, bearer):
    shown = await http.get(
        "/v1/territories/communes", params={"q": "saint denis", "limit": 200}, headers=bearer()
    )
    exact = [one for one in shown.json()["items"] if one["name"] == "Saint-Denis"]
    assert {one["department"] for one in exact} >= {"11", "30", "93", "974"}
    only = await http.get(
        "/v1/territories/communes",
        params={"q": "Saint-Denis", "department": "974"},
        headers=bearer(),
    )
    assert [one["code"] for one in only.json()["items"]] == ["97411"]


@pytest.mark.real_data
@pytest.mark.parametrize("code", ["22016", "29083", "29155", "85113"])
async def test_an_island_has_no_epci(country, http, bearer, code):
    shown = (await http.get(f"/v1/territories/communes/{code}", headers=bearer())).json()
    assert shown["epci"] is None
    assert shown["epci_name"] is None


@pytest.mark.real_data
async def test_codes_of_corsica_and_overseas_are_kept_as_written(country, http, bearer):
    for code, department in (("2A004", "2A"), ("2B033", "2B"), ("97502", "975"), ("98818", "988")):
        shown = (await http.get(f"/v1/territories/communes/{code}", headers=bearer())).json()
        assert shown["department"] == department


@pytest.mark.real_data
async def test_a_list_of_communes_pages_to_the_end_without_a_hole(country, http, bearer):
    found, cursor = [], ""
    while cursor is not None:
        page = (
            await http.get(
                "/v1/territories/communes",
                params={"q": "saint", "department": "31", "limit": 20, "cursor": cursor},
                headers=bearer(),
            )
        ).json()
        found += [one["code"] for one in page["items"]]
        cursor = page["cursor"]
    assert found == sorted(set(found))
    assert len(found) == 53
