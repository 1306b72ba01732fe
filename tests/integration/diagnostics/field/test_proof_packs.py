"""What to show to who must be convinced: everything that supports a need, with its sources."""

import hashlib
import json
from html.parser import HTMLParser
from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest

from services.diagnostics.reads import field
from tests.integration.diagnostics.field.site import (
    AUZEVILLE,
    ELSEWHERE,
    LABEGE,
    RAMONVILLE,
    evidence,
    refused,
    risk,
    step,
    words_of,
)


def fingerprint(content):
    """Return what a stranger finds: SHA-256 of canonical JSON, with the standard library alone."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Text(HTMLParser):
    """The cells of a page, and its headings."""

    def __init__(self, page):
        super().__init__()
        self.cells, self.headings, self.tags = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "td":
            self.cells.append("")
        elif tag in {"h1", "h2"}:
            self.headings.append("")

    def handle_data(self, data):
        if self.tags and self.tags[-1] == "td":
            self.cells[-1] += data
        elif self.tags and self.tags[-1] in {"h1", "h2"}:
            self.headings[-1] += data

    def handle_endtag(self, tag):
        self.tags.append(f"/{tag}")


async def count_needs(site, commune, count, problem="online_procedure", public="seniors"):
    """Do what folding some reported needs does here."""
    await site.pool.execute(
        "INSERT INTO need_figures (coordination, commune, problem, theme, public, unit, period,"
        " count_sum) VALUES ($1, $2, $3, 'daily_tools', $4, 'person', '2026-02', $5)",
        site.coordination,
        commune,
        problem,
        public,
        count,
    )


async def test_the_whole_path_from_a_risk_to_its_proof_pack(site):
    """A risk, a survey, evidence, a finding, an action, a testimony, a visit: one document."""
    indicator = {
        "indicator": "ifn",
        "label": "Indice de fragilité numérique",
        "unit": "sur 10",
        "source": "Mednum",
        "licence": "Licence Ouverte 2.0",
        "vintage": "2024",
        "observations": [{"commune": LABEGE, "value": "7.2"}],
    }
    await site.made("indicators", indicator)
    await count_needs(site, LABEGE, 40)
    await count_needs(site, LABEGE, 3, problem="find_job")
    element = await site.observed()
    survey = await site.open_campaign()
    body = step("SURVEYED", campaign=survey, decided_on="2026-02-20")
    await site.made(f"elements/{element}/steps", body)
    proof = await site.proven(element)
    await site.made(f"elements/{element}/actions", {"action": "bus-numerique"})
    await site.made(f"elements/{element}/steps", step("QUALIFIED", evidence=[proof]))
    effect = evidence("ACTION", "bus-numerique", kind="RECORD", commune=LABEGE)
    await site.made("evidence", effect)
    voice = await site.made("testimonies", words_of("ACTION", "bus-numerique"))
    visit = {"id": str(uuid4()), "commune": LABEGE, "planned_on": "2026-03-01"}
    await site.made("visits", visit)
    await site.made(f"visits/{visit['id']}/report", {"done_on": "2026-03-02", "met": ["MAYOR"]})
    await site.observed(communes=[RAMONVILLE], title="Ailleurs")

    pack = await site.read(f"areas/{LABEGE}/proof-pack")

    content = pack["content"]
    assert pack["sha256"] == fingerprint(content)
    assert (content["scope"], content["code"]) == ("COMMUNE", LABEGE)
    assert [(one["id"], one["state"]) for one in content["elements"]] == [(element, "QUALIFIED")]
    assert [one["id"] for one in content["surveys"]] == [survey]
    assert content["testimonies"] == [voice]
    assert [one["id"] for one in content["visits"]] == [visit["id"]]
    assert {one["id"] for one in content["evidence"]} == {proof, effect["id"]}
    assert content["actions"] == ["bus-numerique"]
    readings = {one["label"]: one["reading"] for one in content["figures"]}
    assert readings == {
        "Indice de fragilité numérique (sur 10)": "7,2",
        "Faire une démarche en ligne – Seniors (personnes)": "40",
        "Chercher un emploi – Seniors (personnes)": "moins de 11",
    }
    assert "Mednum, 2024" in content["sources"]
    assert "La Poste, 2026-02-10" in content["sources"]
    assert content["cut"] == []
    assert await site.read(f"areas/{LABEGE}/proof-pack") == pack, "the same day, the same pack"


async def test_a_pack_is_a_page_to_print_with_the_same_fingerprint(site):
    wicked = "<script>alert('x')</script> & co"
    element = await site.qualified(title=wicked)
    await site.made("testimonies", words_of("ELEMENT", element))

    pack = await site.read(f"areas/{LABEGE}/proof-pack")
    answer = await site.get(f"areas/{LABEGE}/proof-pack/document")

    assert answer.headers["content-type"].startswith("text/html")
    assert "<script" not in answer.text
    page = Text(answer.text)
    assert page.tags.count("h1") == 1
    assert page.headings == [
        f"Dossier de preuve – commune {LABEGE}",
        *("Éléments", "Témoignages", "Preuves", "Sources"),
    ]
    assert wicked in page.cells
    assert "qualifié" in page.cells
    assert pack["sha256"] in answer.text


async def test_a_pack_is_a_workbook_too(site):
    await site.qualified()
    pack = await site.read(f"areas/{LABEGE}/proof-pack")
    answer = await site.get(f"areas/{LABEGE}/proof-pack/document", kind="xlsx")

    book = openpyxl.load_workbook(BytesIO(answer.content))

    assert book.sheetnames == ["Dossier", "Éléments", "Preuves", "Sources"]
    assert pack["sha256"] in {row[1] for row in book["Dossier"].iter_rows(values_only=True)}
    assert [cell.value for cell in book["Éléments"][2]][:2] == [risk()["title"], "qualifié"]


async def test_a_delegation_finds_the_needs_of_its_own_service(site):
    own = await site.qualified(problem="find_job", public="young", communes=[AUZEVILLE])
    await site.made(f"elements/{own}/actions", {"action": "atelier-emploi"})
    proof = evidence("ACTION", "atelier-emploi")
    await site.made("evidence", proof)
    await site.observed(problem="housing", public="families")
    await count_needs(site, LABEGE, 8, problem="find_job")
    await count_needs(site, AUZEVILLE, 7, problem="find_job")
    await count_needs(site, AUZEVILLE, 4, problem="housing", public="young")
    voice = await site.made("testimonies", words_of("ELEMENT", own, commune=AUZEVILLE))
    unheard = await site.made("testimonies", words_of("ACTION", "bus", commune=AUZEVILLE))

    told = {one["domain"]: one for one in (await site.read("domains"))["items"]}
    pack = await site.read("domains/employment/proof-pack")
    few = await site.read("domains/housing/proof-pack")

    job, house = told["employment"], told["housing"]
    assert (job["label"], job["qualified"]) == ("Emploi et insertion", 1)
    assert [one["count"] for one in job["needs"]] == [15]
    assert house["observed"] == 1
    assert [(one["count"], one["reading"]) for one in house["needs"]] == [(None, "moins de 11")]
    assert (told["health"]["observed"], told["health"]["needs"]) == (0, [])
    assert "other" not in told
    content = pack["content"]
    assert pack["sha256"] == fingerprint(content)
    assert (content["scope"], content["label"]) == ("DOMAIN", "Emploi et insertion")
    assert [one["id"] for one in content["elements"]] == [own]
    assert [one["reading"] for one in content["figures"]] == ["15"], "summed over communes"
    readings = [one["reading"] for one in few["content"]["figures"]]
    assert readings == ["moins de 11"], "four people met are not told"
    assert proof["id"] in {one["id"] for one in content["evidence"]}
    assert voice in content["testimonies"]
    assert unheard not in content["testimonies"]
    page = await site.get("domains/employment/proof-pack/document")
    assert "délégation Emploi et insertion" in page.text
    refused(await site.get("domains/nothing/proof-pack"), 404, "E_UNKNOWN", "domain")


@pytest.mark.parametrize("role", ["member", "coordinator"])
async def test_a_pack_that_leaves_adds_no_small_needs_of_several_communes(site, role):
    await count_needs(site, LABEGE, 8, problem="find_job")
    await count_needs(site, AUZEVILLE, 7, problem="find_job")
    await count_needs(site, LABEGE, 23, problem="find_job", public="young")
    await count_needs(site, AUZEVILLE, 3, problem="find_job", public="young")
    asked = {} if role == "member" else {"tier": "public"}
    headers = site.as_role(role)

    inside = await site.read("domains/employment/proof-pack")
    pack = await site.read("domains/employment/proof-pack", headers=headers, **asked)
    page = await site.get("domains/employment/proof-pack/document", headers, **asked)
    book = await site.get("domains/employment/proof-pack/document", headers, kind="xlsx", **asked)
    commune = await site.read(f"areas/{LABEGE}/proof-pack", headers=site.as_role("member"))

    assert (inside["content"]["tier"], pack["content"]["tier"]) == ("inside", "public")
    assert [one["reading"] for one in inside["content"]["figures"]] == ["15", "26"]
    readings = [one["reading"] for one in pack["content"]["figures"]]
    assert readings == ["secret statistique", "≥ 25"], "shown by commune, rounded, and no more"
    assert "Réservé" not in page.text
    assert "<td>15</td>" not in page.text
    sheet = openpyxl.load_workbook(BytesIO(book.content))["Chiffres"]
    told = {str(row[1]) for row in sheet.iter_rows(values_only=True)}
    assert not told & {"15", "26"}
    assert sorted(one["reading"] for one in commune["content"]["figures"]) == ["25", "moins de 11"]
    own = await site.get("domains/employment/proof-pack/document")
    assert "Réservé à la coordination" in own.text
    refused(
        await site.get("domains/employment/proof-pack", site.as_role("observer")), 403, "E_ROLE"
    )


async def test_a_withdrawn_testimony_leaves_packs(site):
    element = await site.observed()
    name = (await site.made("testimonies", words_of("ELEMENT", element)))["id"]
    before = await site.read(f"areas/{LABEGE}/proof-pack")
    await site.http.delete(site.address(f"testimonies/{name}"), headers=site.headers)

    after = await site.read(f"areas/{LABEGE}/proof-pack")
    pages = [
        (await site.get(f"areas/{LABEGE}/proof-pack/document")).text,
        (await site.get("domains/social_action/proof-pack/document")).text,
    ]

    assert len(before["content"]["testimonies"]) == 1
    assert after["content"]["testimonies"] == []
    assert after["sha256"] != before["sha256"]
    assert not any("petits-enfants" in page for page in pages)


async def test_no_pack_is_made_of_a_commune_of_elsewhere(site):
    refused(await site.get(f"areas/{ELSEWHERE}/proof-pack"), 404, "E_UNKNOWN", "insee")


async def test_versions_find_counts_of_what_the_field_knows_and_no_text(site, elsewhere):
    element = await site.qualified(communes=[LABEGE, AUZEVILLE])
    await site.observed()
    await elsewhere.qualified()
    survey = await site.open_campaign()
    rows = f"commune;question;reponse;effectif\n{LABEGE};ease;1;20\n{LABEGE};ease;2;s\n"
    await site.http.post(
        site.address(f"surveys/{survey}/results"), content=rows.encode(), headers=site.headers
    )
    await site.made("testimonies", words_of("ELEMENT", element))
    gone = (await site.made("testimonies", words_of("ELEMENT", element)))["id"]
    await site.http.delete(site.address(f"testimonies/{gone}"), headers=site.headers)
    visit = (await site.made("visits", {"commune": LABEGE, "planned_on": "2026-03-01"}))["id"]
    await site.made(f"visits/{visit}/report", {"done_on": "2026-03-02", "met": ["MAYOR"]})
    codes = [LABEGE, AUZEVILLE]

    async with site.pool.acquire() as connection:
        known = (connection, site.coordination, codes)
        elements = await field.elements_of(*known)
        surveys = await field.surveys_of(*known)
        testimonies = await field.testimonies_of(*known)
        visits = await field.visits_of(*known)

    assert [(one.commune, one.state, one.count) for one in elements] == [
        (AUZEVILLE, "QUALIFIED", 1),
        (LABEGE, "QUALIFIED", 1),
        (LABEGE, "RISK_OBSERVED", 1),
    ]
    (found,) = surveys
    assert (found.commune, found.campaigns, found.cells, found.secret_cells) == (LABEGE, 1, 2, 1)
    assert [(one.commune, one.count) for one in testimonies] == [(LABEGE, 1)]
    assert [(one.commune, one.count, str(one.last_on)) for one in visits] == [
        (LABEGE, 1, "2026-03-02")
    ]
