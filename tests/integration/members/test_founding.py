"""Coordinations of any level, founded from a code alone, one under another."""

import asyncio
from uuid import uuid4

import pytest

HEADER = "code_commune,nom,population,code_departement,departement,code_region,region,siren_epci,epci,type_epci"
COMMUNES = f"""{HEADER}
97951,Aigue,100,979,Essai,979,Essai,200000101,CC des Eaux,CC
97952,Bourg,200,979,Essai,979,Essai,200000101,CC des Eaux,CC
97953,Combe,400,979,Essai,979,Essai,200000102,CA des Monts,CA
97954,Désert,,979,Essai,979,Essai,200000102,CA des Monts,CA
"""


@pytest.fixture(scope="session")
async def cog(http, bearer):
    """Two EPCI of two communes each, in one département of their own."""
    answer = await http.post("/v1/imports/cog", content=COMMUNES.encode(), headers=bearer())
    assert answer.json()["refused"] == []


@pytest.fixture
def found(http, bearer, cog):
    """Return a function that asks for a coordination and gives the answer."""

    async def ask(headers=None, **asked):
        body = {"slug": f"c-{uuid4().hex[:12]}", **asked}
        return await http.post("/v1/coordinations", json=body, headers=headers or bearer())

    return ask


@pytest.fixture
def sit(http, bearer):
    """Return a function that gives an organisation a seat."""

    async def ask(coordination, organization, college="INSTITUTIONAL"):
        body = {
            "organization": organization,
            "name": f"Organisme {organization}",
            "kind": "CAF",
            "college": college,
            "effective_on": "2026-01-01",
        }
        path = f"/v1/coordinations/{coordination}/members"
        answer = await http.post(path, json=body, headers=bearer())
        assert answer.status_code == 201, answer.text

    return ask


@pytest.mark.parametrize(
    ("asked", "level", "name", "communes"),
    [
        ({"siren": "200000101"}, "EPCI", "CTIN – CC des Eaux", ["97951", "97952"]),
        ({"commune": "97953"}, "COMMUNE", "CTIN – Combe", ["97953"]),
        (
            {"epcis": ["200000102", "200000101"]},
            "SEVERAL",
            "CTIN – CC des Eaux, CA des Monts",
            ["97951", "97952", "97953", "97954"],
        ),
    ],
)
async def test_a_code_alone_gives_communes_level_and_name(
    found, facts_about, asked, level, name, communes
):
    answer = await found(**asked)

    assert answer.status_code == 201, answer.text
    shown = answer.json()
    assert (shown["level"], shown["name"], shown["communes"]) == (level, name, communes)
    (fact,) = await facts_about(shown["slug"])
    assert fact["type"] == "coordination_founded"
    assert fact["communes"] == communes


async def test_a_departement_gives_all_its_communes(found):
    shown = (await found(department="979")).json()

    assert shown["level"] == "DEPARTMENT"
    assert {"97951", "97952", "97953", "97954"} <= set(shown["communes"])
    assert shown["department"] == "979"


async def test_a_commune_that_moved_is_founded_on_what_it_became(found, http, bearer):
    moves = (
        "MOD,DATE_EFF,TYPECOM_AV,COM_AV,LIBELLE_AV,TYPECOM_AP,COM_AP,LIBELLE_AP\n"
        "32,2016-01-01,COM,97958,Vieux Bourg,COM,97952,Bourg\n"
    )
    await http.post("/v1/imports/cog", content=moves.encode(), headers=bearer())

    shown = (await found(commune="97958")).json()

    assert shown["communes"] == ["97952"]


async def test_the_same_again_answers_the_same_even_if_the_territory_moved(found, http, bearer):
    slug = f"c-{uuid4().hex[:12]}"
    first = await found(slug=slug, commune="97951", experiment=True, starts_on="2024-01-01")
    again = await found(slug=slug, commune="97951", experiment=True, starts_on="2024-01-01")
    other = await found(slug=slug, commune="97951", experiment=False, starts_on="2024-01-01")

    assert again.json() == first.json()
    assert (other.status_code, other.json()["code"]) == (409, "E_DIFFERS")
    assert other.json()["errors"][0]["field"] == "slug"


async def test_ten_who_found_the_same_at_once_found_one(found, facts_about):
    slug = f"c-{uuid4().hex[:12]}"

    answers = await asyncio.gather(*(found(slug=slug, siren="200000101") for _ in range(10)))

    assert {one.status_code for one in answers} == {201}
    assert len(await facts_about(slug)) == 1


@pytest.mark.parametrize(
    ("asked", "status", "code", "field", "said"),
    [
        ({"siren": "299999999"}, 422, "E_UNKNOWN", "siren", "ctin import cog"),
        ({"commune": "97959"}, 422, "E_UNKNOWN", "commune", "97959"),
        ({"department": "00"}, 422, "E_UNKNOWN", "department", "Code officiel géographique"),
        ({"epcis": ["200000101", "299999998"]}, 422, "E_UNKNOWN", "epcis", "299999998"),
        ({}, 422, "E_FIELD", "communes", "une seule façon"),
        ({"siren": "200000101", "commune": "97951"}, 422, "E_FIELD", "communes", "une seule"),
        ({"communes": ["97951"], "name": "Sans niveau"}, 422, "E_FIELD", "communes", "level"),
        ({"communes": ["97951"], "level": "COMMUNE"}, 422, "E_FIELD", "communes", "name"),
        ({"siren": "200000101", "level": "COMMUNE"}, 422, "E_FIELD", "level", "EPCI, non COMMUNE"),
        ({"epcis": ["200000101"] * 2}, 422, "E_FIELD", "epcis", "deux fois"),
        (
            {"commune": "97951", "starts_on": "2026-01-02", "ends_on": "2026-01-01"},
            422,
            "E_FIELD",
            "ends_on",
            "avant",
        ),
        (
            {"siren": "200000101", "name": "Jean jean@exemple.fr"},
            422,
            "E_PII",
            "name",
            "personnelle",
        ),
        ({"siren": "200000101", "strategy": "06 12 34 56 78"}, 422, "E_PII", "strategy", "personn"),
        (
            {"siren": "200000101", "parent": "c-jamais"},
            404,
            "E_UNKNOWN",
            "coordination",
            "c-jamais",
        ),
        ({"siren": "2000001"}, 400, "E_FIELD", "siren", "forme"),
    ],
)
async def test_a_territory_that_does_not_hold_is_refused(found, asked, status, code, field, said):
    answer = await found(**asked)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    assert problem["errors"][0]["field"] == field
    assert said in problem["detail"]


async def test_a_coordinator_who_founds_becomes_coordinator_there(found, bearer, pool):
    answer = await found(headers=bearer("coordinator", "elsewhere"), siren="200000102")

    assert answer.status_code == 201, answer.text
    rows = await pool.fetch(
        "SELECT subject, role, origin FROM rights WHERE coordination = $1", answer.json()["slug"]
    )
    assert [tuple(row) for row in rows] == [("coordinator@elsewhere", "coordinator", "founding")]


async def test_whoever_repeats_what_another_founded_gets_no_right(found, bearer, pool):
    slug = f"c-{uuid4().hex[:12]}"
    await found(slug=slug, siren="200000102")
    await found(headers=bearer("coordinator", "elsewhere"), slug=slug, siren="200000102")

    assert await pool.fetchval("SELECT count(*) FROM rights WHERE coordination = $1", slug) == 0


@pytest.mark.parametrize("role", ["secretary", "member", "funder", "observer"])
async def test_only_coordinators_and_operators_found(found, bearer, role):
    answer = await found(headers=bearer(role, "elsewhere"), siren="200000102")

    assert (answer.status_code, answer.json()["code"]) == (403, "E_ROLE")


async def test_where_a_coordination_stands_is_told_each_time_it_changes(
    found, http, bearer, facts_about
):
    whole = (await found(epcis=["200000101", "200000102"])).json()["slug"]
    eaux = (await found(siren="200000101", parent=whole)).json()["slug"]

    for parent in (None, None, whole, whole):
        path = f"/v1/coordinations/{eaux}/parent"
        answer = await http.put(path, json={"parent": parent}, headers=bearer())
        assert answer.status_code == 200, answer.text

    facts = await facts_about(eaux)
    assert [one["type"] for one in facts] == ["coordination_founded"] + ["coordination_placed"] * 3
    assert [one["parent"] for one in facts[1:]] == [whole, None, whole]
    assert [one["type"] for one in await facts_about(whole)] == ["coordination_founded"]


async def test_a_family_counts_each_thing_once(found, sit, http, bearer):
    whole = (
        await found(
            department="979",
            communes=["97951", "97952", "97953", "97954"],
            level="DEPARTMENT",
            name="CTIN d'Essai",
        )
    ).json()["slug"]
    eaux = (await found(siren="200000101", parent=whole)).json()["slug"]
    monts = (await found(siren="200000102", parent=whole)).json()["slug"]
    await found(commune="97953", parent=monts)
    both, one = f"o-{uuid4().hex[:10]}", f"o-{uuid4().hex[:10]}"
    for coordination in (whole, eaux, monts):
        await sit(coordination, both)
    await sit(monts, one, "PRIVATE")

    shown = (await http.get(f"/v1/coordinations/{whole}/summary", headers=bearer())).json()
    children = await http.get(f"/v1/coordinations/{whole}/children", headers=bearer())

    assert shown == {
        "coordination": whole,
        "coordinations": 4,
        "communes": 4,
        "population": 700,
        "communes_without_population": 1,
        "members": {"INSTITUTIONAL": 1, "PRIVATE": 1},
        "organizations": 2,
    }
    assert [one["slug"] for one in children.json()["items"]] == sorted([eaux, monts])


async def test_children_page_without_a_hole(found, http, bearer):
    whole = (await found(epcis=["200000101", "200000102"])).json()["slug"]
    there = sorted(
        [(await found(siren="200000101", parent=whole)).json()["slug"] for _ in range(3)]
    )
    shown, cursor = [], ""
    while cursor is not None:
        asked = {"limit": 1, "cursor": cursor}
        path = f"/v1/coordinations/{whole}/children"
        page = (await http.get(path, params=asked, headers=bearer())).json()
        shown += [one["slug"] for one in page["items"]]
        cursor = page["cursor"]

    assert shown == there


@pytest.mark.parametrize("what", ["children", "summary"])
async def test_a_family_is_closed_to_others_and_unknown_where_there_is_none(http, bearer, what):
    stranger = bearer("coordinator", "elsewhere")

    closed = await http.get(f"/v1/coordinations/c-nowhere/{what}", headers=stranger)
    unknown = await http.get(f"/v1/coordinations/c-nowhere/{what}", headers=bearer())

    assert closed.status_code == 403
    assert (unknown.status_code, unknown.json()["code"]) == (404, "E_UNKNOWN")


async def test_a_parent_must_be_wider_near_and_not_below(found, http, bearer):
    whole = (await found(epcis=["200000101", "200000102"])).json()["slug"]
    eaux = (await found(siren="200000101", parent=whole)).json()["slug"]
    far = (await found(communes=["31446"], level="COMMUNE", name="Loin")).json()["slug"]

    async def place(slug, parent):
        path = f"/v1/coordinations/{slug}/parent"
        return await http.put(path, json={"parent": parent}, headers=bearer())

    for slug, parent, said in (
        (whole, whole, "elle-même"),
        (whole, eaux, "déjà sous"),
        (far, whole, "ne couvre aucune commune"),
        (eaux, "c-jamais", "Aucune coordination"),
    ):
        answer = await place(slug, parent)
        assert answer.status_code in {404, 422}, answer.text
        assert said in answer.json()["detail"]
    assert (await place(far, whole)).json()["code"] == "E_PARENT"
    assert (await place(far, whole)).json()["errors"][0]["field"] == "parent"
    assert (await place(eaux, None)).json()["parent"] is None
    answer = await place(whole, eaux)
    assert "couvre moins de communes" in answer.json()["detail"]
    assert (await place(eaux, whole)).json()["parent"] == whole


async def test_a_coordinator_puts_its_own_under_no_coordination_of_others(found, http, bearer):
    whole = (await found(epcis=["200000101", "200000102"])).json()["slug"]
    eaux = (await found(siren="200000101")).json()["slug"]
    own = bearer("coordinator", eaux)

    placed = await http.put(f"/v1/coordinations/{eaux}/parent", json={"parent": whole}, headers=own)
    born = await found(headers=own, siren="200000101", parent=whole)

    assert (placed.status_code, born.status_code) == (403, 403)


async def test_two_that_are_put_under_each_other_at_once_make_no_circle(found, http, bearer, pool):
    one = (await found(siren="200000101")).json()["slug"]
    other = (await found(siren="200000101")).json()["slug"]

    await asyncio.gather(
        *(
            http.put(f"/v1/coordinations/{a}/parent", json={"parent": b}, headers=bearer())
            for a, b in ((one, other), (other, one))
        )
    )

    rows = await pool.fetch(
        "SELECT parent FROM coordinations WHERE coordination = ANY($1)", [one, other]
    )
    assert sum(row["parent"] is not None for row in rows) == 1
