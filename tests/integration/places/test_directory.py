"""The directory is searched by words, place, hours and service, a page at a time."""

import pytest

from tests.integration.places.test_places import place

HERE = [
    place(
        id="a",
        nom="Médiathèque Émile-Zola",
        horaires="Tu-Sa 10:00-18:00",
        services="Loisirs et créations numériques",
        frais_a_charge="Gratuit",
    ),
    place(
        id="b",
        nom="Mairie annexe",
        latitude="43.5164",
        longitude="1.5006",
        code_insee="31113",
        commune="Castanet-Tolosan",
        horaires="Mo-Fr 09:00-12:00",
        publics_specifiquement_adresses="",
        frais_a_charge="Payant",
        dispositif_programmes_nationaux="France Services",
    ),
    place(
        id="c",
        nom="Fablab du soir",
        latitude="43.6045",
        longitude="1.4440",
        horaires="We 17:00-22:00",
        itinerance="Itinérant",
    ),
    place(id="d", nom="Antenne sans horaires", latitude="", longitude="", horaires="", services=""),
]


@pytest.fixture
async def directory(sicoval, brought):
    report = await brought(sicoval, HERE)
    assert report["accepted"] == len(HERE), report
    return sicoval


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({}, "dcba"),
        ({"q": "mediatheque"}, "a"),
        ({"q": "ÉMILE zol"}, "a"),
        ({"q": "castanet"}, "b"),
        ({"q": "diatheque"}, ""),
        ({"q": "mairie & ("}, "dcba"),  # The street of all four is rue de la Mairie.
        ({"service": "Loisirs et créations numériques"}, "cba"),
        ({"service": "creer avec le numerique"}, "cba"),  # As the first generation said.
        ({"public": "Seniors"}, "dca"),
        ({"label": "Conseillers numériques"}, "dca"),
        ({"fee": "Payant"}, "b"),
        ({"commune": "31113"}, "b"),
        ({"evening": "true"}, "c"),
        ({"weekend": "true"}, "a"),
        ({"itinerance": "Itinérant"}, "c"),
        ({"open_at": "2026-03-17T10:30:00+01:00"}, "ba"),  # A Tuesday.
        ({"open_at": "2026-03-18T20:00:00Z"}, "c"),  # 21:00 in Paris, a Wednesday.
        ({"open_at": "9999-12-31T23:59:59-12:00"}, ""),
        ({"open_at": "0001-01-01T00:00:00+12:00"}, ""),
        ({"near": "43.5164,1.5006", "within_km": "1"}, "b"),
        ({"near": "43.5164,1.5006", "within_km": "50"}, "bac"),
        ({"near": "43.5164,1.5006", "within_km": "50", "q": "fablab"}, "c"),
        ({"near": "43.5164,1.5006", "open_at": "2026-03-18T20:00:00Z", "within_km": "50"}, "c"),
    ],
    ids=str,
)
@pytest.mark.parametrize("limit", [1, 200])
async def test_the_directory_is_searched(asked, ids, limit, directory, seen):
    found = await seen(directory, limit=limit, **asked)
    assert "".join(one["local_id"] for one in found) == ids


async def test_distances_are_great_circles(directory, seen):
    found = await seen(directory, near="43.5164,1.5006", within_km="50")
    assert [round(one["distance_km"], 1) for one in found] == [0.0, 3.6, 10.8]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"q": "&"}, 422),
        ({"near": "91,1"}, 422),
        ({"near": "ici"}, 400),
        ({"open_at": "2026-03-17T10:30:00"}, 422),
        ({"cursor": "00"}, 422),
        ({"limit": 201}, 400),
        ({"service": "Faire le café"}, 422),
        ({"within_km": 0}, 400),
    ],
    ids=str,
)
async def test_a_search_that_means_nothing_is_refused(asked, status, directory, http, bearer):
    path = f"/v1/coordinations/{directory}/places"
    answer = await http.get(path, params=asked, headers=bearer("observer", directory))
    assert answer.status_code == status, answer.text
    assert answer.json()["code"].startswith("E_")


async def test_a_place_is_read_by_its_id_in_its_own_coordination(
    directory, found_with, http, bearer, seen
):
    (found,) = await seen(directory, q="fablab")
    path = f"/v1/coordinations/{directory}/places/{found['id']}"
    answer = await http.get(path, headers=bearer("observer", directory))
    assert answer.json() == found
    elsewhere = await found_with({"33063": ("Bordeaux", -0.57, 44.84)})
    other = path.replace(directory, elsewhere)
    answer = await http.get(other, headers=bearer("observer", elsewhere))
    assert (answer.status_code, answer.json()["code"]) == (404, "E_UNKNOWN")
    assert (await http.get(other, headers=bearer("observer", directory))).status_code == 403
