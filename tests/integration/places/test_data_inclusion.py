"""Structures and services of data·inclusion come in, a service to its structure."""

import pytest

from tests.integration.places.test_places import place

STRUCTURE = {
    "source": "dora",
    "id": "dora--a1",
    "nom": "Maison du numérique",
    "date_maj": "2026-05-04",
    "siret": "43493312300029",
    "commune": "Labège",
    "code_postal": "31670",
    "code_insee": "31582",
    "adresse": "3 rue de l'Autan",
    "longitude": 1.513,
    "latitude": 43.536,
    "telephone": "0561000000",
    "courriel": "accueil@maison.fr",
    "reseaux_porteurs": ["conseillers-numeriques", "communes"],
}
SERVICE = {
    "source": "dora",
    "structure_id": "dora--a1",
    "id": "dora--s1",
    "nom": "Ateliers du mardi",
    "description": "Apprendre à se servir d'un ordinateur, à son rythme.",
    "date_maj": "2026-05-05",
    "type": "atelier",
    "thematiques": [
        "numerique--maitriser-les-fondamentaux-du-numerique",
        "famille--garde-denfants",
    ],
    "frais": "gratuit",
    "publics": ["seniors"],
    "modes_accueil": ["en-presentiel"],
    "zone_eligibilite": ["31582", "243100633"],
    "mobilisable_par": ["usagers"],
    "volume_horaire_hebdomadaire": 2.5,
    "contact_nom_prenom": "Camille Exemple",
}


async def test_a_structure_is_a_place_and_a_service_one_of_its(
    sicoval, brought, seen, http, bearer
):
    kind = "data-inclusion"
    assert (await brought(sicoval, [STRUCTURE], kind=kind))["accepted"] == 1
    report = await brought(sicoval, [SERVICE], kind=kind)
    assert [one["code"] for one in report["warnings"]] == ["W_PERSON"]
    (found,) = await seen(sicoval)
    assert (found["phone"], found["programmes"]) == ("+33561000000", ["Conseillers numériques"])
    assert found["services"] == ["Maîtrise des outils numériques du quotidien"]
    path = f"/v1/coordinations/{sicoval}/places/{found['id']}/services"
    (told,) = (await http.get(path, headers=bearer("observer", sicoval))).json()["items"]
    assert (told["name"], told["weekly_hours"]) == ("Ateliers du mardi", 2.5)
    assert "Camille" not in str(told)
    again = await brought(sicoval, [STRUCTURE, SERVICE], kind=kind)
    assert (again["unchanged"], again["accepted"]) == (2, 0)


async def test_what_data_inclusion_has_no_word_for_stays(sicoval, brought, seen):
    rows = [
        place(id="a1", source="dora", date_maj="2026-01-01", prise_en_charge_specifique="Surdité")
    ]
    await brought(sicoval, rows)
    assert (await brought(sicoval, [STRUCTURE], kind="data-inclusion"))["accepted"] == 1
    (found,) = await seen(sicoval)
    assert (found["name"], found["special_care"]) == ("Maison du numérique", ["Surdité"])


BAD = [
    ({"structure_id": "dora--z"}, "structure_id", "E_UNKNOWN"),
    ({"frais": "cher"}, "frais", "E_FIELD"),
    ({"publics": ["tous-publics", "jeunes"]}, "publics", "E_FIELD"),
    ({"thematiques": ["Numérique"]}, "thematiques", "E_FIELD"),
    ({"zone_eligibilite": ["ici"]}, "zone_eligibilite", "E_FIELD"),
    ({"description": "Non"}, "description", "E_FIELD"),
    ({"nom": "A"}, "nom", "E_FIELD"),
    ({"id": "s1"}, "id", "E_FIELD"),
    ({"date_maj": "1999-12-31"}, "date_maj", "E_FIELD"),
    ({"nombre_semaines": 0}, "nombre_semaines", "E_FIELD"),
    ({"conditions_acces": "Demander au 06 12 34 56 78"}, "conditions_acces", "E_PII_PHONE"),
]


@pytest.mark.parametrize(("over", "column", "code"), BAD, ids=lambda one: str(one)[:40])
async def test_a_bad_service_is_refused_by_its_column(over, column, code, sicoval, brought):
    report = await brought(
        sicoval, [STRUCTURE, SERVICE, {**SERVICE, "id": "dora--bad", **over}], kind="data-inclusion"
    )
    told = [(one["line"], one["column"], one["code"]) for one in report["refused"]]
    assert told == [(4, column, code)]
    assert report["accepted"] == 2


async def test_what_is_exported_as_data_inclusion_comes_back(sicoval, brought, http, bearer, seen):
    await brought(sicoval, [place(), place(id="b", adresse="2 rue Neuve")])
    before = await seen(sicoval)
    for part in ("structures", "services"):
        answer = await http.get(
            f"/v1/coordinations/{sicoval}/places/data-inclusion/{part}",
            headers=bearer("observer", sicoval),
        )
        report = await brought(sicoval, answer.content, kind="data-inclusion")
        assert report["refused"] == [], part
    after = await seen(sicoval)
    assert [one["id"] for one in after] == [one["id"] for one in before]
    lost = {
        name
        for one, other in zip(before, after, strict=True)
        for name in one
        if one[name] != other[name]
    }
    assert lost <= {"source", "local_id", "services"}
