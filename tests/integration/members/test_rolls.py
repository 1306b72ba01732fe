"""Lists of members from a spreadsheet: good lines are kept, each bad one says why."""

import csv
from datetime import UTC, datetime
from io import StringIO
from uuid import uuid4

import pytest

from services.members.model.days import day_of

HEADER = "nom;type;collège;section;siret;rna;rôles;depuis;ancien nom"


@pytest.fixture
def bring(http, bearer, coordination):
    """Return a function that imports a list of members and gives the answer."""

    async def send(text, headers=None, **params):
        raw = text if isinstance(text, bytes) else text.encode()
        path = f"/v1/coordinations/{coordination}/imports/members"
        return await http.post(
            path,
            content=raw,
            params=params,
            headers={**(headers or bearer()), "Content-Type": "text/csv"},
        )

    return send


@pytest.fixture
def shown(http, bearer, coordination):
    """Return a function that lists the members, by name."""

    async def ask(**params):
        path = f"/v1/coordinations/{coordination}/members"
        asked = {"limit": 200, **params}
        found = (await http.get(path, params=asked, headers=bearer())).json()["items"]
        return {one["name"]: one for one in found}

    return ask


def listed(*lines):
    return "\n".join((HEADER, *lines)) + "\n"


def some(count):
    mark = uuid4().hex[:8]
    return listed(
        *(
            f"Association n° {number} de {mark};association;médiation numérique;;;;;2026-01-01;"
            for number in range(count)
        )
    )


async def test_a_list_gives_each_line_its_seat_and_tells_the_other_services(
    bring, shown, facts_about
):
    mark = uuid4().hex[:8]
    answer = await bring(
        listed(
            f"CAF de {mark};CAF;Institutionnel;;;;cofinanceur;01/02/2026;",
            f"Banque {mark};banque;collège privé;;732 829 320 00074;;chef de file, conseil;2026-03-01;",
            f"Habitants de {mark};citoyens;médiation numérique;citoyens;;;;;",
            f"France Travail {mark};pôle emploi;;;;;;;Pôle emploi",
        )
    )

    report = answer.json()
    assert answer.status_code == 200, answer.text
    assert (report["read"], report["accepted"], report["refused"]) == (4, 4, [])
    assert [(one["line"], one["code"]) for one in report["warnings"]] == [(5, "W_COLLEGE")]
    found = await shown()
    bank = found[f"Banque {mark}"]
    assert (bank["college"], bank["siret"]) == ("PRIVATE", "73282932000074")
    assert bank["roles"] == ["ADVISER", "LEAD"]
    assert bank["organization"] == f"banque-{mark}"
    assert found[f"CAF de {mark}"]["effective_on"] == "2026-02-01"
    assert found[f"Habitants de {mark}"]["section"] == "CITIZEN"
    assert found[f"Habitants de {mark}"]["effective_on"] == str(day_of(datetime.now(UTC)))
    assert found[f"France Travail {mark}"]["kind"] == "FRANCE_TRAVAIL"
    assert found[f"France Travail {mark}"]["formerly"] == "Pôle emploi"
    (fact,) = await facts_about(bank["id"])
    assert (fact["type"], fact["college"]) == ("member_confirmed", "PRIVATE")


async def test_a_hundred_and_sixty_lines_are_kept_then_unchanged(bring, shown):
    text = some(160)
    first, again = (await bring(text)).json(), (await bring(text)).json()

    assert (first["read"], first["accepted"]) == (160, 160)
    assert (again["unchanged"], again["accepted"], again["refused"]) == (160, 0, [])
    assert len(await shown()) == 160


async def test_a_dry_run_says_the_same_and_keeps_nothing(bring, shown):
    text = some(3) + "Sans collège;machin bidule;;;;;;;\n"
    dry = (await bring(text, dry_run="true")).json()

    assert await shown() == {}
    assert (await bring(text)).json() == dry


@pytest.mark.parametrize(
    ("line", "column", "code", "said"),
    [
        (";association;privé;;;;;;", "nom", "E_FIELD", "manque"),
        (f"{'x' * 201};association;privé;;;;;;", "nom", "E_FIELD", "200"),
        ("Un;association;jaune;;;;;;", "college", "E_FIELD", "jaune"),
        ("Un;quelque chose;;;;;;;", "college", "E_FIELD", "collège manque"),
        ("Xyz;;privé;;;;;;", "type", "E_FIELD", "type d'organisme"),
        ("Un;association;privé;;1234;;;;", "siret", "E_FIELD", "14 chiffres"),
        ("Un;association;privé;;2,43E+13;;;;", "siret", "E_FIELD", "tableur"),
        ("Un;association;privé;;;W12;;;", "rna", "E_FIELD", "forme"),
        ("Un;association;privé;;;;grand chef;;", "roles", "E_FIELD", "grand chef"),
        ("Un;association;privé;;;;pilote, chef de file;;", "roles", "E_FIELD", "deux fois"),
        ("Un;association;privé;;;;;31/02/2026;", "depuis", "E_FIELD", "date"),
        ("Un;association;privé;;;;;hier;", "depuis", "E_FIELD", "date"),
        ("Un;habitants;privé;citoyens;;;;;", "section", "E_FIELD", "DIGITAL_MEDIATION"),
        ("Un;association;privé;rouge;;;;;", "section", "E_FIELD", "rouge"),
        (
            "Un;citoyens;médiation;citoyens;73282932000074;;;;",
            "siret",
            "E_FIELD",
            "sans SIRET",
        ),
        ("Jean 06 12 34 56 78;association;privé;;;;;;", "nom", "E_PII", "personnelle"),
        ('"Un;association;privé;;;;;;', None, "E_ROW", "guillemets"),
        ("Un;association;privé;;;;;;;de trop", None, "E_ROW", "délimiteur"),
    ],
)
async def test_a_bad_line_is_told_and_the_others_kept(bring, shown, line, column, code, said):
    good = f"Bonne {uuid4().hex[:8]}"
    report = (await bring(listed(line, f"{good};association;privé;;;;;;"))).json()

    assert (report["read"], report["accepted"]) == (2, 1), report
    (refused,) = report["refused"]
    assert (refused["line"], refused["column"], refused["code"]) == (2, column, code)
    assert said in refused["detail"]
    assert list(await shown()) == [good]


async def test_a_line_that_contradicts_what_is_known_is_refused_alone(bring, shown):
    mark = uuid4().hex[:8]
    slug = f"o-{mark}"
    head = "organisme;nom;type;collège\n"
    await bring(f"{head}{slug};Nom {mark};association;privé\n")

    report = (
        await bring(
            f"{head}{slug};Autre nom;association;privé\n;Nom {mark};association;institutionnel\n"
            f"o-autre-{mark};Autre {mark};association;privé\n"
        )
    ).json()

    assert report["accepted"] == 1
    assert [(one["column"], one["code"]) for one in report["refused"]] == [
        ("nom", "E_DIFFERS"),
        ("college", "E_DIFFERS"),
    ]
    assert len(await shown()) == 2


async def test_a_line_without_slug_means_who_sits_here_under_that_name(bring, shown):
    mark = uuid4().hex[:8]
    head = "organisme;nom;type;collège\n"
    await bring(f"{head}caf-{mark};CAF de l'Hérault {mark};CAF;institutionnel\n")

    again = (await bring(f"{head};caf de l’herault {mark};CAF;institutionnel\n")).json()

    assert (again["unchanged"], again["refused"]) == (1, [])
    assert [one["organization"] for one in (await shown()).values()] == [f"caf-{mark}"]


async def test_a_member_of_another_college_is_refused(bring):
    mark = uuid4().hex[:8]
    await bring(listed(f"Nom {mark};association;privé;;;;;;"))

    report = (await bring(listed(f"Nom {mark};association;institutionnel;;;;;;"))).json()

    assert [one["code"] for one in report["refused"]] == ["E_DIFFERS"]
    assert report["refused"][0]["column"] == "college"


async def test_a_line_given_twice_counts_once(bring):
    line = f"Doublon {uuid4().hex[:8]};association;privé;;;;;;"
    report = (await bring(listed(line, line.upper().replace("PRIVÉ", "privé")))).json()

    assert (report["accepted"], [one["code"] for one in report["refused"]]) == (1, ["E_TWICE"])


async def test_homonyms_with_two_sirets_get_two_slugs(bring, shown):
    mark = uuid4().hex[:8]
    lines = [
        f"Poste {mark};La Poste;privé;;{siret};;;;"
        for siret in ("35600000009075", "35600000000048")
    ]
    for _ in range(2):
        report = (await bring(listed(*lines))).json()
        assert report["refused"] == []

    path_slugs = {one["organization"] for one in (await shown()).values()}
    assert path_slugs <= {f"poste-{mark}", f"poste-{mark}-2"}
    assert report["unchanged"] == 2


async def test_what_a_line_leaves_blank_stays_as_it_is_known(bring, shown):
    mark = uuid4().hex[:8]
    await bring(listed(f"Nom {mark};association;privé;;73282932000074;W123456789;;2025-01-01;"))

    again = (await bring(listed(f"Nom {mark};association;privé;;;;;;"))).json()

    assert (again["unchanged"], again["refused"]) == (1, [])
    (found,) = (await shown()).values()
    assert (found["siret"], found["effective_on"]) == ("73282932000074", "2025-01-01")


async def test_a_wrong_siret_key_is_kept_with_a_doubt(bring, shown):
    mark = uuid4().hex[:8]
    report = (await bring(listed(f"Nom {mark};association;privé;;73282932000079.0;;;;"))).json()

    assert [(one["column"], one["code"]) for one in report["warnings"]] == [("siret", "W_SIRET")]
    (found,) = (await shown()).values()
    assert [one["code"] for one in found["warnings"]] == ["W_SIRET"]


async def test_a_windows_file_with_blank_lines_and_a_title_above_is_read(bring, shown):
    mark = uuid4().hex[:8]
    text = f"Membres du réseau;;\r\n\r\nDénomination;Nature;Collège\r\nMédiathèque {mark};médiathèque;médiation numérique\r\n;;\r\n"
    report = (await bring(text.encode("cp1252"))).json()

    assert (report["read"], report["accepted"], report["refused"]) == (1, 1, [])
    (found,) = (await shown()).values()
    assert found["name"] == f"Médiathèque {mark}"
    assert found["kind"] == "LIBRARY"


async def test_a_producers_own_columns_are_mapped(bring, shown):
    mark = uuid4().hex[:8]
    text = f"Acteur,Bloc\nCAF de {mark},institutionnel\n"
    mapping = '{"Acteur": "nom", "Bloc": "college"}'

    refused = await bring(text)
    report = (await bring(text, mapping=mapping)).json()

    assert (refused.status_code, refused.json()["code"]) == (422, "E_FILE")
    assert "college" in refused.json()["detail"]
    assert report["accepted"] == 1
    assert (await shown())[f"CAF de {mark}"]["kind"] == "CAF"


async def test_a_broken_mapping_and_an_empty_file_are_refused_whole(bring):
    for answer in (
        await bring(some(1), mapping="[1"),
        await bring(b""),
        await bring(b"\x1f\x8bno"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "E_FILE"), answer.text
        assert answer.json()["errors"][0]["field"] == "file"


async def test_a_list_is_brought_by_those_who_write_governance_where_they_do(
    bring, bearer, coordination, http
):
    for role in ("member", "observer", "funder"):
        assert (await bring(some(1), bearer(role, coordination))).status_code == 403
    assert (await bring(some(1), bearer("coordinator", "elsewhere"))).status_code == 403
    assert (await bring(some(1), bearer("secretary", coordination))).status_code == 200
    nowhere = await http.post(
        "/v1/coordinations/c-nowhere/imports/members", content=some(1).encode(), headers=bearer()
    )
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "E_UNKNOWN")


async def test_an_exported_list_is_imported_back_unchanged(bring, http, bearer, coordination):
    mark = uuid4().hex[:8]
    await bring(
        listed(
            f"CAF de {mark};CAF;Institutionnel;;;;cofinanceur, pilote;01/02/2026;",
            f"=Banque {mark};banque;privé;;73282932000079;;;2026-03-01;Crédit {mark}",
            f"Habitants de {mark};citoyens;médiation numérique;citoyens;;;;;",
        )
    )
    path = f"/v1/coordinations/{coordination}/members/export"
    exported = await http.get(path, headers=bearer())

    assert exported.content.startswith(b"\xef\xbb\xbforganisme,nom,type")
    rows = list(csv.DictReader(StringIO(exported.content.decode("utf-8-sig"))))
    assert f"'=Banque {mark}" in {row["nom"] for row in rows}
    again = (await bring(exported.content.replace(b"'=", b"="))).json()
    assert (again["unchanged"], again["refused"]) == (3, [])
