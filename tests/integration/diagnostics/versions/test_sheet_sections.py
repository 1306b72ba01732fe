"""What the field keeps of a commune, on its sheet and in versions, by who reads it."""

import csv
import io
import json
from datetime import date
from uuid import uuid4

import pytest

from contracts.events.funding import PostFilled
from contracts.events.members import MemberConfirmed
from contracts.values import College, Role
from infra.cli.main import main
from tests.integration.diagnostics.field.site import campaign, evidence, risk, words_of
from tests.integration.diagnostics.provenance import figures_that_say_nothing

HERE, BESIDE = "31113", "31446"
SAID = "Depuis l'atelier, j'écris à mes petits-enfants (fictif)"
SECRET = "secret statistique"
COG = (
    "code_commune,nom,siren,population,codes_postaux,code_departement,departement,code_region,"
    "region,siren_epci,epci,type_epci\n"
    "31113,Castanet-Tolosan,213101132,15000,31320,31,Haute-Garonne,76,Occitanie,243100633,"
    "CA du Sicoval,CA\n"
)
ACTIVITY = (
    "CodePostal,Somme de Moins12ans,Somme de De12a18ans,Somme de De18a35ans,Somme de De35a60ans,"
    "Somme de Plus60ans,Somme de Etudiant,Somme de SansEmploi,Somme de EnEmploi,"
    "Somme de Retraite,Somme de Heterogene\n"
    "31320,0,4,23,61,142,0,40,52,120,18\n"
)
PLACES = (
    "id,nom,commune,code_postal,code_insee,adresse,services,date_maj,horaires\n"
    "mediatheque,Médiathèque de Castanet,Castanet-Tolosan,31320,31113,1 avenue du Lauragais,"
    'Utilisation sécurisée du numérique,2026-10-01,"Tu 10:00-20:30"\n'
)


async def made(world, path, body, **options):
    """Do it, and return what is answered."""
    answer = await world.ask(path, verb="POST", json=body, **options)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


async def sent(world, path, text, where=None):
    """Send a file, all of whose rows are taken."""
    if where is None:
        answer = await world.ask(path, verb="POST", content=text.encode())
    else:
        headers = world.bearer("operator", "*")
        answer = await world.running.client.post(where, content=text.encode(), headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["refused"] == [], answer.text


async def followed(world):
    """Let needs be followed: 31 stand, 14 are solved; 4 of another kind are too few to tell."""
    solved = uuid4()
    await world.met(
        {"area": HERE, "count": 31},
        {"area": HERE, "count": 14, "signal_id": solved},
        {"area": HERE, "count": 4, "theme": "safe_use"},
    )
    await world.told(
        MemberConfirmed(
            coordination=world.coordination,
            member_id=uuid4(),
            organization="ccas-castanet",
            name="CCAS (fictif)",
            college=next(iter(College)),
            effective_on=date(2026, 1, 1),
        )
    )
    await made(world, f"needs/{solved}/take-charge", {"organization": "ccas-castanet"})
    await made(world, f"needs/{solved}/outcome", {"outcome": "resolved"})


async def heard(world):
    """Bring what the field brings: a risk with its proof, words, a visit, a tour, a survey."""
    element = (await made(world, "elements", risk(communes=[HERE])))["element"]["id"]
    await made(world, "evidence", evidence("ELEMENT", element))
    await made(world, "testimonies", words_of("ELEMENT", element, commune=HERE))
    visit = {"id": str(uuid4()), "commune": HERE, "planned_on": "2026-03-04"}
    await made(world, "visits", visit)
    report = {
        "done_on": "2026-03-05",
        "met": ["MAYOR"],
        "needs": [{"problem": "online_procedure", "public": "seniors"}],
    }
    await made(world, f"visits/{visit['id']}/report", report)
    await world.told(
        PostFilled(
            coordination=world.coordination,
            post="poste-1",
            programme="conseillers",
            funder="etat",
            employer="sicoval",
            host="sicoval",
            deployer="sicoval",
            filled_on=date(2026, 3, 2),
            ends_on=date(2028, 3, 1),
        )
    )
    for title, people, least in (("Grande", 123, 11), ("Petite", 7, 5)):
        asked = campaign(title=title, communes=[HERE], threshold=least)
        await made(world, "surveys", asked)
        await made(world, f"surveys/{asked['id']}/steps", {"state": "OPEN", "on": "2026-02-01"})
        text = f"commune;question;reponse;effectif\n{HERE};respondents;all;{people}\n"
        await sent(world, f"surveys/{asked['id']}/results", text)
    await made(world, "surveys", campaign(title="Brouillon", communes=[HERE]))


@pytest.fixture
async def full(world):
    """A commune of which each room knows something."""
    await followed(world)
    await heard(world)
    await sent(world, "", COG, where="/v1/imports/cog")
    await sent(world, "imports/activity", ACTIVITY)
    await sent(world, "imports/places", PLACES)
    return world


async def sections(world, **options):
    sheet = await world.get(f"areas/{HERE}/sheet", **options)
    return {one["name"]: [row[:-4] for row in one["rows"]] for one in sheet["sections"]}


def of_activity(rows):
    return {row[1]: row[2] for row in rows}


async def test_those_inside_read_all_that_the_field_keeps(full):
    told = await sections(full)

    assert told["follow_up"] == [
        ["signalé", "", "36", "person"],
        ["clos", "résolu", "14", "person"],
    ], "one of them was heard on the visit"
    assert told["places"][0][4:6] == ["oui", "non"]
    (element,) = told["elements"]
    assert element[2:] == ["1", "1"]
    assert told["testimonies"] == [["Seniors", SAID]]
    (visit,) = told["visits"]
    assert visit[:3] == ["2026-03-04", "faite", "2026-03-05"]
    assert visit[3]
    assert told["tours"] == [["poste-1", "2026-03-02", "faite", "2026-03-05", "1 sur 3"]]
    assert {(row[0], row[2]) for row in told["surveys"]} == {("Grande", "123"), ("Petite", "7")}
    activity = of_activity(told["activity"])
    assert (activity["De 12 à 18 ans"], activity["Plus de 60 ans"]) == ("4", "142")
    assert told["activity"][0][0] == "Code postal 31320"


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.MEMBER])
async def test_outside_small_counts_and_words_are_not_told_and_the_rest_is_rounded(full, role):
    told = await sections(full, role=role)

    assert told["follow_up"] == [
        ["signalé", "", "30", "person"],
        ["clos", "résolu", "15", "person"],
    ], "the four that are too few are in no sum"
    assert told["elements"][0][2:] == ["1", "non diffusé"]
    assert told["testimonies"] == [[SECRET]]
    assert told["tours"][0][4] == "1 sur 3"
    assert {(row[0], row[2]) for row in told["surveys"]} == {("Grande", "125"), ("Petite", SECRET)}
    activity = of_activity(told["activity"])
    assert (activity["De 12 à 18 ans"], activity["De 18 à 35 ans"]) == (SECRET, SECRET)
    assert (activity["Plus de 60 ans"], activity["Moins de 12 ans"]) == ("140", "0")
    for form in ("html", "csv"):
        file = await full.ask(f"areas/{HERE}/sheet/file", role=role, params={"form": form})
        assert file.status_code == 200
        assert "petits-enfants" not in file.text
        assert "Tournées" in file.text


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.OBSERVER])
async def test_every_row_says_its_source_period_licence_and_status(full, role):
    sheet = await full.get(f"areas/{HERE}/sheet", role=role)
    assert figures_that_say_nothing(sheet) == []
    assert {one["name"] for one in sheet["sections"] if not one["rows"]} == {"wider"}
    rows = {one["name"]: one["rows"] for one in sheet["sections"]}
    assert rows["activity"][0][-2] == "Licence Ouverte / Etalab 2.0"
    assert rows["visits"][0][-4:-1] == [
        "Visites de la coordination",
        "2026-03-05",
        "donnée de la coordination",
    ]
    told = {row[2]: row[-1] for row in rows["surveys"]}
    assert told.get(SECRET, SECRET) == SECRET
    table = await full.ask(f"areas/{HERE}/sheet/file", role=role, params={"form": "csv"})
    assert "licence" in table.text


async def test_files_hold_what_the_field_keeps(full):
    page = await full.ask(f"areas/{HERE}/sheet/file")
    table = await full.ask(f"areas/{HERE}/sheet/file", params={"form": "csv"})
    titles = [
        "Suites des besoins",
        "Témoignages",
        "Visites",
        "Tournées",
        "Enquêtes de terrain",
        "Activité des médiateurs numériques",
    ]
    rows = list(csv.reader(io.StringIO(table.text.removeprefix("\ufeff")), delimiter=";"))
    for title in titles:
        assert f"<h2>{title}</h2>" in page.text
        assert [title] in [row[:1] for row in rows]
    assert "petits-enfants" in page.text


async def test_a_small_outcome_hides_every_state_that_would_tell_it(world):
    solved = uuid4()
    await world.met({"area": HERE, "count": 40}, {"area": HERE, "count": 5, "signal_id": solved})
    await world.told(
        MemberConfirmed(
            coordination=world.coordination,
            member_id=uuid4(),
            organization="ccas-castanet",
            name="CCAS (fictif)",
            college=next(iter(College)),
            effective_on=date(2026, 1, 1),
        )
    )
    await made(world, f"needs/{solved}/take-charge", {"organization": "ccas-castanet"})

    inside = await sections(world)
    outside = await sections(world, role=Role.OBSERVER)

    assert sorted(row[2] for row in inside["follow_up"]) == ["40", "5"]
    assert [row[2] for row in outside["follow_up"]] == [SECRET, SECRET]


async def test_versions_hold_surveys_visits_and_activity_and_verify(full, tmp_path, capsys):
    await full.publish()
    public = await full.get("diagnostics/1", role=Role.OBSERVER)
    whole = await full.get("diagnostics/1")

    def held(version, chapter):
        return {
            one["label"]: (one["value"], one["status"])
            for one in version["elements"]
            if one["chapter"] == chapter and one["area"] in {HERE, "_all"}
        }

    assert held(whole, "surveys") == {"Grande": (123, "complete"), "Petite": (None, "secret")}
    assert held(public, "surveys") == {"Grande": (125, "complete"), "Petite": (None, "secret")}
    for version in (whole, public):
        assert held(version, "visits") == {
            "Visites faites": (1, "complete"),
            "Communes visitées": (1, "complete"),
        }
        sources = {one["chapter"]: one for one in version["sources"]}
        assert sources["activity"]["period"] == "2023-07-17"
        assert sources["activity"]["source"].startswith("La Coop")
        assert sources["surveys"]["source"] == "la-poste"
        assert held(version, "activity")["De 12 à 18 ans"] == (None, "secret")
        assert "petits-enfants" not in json.dumps(version, ensure_ascii=False)
    assert held(whole, "activity")["Plus de 60 ans"] == (142, "complete")
    assert held(public, "activity")["Plus de 60 ans"] == (140, "complete")

    file = tmp_path / "version.json"
    for version in (whole, public):
        file.write_text(json.dumps(version))
        assert main(["verify", "diagnostic", str(file)]) == 0
    (survey,) = [one for one in public["elements"] if one["label"] == "Grande"]
    survey["value"] = 124
    file.write_text(json.dumps(public))
    assert main(["verify", "diagnostic", str(file)]) == 1
    assert "empreinte" in capsys.readouterr().err


async def test_a_version_of_a_coordination_without_field_work_says_nothing_of_it(world):
    await world.counted({"area": HERE, "count": 30})
    await world.publish()
    version = await world.get("diagnostics/1")
    assert {one["chapter"] for one in version["elements"]} == {"exposures"}
