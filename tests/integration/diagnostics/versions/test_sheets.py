"""The sheet of a commune over HTTP: all that is known of it, by tier, as data, page and table."""

import csv
import io
import re
from html.parser import HTMLParser

import pytest

from contracts.values import Role

PLACE = {
    "id": "mediatheque",
    "nom": "Médiathèque de Castanet",
    "commune": "Castanet-Tolosan",
    "code_postal": "31320",
    "code_insee": "31113",
    "adresse": "1 avenue du Lauragais",
    "services": "Utilisation sécurisée du numérique",
    "date_maj": "2026-10-01",
}


async def known(world) -> None:
    """Make a commune of which something is known from each room."""
    facts = {"longitude": 1.5, "latitude": 43.5}
    communes = [
        {"code": "31113", "name": "Castanet-Tolosan", "population": 15_000, **facts},
        {"code": "31446", "name": "Ramonville", "population": 14_000, **facts},
    ]
    for path, body in (
        ("communes", {"source": "Insee", "vintage": "2026", "communes": communes}),
        (
            "indicators",
            {
                "indicator": "chomage",
                "label": "Demandeurs d'emploi",
                "unit": "personnes",
                "source": "France Travail",
                "licence": "lov2",
                "vintage": "2025",
                "observations": [{"commune": "31113", "value": "750"}],
            },
        ),
    ):
        answer = await world.ask(path, verb="POST", json=body)
        assert answer.status_code == 200, answer.text
    await world.counted(
        {"area": "31113", "count": 303}, {"area": "31113", "count": "s", "measure": "aah"}
    )
    await world.met(
        {"area": "31113", "count": 4}, {"area": "31113", "count": 45, "theme": "safe_use"}
    )
    element = {
        "title": "Les seniors de Castanet n'ont pas d'aide proche",
        "problem": "online_procedure",
        "public": "seniors",
        "communes": ["31113"],
        "figure": {
            "kind": "NEED",
            "figure": "online_procedure",
            "reading": "45 personnes",
            "source": "Besoins exprimés",
            "vintage": "2026-06",
        },
        "observed_on": "2026-07-01",
        "organization": "ccas-castanet",
    }
    answer = await world.ask("elements", verb="POST", json=element)
    assert answer.status_code in {200, 201}, answer.text
    text = io.StringIO()
    table = csv.DictWriter(text, PLACE)
    table.writeheader()
    table.writerow(PLACE)
    answer = await world.ask(
        "imports/places", verb="POST", content=text.getvalue().encode(), role="coordinator"
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["accepted"] == 1, answer.text


async def test_a_sheet_holds_all_that_is_known_with_age_and_inhabitants(world):
    await known(world)
    sheet = await world.get("areas/31113/sheet")
    assert (sheet["name"], sheet["population"], sheet["tier"]) == (
        "Castanet-Tolosan",
        15_000,
        "inside",
    )
    counts = {one["figure"]["about"]["measure"]: one for one in sheet["exposures"]}
    assert (counts["rsa_socle"]["figure"]["value"], counts["rsa_socle"]["per_thousand"]) == (
        303,
        "20.2",
    )
    assert (counts["aah"]["figure"]["status"], counts["aah"]["per_thousand"]) == ("secret", None)
    assert sorted(one["figure"]["value"] for one in sheet["needs"]) == [4, 45]
    (indicator,) = sheet["indicators"]
    assert (indicator["figure"]["value"], indicator["per_thousand"]) == ("750", "50.0")
    for line in (*sheet["exposures"], *sheet["needs"], *sheet["indicators"]):
        figure = line["figure"]
        assert {"source", "period", "status", "freshness", "confidence"} <= figure.keys()
    sections = {one["name"]: one for one in sheet["sections"]}
    assert sections["places"]["rows"][0][:2] == [PLACE["nom"], PLACE["adresse"]]
    assert sections["elements"]["rows"][0][:2] == [
        "Les seniors de Castanet n'ont pas d'aide proche",
        "risque observé",
    ]


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.MEMBER, Role.INSTITUTION])
async def test_a_sheet_that_leaves_is_rounded_and_hides_small_needs(world, role):
    await known(world)
    sheet = await world.get("areas/31113/sheet", role=role)
    assert sheet["tier"] == "public"
    assert [one["figure"]["value"] for one in sheet["exposures"]] == [None, 305]
    assert sorted((one["figure"]["value"] for one in sheet["needs"]), key=str) == [45, None]
    page = await world.ask("areas/31113/sheet/file", role=role)
    assert "moins de 11" in page.text
    assert "303" not in page.text


class Page(HTMLParser):
    """What a reader meets on a page: its tags, its cells, what it would load."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.loads += [value for name, value in attrs if name in {"src", "href"}]


async def test_a_sheet_prints_as_one_page_in_french_that_loads_nothing(world):
    await known(world)
    answer = await world.ask("areas/31113/sheet/file")
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    page = Page()
    page.feed(answer.text)
    assert page.tags.count("h1") == 1
    assert "script" not in page.tags
    assert page.loads == []
    for said in (
        "Castanet-Tolosan",
        "15\u202f000 habitants",
        "Besoins exprimés",
        "secret",
        PLACE["nom"],
    ):
        assert said in answer.text
    assert re.search(r"Fiche du \d\d/\d\d/\d{4}", answer.text)


async def test_a_sheet_opens_in_a_french_spreadsheet(world):
    await known(world)
    answer = await world.ask("areas/31113/sheet/file", params={"form": "csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    by_label = {row[1]: row for row in rows if len(row) > 1}
    told = by_label["Demandeurs d'emploi"]
    assert (told[0], told[2], told[3]) == ("Indicateurs", "750", "50")
    assert any(row[:1] == ["Lieux de médiation numérique"] for row in rows)


async def test_a_text_is_neither_markup_nor_a_formula(world):
    await known(world)
    title = "=1+1 <script>alert(1)</script>"
    body = {
        "source": "Insee",
        "vintage": "2026",
        "communes": [
            {"code": "31113", "name": title, "population": 1, "longitude": 1, "latitude": 43}
        ],
    }
    await world.ask("communes", verb="POST", json=body)
    page = await world.ask("areas/31113/sheet/file")
    assert "<script>" not in page.text


async def test_a_commune_that_is_not_of_here_has_no_sheet(world):
    refused = await world.ask("areas/33063/sheet")
    assert (refused.status_code, refused.json()["code"]) == (404, "E_UNKNOWN")
    assert (await world.ask("areas/nulle/sheet")).status_code == 400


async def test_a_version_freezes_places_and_elements_beside_figures(world):
    await known(world)
    await world.publish()
    version = await world.get("diagnostics/1")
    places = {
        one["area"]: (one["value"], one["status"])
        for one in version["elements"]
        if one["chapter"] == "places"
    }
    assert places["31113"] == (1, "complete")
    assert places["31446"] == (0, "complete")
    (element,) = [one for one in version["elements"] if one["chapter"] == "elements"]
    assert (element["value"], element["area"]) == ("RISK_OBSERVED", "31113")
