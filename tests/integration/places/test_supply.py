"""What is offered is held against what is needed, commune by commune; white zones are told."""

import csv
import io

import pytest

from tests.integration.places.conftest import SICOVAL
from tests.integration.places.test_places import place

FAR = {**SICOVAL, "31451": ("Revel", 2.0040, 43.4590), "32013": ("Auch", 0.5850, 43.6460)}


@pytest.fixture
async def territory(found_with, brought, pool):
    """Places in Ramonville and Labège; a need in Ramonville, another in Revel, far from all."""
    here = await found_with(FAR)
    rows = [
        place(
            id="a",
            services="Aide aux démarches administratives",
            publics_specifiquement_adresses="",
        ),
        place(
            id="b",
            services="Loisirs et créations numériques",
            publics_specifiquement_adresses="Seniors",
            code_insee="31582",
            commune="Labège",
            latitude="43.5360",
            longitude="1.5130",
        ),
        place(
            id="c",
            services="Aide aux démarches administratives",
            latitude="",
            longitude="",
            publics_specifiquement_adresses="Seniors",
        ),
    ]
    assert (await brought(here, rows))["accepted"] == 3
    needs = [
        ("31506", "access_rights", "administrative_procedures", "families", 30),
        ("31506", "housing", "administrative_procedures", "families", 12),
        ("31506", "practise_hobby", "leisure_creation", "young", 4),
        ("31451", "access_rights", "administrative_procedures", "all", 20),
    ]
    for commune, problem, theme, public, count in needs:
        await pool.execute(
            "INSERT INTO need_figures (coordination, commune, problem, theme, public, unit, period,"
            " count_sum) VALUES ($1, $2, $3, $4, $5, 'person', '2026-05', $6)",
            *(here, commune, problem, theme, public, count),
        )
    return here


@pytest.fixture
def asked(http, bearer):
    """Return a function that reads a route as a role."""

    async def ask(coordination, path, role="observer", **params):
        answer = await http.get(
            f"/v1/coordinations/{coordination}/{path}",
            params=params,
            headers=bearer(role, coordination),
        )
        assert answer.status_code == 200, answer.text
        return answer

    return ask


async def supply(asked, territory, role="observer", **params):
    found, cursor = {}, ""
    while cursor is not None:
        page = (await asked(territory, "supply", role, cursor=cursor, **params)).json()
        found |= {one["commune"]: one for one in page["items"]}
        cursor = page["cursor"]
    return found


@pytest.mark.parametrize("limit", [2, 200])
async def test_needs_are_held_against_services_in_reach(limit, asked, territory):
    found = await supply(asked, territory, "coordinator", limit=limit, within_km=5)
    assert set(found) == set(FAR)
    ramonville = found["31506"]
    assert (ramonville["places"], ramonville["nearest_km"]) == (2, 0.0)
    needs = {(one["theme"], one["public"]): one for one in ramonville["needs"]}
    rights = needs["administrative_procedures", "families"]
    assert (rights["count"], rights["places_here"], rights["is_answered"]) == (42, 1, True)
    hobby = needs["leisure_creation", "young"]
    assert (hobby["places_near"], hobby["is_answered"]) == (0, False), "Labège takes seniors alone"
    assert ramonville["gaps"] == ["leisure_creation"]
    offered = {one["service"]: (one["here"], one["near"]) for one in ramonville["services"]}
    assert offered == {
        "Aide aux démarches administratives": (2, 2),
        "Loisirs et créations numériques": (0, 1),
    }
    assert found["31451"]["gaps"] == ["administrative_procedures"]


async def test_an_observer_sees_no_need_below_the_threshold(asked, territory):
    (hobby,) = [
        one
        for one in (await supply(asked, territory))["31506"]["needs"]
        if one["theme"] == "leisure_creation"
    ]
    assert (hobby["count"], hobby["status"]) == (None, "secret")


async def test_white_zones_are_communes_without_a_place_and_none_near(asked, territory):
    found = (await asked(territory, "white-zones", within_km=5)).json()
    white = {one["commune"]: one["is_white"] for one in found["items"]}
    assert white == {"31022": False, "31113": False, "31446": False, "31451": True, "32013": True}
    assert {one["department"]: one["white"] for one in found["departments"]} == {"31": 1, "32": 1}
    wider = (await asked(territory, "white-zones", within_km=60)).json()
    assert [one["commune"] for one in wider["items"] if one["is_white"]] == ["32013"]
    gers = (await asked(territory, "white-zones", departement="32")).json()
    assert [one["commune"] for one in gers["items"]] == ["32013"]
    pages = (await asked(territory, "white-zones", limit=1, cursor="31446")).json()
    assert ([one["commune"] for one in pages["items"]], pages["cursor"]) == (["31451"], "31451")


async def test_white_zones_are_a_file(asked, territory):
    answer = await asked(territory, "white-zones/export", within_km=5)
    rows = {row["code_commune"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert set(rows) == set(FAR)
    assert (rows["31451"]["zone_blanche"], rows["31506"]["zone_blanche"]) == ("oui", "non")


async def test_a_commune_without_reference_data_is_not_called_white(
    pool, asked, found_with, brought
):
    here = await found_with(SICOVAL)
    await pool.execute(
        "INSERT INTO communes (coordination, code, covered) VALUES ($1, '31999', true)", here
    )
    found = (await asked(here, "white-zones")).json()
    told = {one["commune"]: one["is_white"] for one in found["items"]}
    assert told["31999"] is None
    assert told["31506"] is True
