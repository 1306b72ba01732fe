"""Who does what, who leads where, who supports, who was met: what is kept of the ground."""

import asyncio
from uuid import uuid4

import pytest

from tests.integration.members.governing import organization_of, refused

LABEGE, AUZEVILLE, ELSEWHERE = "31446", "31582", "33063"


def duty(member, slug="mobiliser", **changed):
    """Return a line of the matrix."""
    return {
        "responsibility": slug,
        "member": member,
        "duty": "Mobiliser et communiquer",
        "part": "RESPONSIBLE",
        "communes": [LABEGE],
        "up_to": "Jusqu'au premier rendez-vous ; l'accompagnement est à l'EPN",
        **changed,
    }


def lead(member, **changed):
    """Return the designation of a lead."""
    return {
        "id": str(uuid4()),
        "member": member,
        "communes": [LABEGE],
        "since": "2026-01-01",
        "reason": "Autour du CCAS",
        **changed,
    }


async def test_the_matrix_says_who_does_what_where_and_up_to_where(hall):
    group, adviser = await hall.member(), await hall.member()
    lines = [
        duty(group, "mobiliser"),
        duty(group, "relayer", duty="Faire le relais entre instances", communes=[]),
        duty(adviser, "valider", duty="Valider le dispositif", part="CONSULTED"),
    ]
    address = f"/v1/coordinations/{hall.coordination}/responsibilities"

    put = await hall.http.put(address, json={"items": lines}, headers=hall.headers)
    again = await hall.http.put(address, json={"items": lines}, headers=hall.headers)

    assert put.status_code == 200, put.text
    assert put.json() == again.json()
    first = (await hall.get("responsibilities", limit=2)).json()
    rest = (await hall.get("responsibilities", limit=2, cursor=first["cursor"])).json()
    assert first["items"] + rest["items"] == lines
    shorter = await hall.http.put(address, json={"items": lines[:1]}, headers=hall.headers)
    assert shorter.json()["items"] == lines[:1], "the matrix is replaced, not added to"


async def test_a_matrix_names_members_and_communes_of_here(hall, elsewhere):
    member, foreign = await hall.member(), await elsewhere.member()
    address = f"/v1/coordinations/{hall.coordination}/responsibilities"
    for lines, status, code, field in (
        ([duty(foreign)], 404, "E_UNKNOWN", "member"),
        (
            [duty(member), duty(member, "b", communes=[ELSEWHERE])],
            422,
            "E_FIELD",
            "items.1.communes",
        ),
        ([duty(member), duty(member)], 422, "E_FIELD", "items"),
        ([duty(member, up_to="Voir 06 12 34 56 78")], 422, "E_PII", "up_to"),
    ):
        answer = await hall.http.put(address, json={"items": lines}, headers=hall.headers)
        refused(answer, status, code, field)
    assert (await hall.get("responsibilities")).json()["items"] == []


async def test_one_member_leads_in_a_commune_on_a_day(hall):
    first = await hall.made("leads", lead(await hall.member(), until="2026-06-30"))
    other = await hall.member()
    rival = lead(other, communes=[AUZEVILLE, LABEGE], since="2026-06-30")

    detail = refused(await hall.post("leads", rival), 409, "E_OVERLAP", "communes")
    assert LABEGE in detail
    early = {**rival, "since": "2025-12-01", "until": "2026-01-01"}
    refused(await hall.post("leads", early), 409, "E_OVERLAP", "communes")
    before = {**early, "id": str(uuid4()), "communes": [LABEGE], "until": "2025-12-31"}
    await hall.made("leads", before)
    after = await hall.made("leads", {**rival, "since": "2026-07-01"})

    june = (await hall.get("leads", commune=LABEGE, on="2026-06-30")).json()["items"]
    july = (await hall.get("leads", commune=LABEGE, on="2026-07-01")).json()["items"]
    assert (june, july) == ([first], [after])
    assert len((await hall.get("leads")).json()["items"]) == 3


async def test_two_leads_designated_at_once_are_one(hall):
    asked = [lead(await hall.member()) for _ in range(5)]

    answers = await asyncio.gather(*(hall.post("leads", one) for one in asked))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]


async def test_a_lead_stands_on_things_of_here(hall, elsewhere):
    member = await hall.member()
    for changed, status, code, field in (
        ({"member": await elsewhere.member()}, 404, "E_UNKNOWN", "member"),
        ({"communes": [ELSEWHERE]}, 422, "E_FIELD", "communes"),
        ({"until": "2025-12-31"}, 422, "E_FIELD", "until"),
    ):
        refused(await hall.post("leads", {**lead(member), **changed}), status, code, field)


RECORDS = {
    "endorsements": {
        "endorser": "Conseil régional (fictif)",
        "level": "REGION",
        "subject": "Tiers-lieu de Labège",
        "given_on": "2026-02-01",
    },
    "relays": {
        "kind": "ELECTED_AMBASSADOR",
        "label": "Élue ambassadrice du numérique",
        "communes": [LABEGE],
        "since": "2026-01-01",
    },
    "contacts": {
        "channel": "VISIT",
        "commune": LABEGE,
        "happened_on": "2026-02-03",
        "subject": "Rencontre avec la mairie",
        "outcome": "Le besoin porte sur les démarches en ligne.",
    },
    "leads": {
        "communes": [LABEGE],
        "since": "2026-01-01",
        "reason": "Autour du CCAS",
    },
}


async def body_of(hall, what, **changed):
    """Return the body of a record, with an id of its own."""
    more = {"member": await hall.member()} if what == "leads" else {}
    return {"id": str(uuid4()), **RECORDS[what], **more, **changed}


@pytest.mark.parametrize("what", RECORDS)
async def test_the_same_record_again_answers_the_same_and_another_is_refused(hall, what):
    asked = await body_of(hall, what)
    text = next(name for name in ("subject", "label", "reason") if name in asked)

    answers = await asyncio.gather(*(hall.post(what, asked) for _ in range(5)))

    assert {answer.status_code for answer in answers} == {201}, answers[0].text
    assert len({answer.text for answer in answers}) == 1
    assert (await hall.get(what)).json()["items"] == [answers[0].json()]
    refused(await hall.post(what, {**asked, text: "Autre"}), 409, "E_DIFFERS", "id")
    refused(await hall.post(what, {**asked, text: "06 12 34 56 78"}), 422, "E_PII", text)


@pytest.mark.parametrize("what", RECORDS)
async def test_records_are_listed_page_by_page(hall, what):
    days = [f"2026-0{month}-01" for month in range(1, 4)]
    for day in days:
        more = {"since": day, "until": day} if what == "leads" else {}
        await hall.made(what, await body_of(hall, what, **more))

    first = (await hall.get(what, limit=2)).json()
    rest = (await hall.get(what, limit=2, cursor=first["cursor"])).json()

    ids = [one["id"] for one in first["items"] + rest["items"]]
    assert (len(ids), rest["cursor"]) == (3, None)
    assert ids == sorted(ids)


async def test_support_that_grew_is_read_level_by_level(hall):
    for level, day in (("INHABITANTS", "2025-03-01"), ("REGION", "2025-09-01")):
        await hall.made(
            "endorsements", await body_of(hall, "endorsements", level=level, given_on=day)
        )

    shown = (await hall.get("endorsements")).json()["items"]

    assert {(one["level"], one["given_on"]) for one in shown} == {
        ("INHABITANTS", "2025-03-01"),
        ("REGION", "2025-09-01"),
    }


async def test_a_relay_is_found_by_commune_and_its_person_by_id_alone(hall):
    person = await hall.person()
    asked = await body_of(hall, "relays", person=str(person), kind="COORDINATOR")
    made = await hall.made("relays", asked)
    await hall.made("relays", await body_of(hall, "relays", communes=[AUZEVILLE]))

    found = (await hall.get("relays", commune=LABEGE)).json()["items"]

    assert found == [made]
    assert made["person"] == str(person)
    assert "name" not in made


async def test_a_relay_stands_on_things_of_here(hall, elsewhere):
    for changed, status, code, field in (
        ({"person": str(await elsewhere.person())}, 404, "E_UNKNOWN", "person"),
        ({"organization": "jamais-vue"}, 404, "E_UNKNOWN", "organization"),
        ({"communes": [ELSEWHERE]}, 422, "E_FIELD", "communes"),
    ):
        answer = await hall.post("relays", await body_of(hall, "relays", **changed))
        refused(answer, status, code, field)


async def test_the_tour_of_communes_is_measured(hall):
    nothing = (await hall.get("visits/coverage")).json()
    await hall.made("contacts", await body_of(hall, "contacts", happened_on="2026-02-03"))
    await hall.made("contacts", await body_of(hall, "contacts", happened_on="2026-02-04"))
    await hall.made("contacts", await body_of(hall, "contacts", channel="CALL", commune=AUZEVILLE))

    half = (await hall.get("visits/coverage")).json()
    later = (await hall.get("visits/coverage", since="2026-02-05")).json()

    assert (nothing["share"], nothing["percent"]) == ("0", 0)
    assert (half["visited"], half["left"]) == ([LABEGE], [AUZEVILLE])
    assert (half["share"], half["percent"]) == ("1/2", 50)
    assert later["visited"] == []


async def test_contacts_are_kept_commune_by_commune_and_the_press_for_all(hall):
    visit = await hall.made("contacts", await body_of(hall, "contacts"))
    press = await body_of(hall, "contacts", channel="PRESS", commune=None, outcome=None)
    press = await hall.made("contacts", press)

    labege = (await hall.get("contacts", commune=LABEGE)).json()["items"]
    told = (await hall.get("contacts", channel="PRESS")).json()["items"]

    assert (labege, told) == ([visit], [press])


async def test_a_visit_names_a_commune_of_here(hall):
    nowhere = await hall.post("contacts", await body_of(hall, "contacts", commune=None))
    elsewhere = await hall.post("contacts", await body_of(hall, "contacts", commune=ELSEWHERE))

    refused(nowhere, 422, "E_FIELD", "commune")
    refused(elsewhere, 422, "E_FIELD", "commune")


async def test_the_carrying_body_takes_one_role_from_a_day_on(hall):
    for role, day, maturity in (("INITIATE", "2024-01-01", 1), ("ANIMATE", "2026-01-01", 3)):
        asked = {"role": role, "since": day, "maturity": maturity, "reason": "Appétence, moyens"}
        for _ in range(2):
            await hall.made("territorial-roles", asked)

    first = (await hall.get("territorial-roles", limit=1)).json()
    rest = (await hall.get("territorial-roles", cursor=first["cursor"])).json()

    roles = [(one["role"], one["maturity"]) for one in first["items"] + rest["items"]]
    assert roles == [("INITIATE", 1), ("ANIMATE", 3)]
    other = {"role": "SUPPORT", "since": "2026-01-01", "maturity": 3, "reason": "Autre"}
    refused(await hall.post("territorial-roles", other), 409, "E_DIFFERS", "since")


async def test_actors_that_are_missing_from_the_colleges_are_named(hall):
    empty = (await hall.get("completeness")).json()
    for kind, college in (
        ("LA_POSTE", "PRIVATE"),
        ("CAF", "INSTITUTIONAL"),
        ("BIB", "DIGITAL_MEDIATION"),
    ):
        await hall.member(kind=kind, college=college)
    await hall.member(kind="CITIZEN", college="DIGITAL_MEDIATION", section="CITIZEN")

    await hall.made("candidates", organization_of(kind="BANK", college="PRIVATE"))

    shown = (await hall.get("completeness")).json()

    roles = ["BENEFICIARY", "REFERRER", "OPERATOR", "MEDIATION_PLACE"]
    assert empty["missing_roles"] == roles
    assert (shown["missing_roles"], shown["complete"]) == ([], False)
    by_college = {one["college"]: one for one in shown["colleges"]}
    assert by_college["PRIVATE"]["missing"] == ["BANK", "MUTUAL_INSURER"]
    assert by_college["INSTITUTIONAL"]["there"] == ["CAF"]
    assert by_college["DIGITAL_MEDIATION"]["there"] == ["CITIZEN", "LIBRARY"]
    assert "CAF" not in by_college["INSTITUTIONAL"]["missing"]
    assert "Aucun membre confirmé n'est une banque (PRIVATE)." in shown["details"]
