"""Lists of members and of organisations: filtered, paged, and whole in a file."""

import csv
import zipfile
from io import BytesIO, StringIO
from uuid import uuid4

import pytest

LINES = """nom;type;collège;rôles;commune
CAF de Ménerbes;CAF;institutionnel;cofinanceur;31446
CPAM de Ménerbes;CPAM;institutionnel;cofinanceur;31446
Médiathèque de l'Œuvre;médiathèque;médiation numérique;pilote;33063
Épicerie d'Anaïs;commerçant;privé;;97411
"""


@pytest.fixture
async def mark(http, bearer, coordination):
    """Four members, whose names end with this word."""
    word = f"z{uuid4().hex[:10]}"
    head, *lines = LINES.splitlines()
    text = "\n".join((head, *(line.replace(";", f" {word};", 1) for line in lines)))
    path = f"/v1/coordinations/{coordination}/imports/members"
    report = (await http.post(path, content=text.encode(), headers=bearer())).json()
    assert report["accepted"] == 4, report
    return word


@pytest.fixture
def listed(http, bearer, coordination):
    """Return a function that lists members and gives the first words of their names."""

    async def ask(**params):
        path = f"/v1/coordinations/{coordination}/members"
        answer = await http.get(path, params=params, headers=bearer("observer", coordination))
        assert answer.status_code == 200, answer.text
        return [one["name"].partition(" ")[0] for one in answer.json()["items"]]

    return ask


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["CAF", "CPAM", "Épicerie", "Médiathèque"]),
        ({"college": "INSTITUTIONAL"}, ["CAF", "CPAM"]),
        ({"kind": "CPAM"}, ["CPAM"]),
        ({"role": "LEAD"}, ["Médiathèque"]),
        ({"role": "CO_FUNDER", "kind": "CAF"}, ["CAF"]),
        ({"state": "CONFIRMED", "college": "PRIVATE"}, ["Épicerie"]),
        ({"state": "WITHDRAWN"}, []),
        ({"q": "mediath"}, ["Médiathèque"]),
        ({"q": "OEUVRE"}, ["Médiathèque"]),
        ({"q": "œuvre mediatheque"}, ["Médiathèque"]),
        ({"q": "anaïs"}, ["Épicerie"]),
        ({"q": "ménerbes caf"}, ["CAF"]),
        ({"q": "enerbes"}, []),
        ({"q": "caf & !cpam | ("}, []),
    ],
)
async def test_each_filter_keeps_what_it_says(listed, mark, asked, names):
    assert sorted(await listed(**asked)) == sorted(names)


async def test_a_search_without_letter_nor_digit_is_refused(http, bearer, coordination):
    for path in (
        f"/v1/coordinations/{coordination}/members",
        f"/v1/coordinations/{coordination}/members/export",
        "/v1/organizations",
        "/v1/organizations/export",
    ):
        answer = await http.get(path, params={"q": " – "}, headers=bearer())
        assert (answer.status_code, answer.json()["code"]) == (422, "E_FIELD")
        assert answer.json()["errors"][0]["field"] == "q"
        assert "lettre" in answer.json()["detail"]


@pytest.mark.parametrize(
    "asked",
    [
        {"college": "JAUNE"},
        {"state": "PARTI"},
        {"kind": "caf"},
        {"role": "CHEF"},
        {"limit": 201},
        {"limit": 0},
        {"cursor": "é"},
        {"q": "x" * 101},
    ],
)
async def test_a_filter_of_another_form_is_refused(http, bearer, coordination, asked):
    answer = await http.get(
        f"/v1/coordinations/{coordination}/members", params=asked, headers=bearer()
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "E_FIELD")


async def test_organisations_are_found_by_words_kind_and_departement(http, bearer, mark):
    async def found(**asked):
        answer = await http.get(
            "/v1/organizations", params={"q": mark, **asked}, headers=bearer("observer", "x")
        )
        return sorted(one["name"].partition(" ")[0] for one in answer.json()["items"])

    assert await found() == ["CAF", "CPAM", "Médiathèque", "Épicerie"]
    assert await found(departement="31") == ["CAF", "CPAM"]
    assert await found(departement="974") == ["Épicerie"]
    assert await found(departement="97") == []
    assert await found(kind="LIBRARY") == ["Médiathèque"]
    assert await found(q=f"menerbes {mark}", kind="CAF") == ["CAF"]


async def test_organisations_page_to_the_end_without_a_hole(http, bearer, mark):
    found, cursor = [], ""
    while cursor is not None:
        asked = {"q": mark, "limit": 1, "cursor": cursor}
        page = (await http.get("/v1/organizations", params=asked, headers=bearer())).json()
        found += [one["organization"] for one in page["items"]]
        cursor = page["cursor"]
    assert len(found) == 4
    assert found == sorted(set(found))


async def test_a_merged_organisation_leaves_the_list(http, bearer, mark):
    asked = {"q": mark, "kind": "CAF"}
    (one,) = (await http.get("/v1/organizations", params=asked, headers=bearer())).json()["items"]
    kept = f"o-{uuid4().hex[:8]}"
    home = f"c-{uuid4().hex[:12]}"
    founded = {"slug": home, "name": "Ici", "level": "COMMUNE", "communes": ["31446"]}
    await http.post("/v1/coordinations", json=founded, headers=bearer())
    seat = {
        "organization": kept,
        "name": "CAF",
        "kind": "CAF",
        "college": "INSTITUTIONAL",
        "effective_on": "2026-01-01",
    }
    await http.post(f"/v1/coordinations/{home}/members", json=seat, headers=bearer())
    await http.post(
        f"/v1/organizations/{one['organization']}/merge",
        json={"into": kept, "reason": "Saisi deux fois"},
        headers=bearer(),
    )

    assert (await http.get("/v1/organizations", params=asked, headers=bearer())).json()[
        "items"
    ] == []


async def test_a_csv_holds_what_the_filter_keeps_and_spreadsheets_read_its_accents(
    http, bearer, coordination, mark
):
    path = f"/v1/coordinations/{coordination}/members/export"
    answer = await http.get(path, params={"college": "PRIVATE"}, headers=bearer())

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert f'filename="membres-{coordination}.csv"' in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(StringIO(answer.content.decode("utf-8-sig")))
    assert (row["nom"], row["college"]) == (f"Épicerie d'Anaïs {mark}", "privé")


async def test_a_workbook_holds_texts_only(http, bearer, coordination, mark):
    path = f"/v1/coordinations/{coordination}/imports/members"
    text = f"nom;type;collège\n=1+1 {mark};banque;privé\n"
    await http.post(path, content=text.encode(), headers=bearer())
    for address in (
        f"/v1/coordinations/{coordination}/members/export",
        "/v1/organizations/export",
    ):
        answer = await http.get(address, params={"format": "xlsx", "q": mark}, headers=bearer())
        assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
        with zipfile.ZipFile(BytesIO(answer.content)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert f"=1+1 {mark}" in sheet
        assert "<f>" not in sheet
        assert sheet.count("<row ") == 6


async def test_an_unknown_format_is_refused(http, bearer, coordination):
    for path in (f"/v1/coordinations/{coordination}/members/export", "/v1/organizations/export"):
        answer = await http.get(path, params={"format": "pdf"}, headers=bearer())
        assert (answer.status_code, answer.json()["code"]) == (400, "E_FIELD")


async def test_an_export_of_no_coordination_is_refused_before_it_begins(http, bearer):
    answer = await http.get("/v1/coordinations/c-nowhere/members/export", headers=bearer())
    assert (answer.status_code, answer.json()["code"]) == (404, "E_UNKNOWN")


async def test_an_export_of_another_coordination_is_closed(http, bearer, coordination):
    answer = await http.get(
        f"/v1/coordinations/{coordination}/members/export",
        headers=bearer("coordinator", "elsewhere"),
    )
    assert answer.status_code == 403


async def test_an_export_longer_than_a_page_lacks_nothing(http, bearer, coordination, pool):
    word = f"z{uuid4().hex[:10]}"
    await pool.execute(
        "INSERT INTO organizations (organization, name, kind, siret_is_doubtful, name_key)"
        " SELECT $1 || '-' || n, $1 || ' ' || n, 'ASSOCIATION', false, $1 || ' ' || n"
        "   FROM generate_series(1, 2500) AS n",
        word,
    )
    answer = await http.get("/v1/organizations/export", params={"q": word}, headers=bearer())

    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert len({row["organisme"] for row in rows}) == len(rows) == 2500
