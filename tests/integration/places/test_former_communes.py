"""A place that tells a commune which is gone is in the one that its territory is in today."""

import pytest

from tests.integration.places.test_places import place

COG = (
    "code_commune,nom,population,codes_postaux,code_departement,departement,code_region,region,"
    "siren_epci,epci\n"
    "22055,Binic-Étables-sur-Mer,6900,22520|22680,22,Côtes-d'Armor,53,Bretagne,200069409,SBAA\n"
    "22278,Saint-Brieuc,44000,22000,22,Côtes-d'Armor,53,Bretagne,200069409,SBAA\n"
)
HEAD = "MOD,DATE_EFF,TYPECOM_AV,COM_AV,LIBELLE_AV,TYPECOM_AP,COM_AP\n"
MOVEMENTS = (
    HEAD + "32,2016-03-01,COM,22007,Binic,COM,22055\n"
    "32,2016-03-01,COM,22055,Étables-sur-Mer,COM,22055\n"
    "30,1990-01-01,COM,22900,Vieux-Bourg,COM,22007\n"
    "21,1985-01-01,COM,22901,Les Deux,COM,22055\n"
    "21,1985-01-01,COM,22901,Les Deux,COM,22278\n"
)
BINIC = {
    "22055": ("Binic-Étables-sur-Mer", -2.82, 48.62),
    "22278": ("Saint-Brieuc", -2.76, 48.51),
}


@pytest.fixture
async def binic(found_with, http, bearer):
    slug = await found_with(BINIC)
    for content in (COG, MOVEMENTS, MOVEMENTS):
        answer = await http.post(
            "/v1/imports/cog", content=content.encode(), headers=bearer("operator")
        )
        assert answer.status_code == 200, answer.text
    assert (answer.json()["accepted"], answer.json()["refused"]) == (0, [])
    return slug


async def test_a_former_commune_is_found_by_its_name_and_postal_code_or_its_code(
    binic, brought, seen
):
    told = {"code_postal": "22520", "code_insee": ""}
    report = await brought(
        binic,
        [
            place(id="name", commune="Binic", **told),
            place(id="older", commune="Vieux Bourg", **told),
            place(id="code", **{**told, "commune": "Binic", "code_insee": "22007"}),
            place(id="today", commune="Binic-Étables-sur-Mer", **told),
        ],
    )
    assert (report["accepted"], report["refused"]) == (4, [])
    gone = [one["line"] for one in report["warnings"] if one["code"] == "W_AREA_GONE"]
    assert gone == [2, 3, 4]
    assert {one["commune"] for one in await seen(binic)} == {"22055"}


async def test_a_former_name_of_another_postal_code_or_of_two_communes_is_refused(
    binic, brought, seen
):
    report = await brought(
        binic,
        [
            place(id="1", commune="Binic", code_postal="22000", code_insee=""),
            place(id="2", commune="Les Deux", code_postal="22680", code_insee=""),
            place(id="3", commune="Les Deux", code_postal="22680", code_insee="22901"),
        ],
    )
    assert [one["code"] for one in report["refused"]] == ["E_PERIMETER"] * 3
    assert await seen(binic) == []
