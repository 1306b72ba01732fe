"""Places come in by files of the national schema and are found in the directory."""

import json

import pytest

PLACE = {
    "id": "structure-1",
    "pivot": "43493312300029",
    "nom": "Espace numérique de l'Œuvre",
    "commune": "Ramonville-Saint-Agne",
    "code_postal": "31520",
    "code_insee": "31506",
    "adresse": "12 rue de la Mairie",
    "latitude": "43.5440",
    "longitude": "1.4778",
    "typologie": "TIERS_LIEUX;ASSO",
    "telephone": "+33561000000",
    "courriels": "contact@lieu.fr",
    "site_web": "https://lieu.fr",
    "horaires": "Mo-Fr 09:00-12:00,14:00-18:30; Sa 08:30-12:00",
    "source": "Hubik",
    "itinerance": "Fixe",
    "date_maj": "2026-06-01",
    "services": "Aide aux démarches administratives;Loisirs et créations numériques",
    "publics_specifiquement_adresses": "Seniors",
    "frais_a_charge": "Gratuit",
    "dispositif_programmes_nationaux": "Conseillers numériques;France Services",
    "modalites_acces": "Ce lieu n’accueille pas de public",
    "modalites_accompagnement": "En autonomie",
}


def place(**over):
    """Return a place of the schema, some columns told otherwise."""
    return {**PLACE, **over}


async def test_a_place_is_kept_as_the_schema_tells_it(sicoval, brought, seen):
    report = await brought(sicoval, [PLACE])
    assert (report["accepted"], report["refused"]) == (1, [])
    (found,) = await seen(sicoval)
    assert found["commune"] == "31506"
    assert found["kinds"] == ["ASSO", "TIERS_LIEUX"]
    assert found["services"] == [
        "Aide aux démarches administratives",
        "Loisirs et créations numériques",
    ]
    assert found["access_modes"] == ["Ce lieu n'accueille pas de public"]
    assert (found["opens_evening"], found["opens_weekend"]) == (True, True)
    assert found["phone"] == "+33561000000"
    assert 0 <= found["freshness"] <= 1


async def test_the_same_file_again_changes_nothing_and_a_change_is_told(sicoval, brought, seen):
    await brought(sicoval, [PLACE])
    again = await brought(sicoval, [PLACE])
    assert (again["accepted"], again["unchanged"]) == (0, 1)
    other = await brought(sicoval, [place(nom="Autre nom")])
    assert (other["accepted"], other["unchanged"]) == (1, 0)
    assert [one["name"] for one in await seen(sicoval)] == ["Autre nom"]


async def test_what_is_older_does_not_replace_what_is_newer(sicoval, brought, seen):
    await brought(sicoval, [place(nom="Nouveau", date_maj="2026-06-02")])
    report = await brought(sicoval, [place(nom="Ancien", date_maj="2024-01-01")])
    assert report["unchanged"] == 1
    assert [one["name"] for one in await seen(sicoval)] == ["Nouveau"]


async def test_a_place_of_another_territory_is_told_and_not_kept(sicoval, brought, seen):
    report = await brought(
        sicoval,
        [
            PLACE,
            place(id="2", code_insee="33063", commune="Bordeaux"),
            place(id="3", code_insee=""),
        ],
    )
    assert [(one["line"], one["code"]) for one in report["refused"]] == [(3, "E_PERIMETER")]
    assert len(await seen(sicoval)) == 2


BAD = [
    ({"services": "Faire le café"}, "services", "E_FIELD"),
    ({"typologie": "CHATEAU"}, "typologie", "E_FIELD"),
    ({"frais_a_charge": "Cher"}, "frais_a_charge", "E_FIELD"),
    ({"code_postal": "3152"}, None, None),  # A leading zero that a spreadsheet ate.
    ({"code_postal": "31520Ca"}, "code_postal", "E_FIELD"),
    ({"date_maj": "hier"}, "date_maj", "E_FIELD"),
    ({"nom": ""}, "nom", "E_FIELD"),
    ({"adresse": ""}, "adresse", "E_FIELD"),
    ({"nom": "Chez 2 95 10 99 126 111 93"}, "nom", "E_PII_NIR"),
    ({"presentation_detail": "Mon numéro : 295109912611193"}, "presentation_detail", "E_PII_NIR"),
    (
        {"presentation_resume": "FR76 3000 6000 0112 3456 7890 189"},
        "presentation_resume",
        "E_PII_IBAN",
    ),
    ({"site_web": "https://lieu.fr/?nir=295109912611193"}, "site_web", "E_PII_NIR"),
    ({"structure_parente": "jeanne@exemple.fr"}, "structure_parente", "E_PII_EMAIL"),
    ({"id": "295109912611193"}, "id", "E_PII_NIR"),
    (
        {"autres_formations_labels": "né le 12/03/1961"},
        "autres_formations_labels",
        "E_PII_BIRTH_DATE",
    ),
]


@pytest.mark.parametrize(("over", "column", "code"), BAD, ids=lambda one: str(one)[:40])
async def test_a_bad_row_is_refused_by_its_column_and_the_good_one_kept(
    over, column, code, sicoval, brought, seen
):
    report = await brought(sicoval, [place(id="ok"), {**place(id="bad"), **over}])
    told = [(one["line"], one["column"], one["code"]) for one in report["refused"]]
    assert told == ([(3, column, code)] if column else [])
    assert "ok" in {one["local_id"] for one in await seen(sicoval)}
    assert "295109912611193" not in json.dumps(report)


DOUBTS = [
    ({"pivot": "00000000000000"}, "W_PIVOT", ("pivot", None)),
    ({"pivot": "13002603200016.0"}, None, ("pivot", "13002603200016")),
    ({"pivot": "35600000049837"}, None, ("pivot", "35600000049837")),
    ({"pivot": "35600000049838"}, "W_PIVOT", ("pivot", "35600000049838")),
    ({"pivot": "2,43E+13"}, "W_PIVOT", ("pivot", None)),
    ({"pivot": "W131004321"}, None, ("pivot", "W131004321")),
    ({"latitude": None, "longitude": None}, None, ("latitude", None)),
    ({"latitude": 43.5, "longitude": 1.5}, None, ("latitude", 43.5)),
    ({"latitude": "6789183.34", "longitude": "352113.49"}, "W_FIELD", ("latitude", None)),
    ({"telephone": "05 61 00 00 00"}, None, ("phone", "+33561000000")),
    ({"telephone": "demander"}, "W_FIELD", ("phone", None)),
    ({"horaires": "Lundi au vendredi de 9h à 19h"}, "W_HOURS", ("hours", "Mo-Fr 09:00-19:00")),
    ({"horaires": "quand on peut"}, "W_HOURS", ("hours", "quand on peut")),
    ({"presentation_detail": "Écrire à x@lieu.fr"}, "W_CONTACT", ("detail", None)),
    (
        {"services": "Accéder à du matériel, Créer avec le numérique"},
        None,
        (
            "services",
            ["Loisirs et créations numériques", "Accès internet et matériel informatique"],
        ),
    ),
    (
        {"publics_specifiquement_adresses": "Adultes|Seniors (+ 65 ans)"},
        "W_LOST",
        ("publics", ["Seniors"]),
    ),
    ({"date_maj": ""}, "W_FIELD", ("updated_on", "1970-01-01")),
    ({"date_maj": "07/12/2021"}, None, ("updated_on", "2021-12-07")),
]


@pytest.mark.parametrize(("over", "code", "kept"), DOUBTS, ids=lambda one: str(one)[:40])
async def test_what_is_doubtful_is_kept_or_left_out_and_told(
    over, code, kept, sicoval, brought, seen
):
    report = await brought(sicoval, [place(**over)])
    assert report["accepted"] == 1, report
    assert [one["code"] for one in report["warnings"]] == ([code] if code else [])
    (found,) = await seen(sicoval)
    assert found[kept[0]] == kept[1]


async def test_an_arrondissement_is_in_its_commune(found_with, brought, seen):
    here = await found_with({"13055": ("Marseille", 5.37, 43.29), "13001": ("Aix", 5.44, 43.52)})
    rows = [
        place(id="a", commune="MARSEILLE 11", code_postal="13011", code_insee=""),
        place(
            id="b", commune="Marseille 6e arrondissement", code_postal="13006", code_insee="13206"
        ),
    ]
    assert (await brought(here, rows))["accepted"] == 2
    assert {one["commune"] for one in await seen(here)} == {"13055"}


async def test_two_communes_of_one_name_are_told_apart_by_their_departement(
    found_with, brought, seen
):
    here = await found_with({"07336": ("Vernon", 4.2, 44.5), "27681": ("Vernon", 1.5, 49.1)})
    assert (await brought(here, [place(commune="VERNON", code_postal="27200", code_insee="")]))[
        "accepted"
    ] == 1
    assert [one["commune"] for one in await seen(here)] == ["27681"]


async def test_two_rows_that_may_be_one_place_are_both_kept_and_told(
    sicoval, brought, seen, http, bearer
):
    rows = [
        place(id="a"),
        place(id="b", nom="Le même sous un autre nom"),
        place(id="c", adresse="Ailleurs", latitude="43.51", longitude="1.50", nom="Antenne"),
    ]
    report = await brought(sicoval, rows)
    assert report["accepted"] == 3
    assert [(one["line"], one["code"]) for one in report["warnings"]] == [(3, "W_TWIN")]
    path = f"/v1/coordinations/{sicoval}/places/duplicates"
    pairs = (await http.get(path, headers=bearer("coordinator", sicoval))).json()["items"]
    assert [one["reason"] for one in pairs] == ["pivot_and_address"]
    assert (await http.get(path, headers=bearer("observer", sicoval))).status_code == 403


async def test_one_id_twice_in_a_file_is_refused_the_second_time(sicoval, brought):
    report = await brought(sicoval, [PLACE, place(nom="Encore")])
    assert [(one["line"], one["code"]) for one in report["refused"]] == [(3, "E_TWICE")]


async def test_a_dry_run_keeps_nothing(sicoval, brought, seen):
    report = await brought(sicoval, [PLACE], dry_run="true")
    assert report["accepted"] == 1
    assert await seen(sicoval) == []


async def test_communes_that_gain_places_are_told_to_partners(sicoval, brought, pool):
    rows = [place(id=str(number)) for number in range(3)] + [
        place(id="x", code_insee="31582", commune="Labège")
    ]
    await brought(sicoval, rows)
    await brought(sicoval, [*rows[:2], place(id="2", nom="Renommé")])
    told = await pool.fetch(
        "SELECT subject, data FROM ev WHERE aggregate = $1 ORDER BY 1, 2", f"{sicoval}/places"
    )
    assert {one["subject"] for one in told} == {f"pub.diagnostics.{sicoval}._all.places_changed.v1"}
    facts = sorted((json.loads(one["data"])["communes"] for one in told), key=len)
    assert facts == [
        [{"commune": "31506", "places": 3, "added": 0, "changed": 1}],
        [
            {"commune": "31506", "places": 3, "added": 3, "changed": 0},
            {"commune": "31582", "places": 1, "added": 1, "changed": 0},
        ],
    ]


MISSHAPEN = [
    {"nom": 3},
    {"nom": {"joindre": {"colonnes": 3}}},
    {"nom": {"dissocier": {"colonne": "nom", "séparateur": "", "partie": 0}}},
    {"nom": {"dissocier": {"colonne": "nom", "partie": "deux"}}},
    {"nom": {"dissocier": 3}},
    {"services": [3]},
    {"services": [{"colonnes": ["nom"], "termes": 3, "cible": "x"}]},
    {"services": [{"colonnes": ["nom"], "sauf": 3, "cible": "x"}]},
    {"horaires": {"jours": 3}},
]


@pytest.mark.parametrize("mapping", MISSHAPEN, ids=str)
async def test_a_mapping_of_another_shape_is_refused_and_breaks_nothing(
    mapping, sicoval, http, bearer, seen
):
    answer = await http.post(
        f"/v1/coordinations/{sicoval}/imports/places",
        content=json.dumps([PLACE]).encode(),
        params={"mapping": json.dumps(mapping)},
        headers=bearer(),
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "E_FILE"), answer.text
    assert await seen(sicoval) == []
