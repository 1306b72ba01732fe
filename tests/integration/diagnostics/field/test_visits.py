"""A filled post tours the communes; what inhabitants say is kept with consent and without a name."""

from datetime import UTC, date, datetime
from uuid import uuid4

import msgspec
import pytest

from contracts.envelope import Event
from contracts.events.funding import PostFilled
from contracts.vocabulary import VOCABULARY
from services.chassis.consumer import Delivery
from services.diagnostics.commands import follow_up
from services.diagnostics.consumers import on_post
from services.diagnostics.model.visits import THEMES
from tests.integration.diagnostics.field.site import (
    AUZEVILLE,
    COMMUNES,
    ELSEWHERE,
    LABEGE,
    RAMONVILLE,
    refused,
    words_of,
)

MET = {"done_on": "2026-03-05", "met": ["MAYOR", "SECRETARY"]}


async def fill(site, post="poste-1", filled_on=date(2026, 3, 2)):
    """Do what the fact of a filled post does here."""
    fact = PostFilled(
        coordination=site.coordination,
        post=post,
        programme="conseillers",
        funder="etat",
        employer="sicoval",
        host="sicoval",
        deployer="sicoval",
        filled_on=filled_on,
        ends_on=date(2028, 3, 1),
    )
    event = Event(
        id=str(uuid4()),
        source="urn:ctin:service:funding",
        type=PostFilled.TYPE,
        time=datetime.now(UTC),
        data=msgspec.json.encode(fact),
    )
    async with site.pool.acquire() as connection:
        await on_post(connection, [Delivery(event, None)])


def visit(**changed):
    """Return the body of a visit."""
    return {"id": str(uuid4()), "commune": LABEGE, "planned_on": "2026-03-04", **changed}


async def visited(site, commune, done_on="2026-03-05"):
    """Plan and report a visit, and return its id."""
    name = (await site.made("visits", visit(commune=commune)))["id"]
    await site.made(f"visits/{name}/report", {**MET, "done_on": done_on})
    return name


async def test_a_filled_post_has_every_commune_to_visit(site):
    await fill(site)
    await fill(site)

    tour = await site.read("tours/poste-1")

    assert [one["commune"] for one in tour["stops"]] == sorted(COMMUNES)
    assert {one["state"] for one in tour["stops"]} == {None}
    assert (tour["share"], tour["percent"], tour["filled_on"]) == ("0", 0, "2026-03-02")
    (listed,) = (await site.read("tours"))["items"]
    assert (listed["post"], listed["stops"]) == ("poste-1", [])


async def test_coverage_counts_the_communes_visited_since_the_post_was_filled(site):
    await fill(site)
    await visited(site, RAMONVILLE, "2026-03-01")
    await visited(site, LABEGE)
    await site.made("visits", visit(commune=AUZEVILLE, planned_on="2026-04-01"))

    tour = await site.read("tours/poste-1")

    told = {one["commune"]: (one["state"], one["on"]) for one in tour["stops"]}
    assert told == {
        LABEGE: ("DONE", "2026-03-05"),
        AUZEVILLE: ("PLANNED", "2026-04-01"),
        RAMONVILLE: (None, None),
    }
    assert (tour["visited"], tour["communes"], tour["share"], tour["percent"]) == (1, 3, "1/3", 33)

    await fill(site, filled_on=date(2026, 6, 1))
    assert (await site.read("tours/poste-1"))["visited"] == 0, "a new adviser begins again"
    await fill(site, post="poste-2", filled_on=date(2026, 1, 1))
    assert (await site.read("tours/poste-2"))["visited"] == 2
    first = await site.read("tours", limit=1)
    rest = await site.read("tours", limit=1, cursor=first["cursor"])
    assert [first["items"][0]["post"], rest["items"][0]["post"]] == ["poste-1", "poste-2"]
    refused(await site.get("tours/poste-9"), 404, "E_UNKNOWN", "post")


async def test_a_visit_tells_functions_met_and_needs_heard_in_closed_words(site):
    name = (await site.made("visits", visit()))["id"]
    heard = [{"problem": "online_procedure", "public": "seniors"}]
    body = {**MET, "needs": heard}
    address = f"visits/{name}/report"

    told = await site.made(address, body)

    assert (told["state"], told["met"], told["needs"]) == ("DONE", ["MAYOR", "SECRETARY"], heard)
    assert await site.made(address, body) == told
    assert "faite" in refused(await site.post(address, MET), 409, "E_STATE", "state")
    refused(await site.post(f"visits/{name}/cancel", {}), 409, "E_STATE", "state")


async def test_a_need_heard_on_a_visit_is_a_reported_need_that_is_followed(site):
    name = (await site.made("visits", visit()))["id"]
    seniors = {"problem": "online_procedure", "public": "seniors", "count": 4}
    young = {"problem": "find_job", "public": "young", "theme": "daily_tools"}
    body = {**MET, "needs": [seniors, young, seniors]}

    await site.made(f"visits/{name}/report", body)
    await site.made(f"visits/{name}/report", body)

    items = (await site.read("needs"))["items"]
    found = {one["problem"]: one for one in items}
    assert len(items) == 2
    need = found["online_procedure"]
    told = (need["source"], need["public"], need["count"], need["area_code"], need["period"])
    assert told == ("visite", "seniors", 4, LABEGE, "2026-03")
    assert (need["reporter_kind"], need["state"]) == ("town_hall", "reported")
    assert need["theme"] == "administrative_procedures"
    assert (found["find_job"]["theme"], found["find_job"]["count"]) == ("daily_tools", 1)
    async with site.pool.acquire() as connection:
        await follow_up.know_organization(connection, site.coordination, "ccas-labege", "CCAS")
    path = f"needs/{need['signal_id']}"
    taken = await site.made(f"{path}/take-charge", {"organization": "ccas-labege"})
    assert taken["state"] == "taken_in_charge"
    closed = await site.made(f"{path}/outcome", {"outcome": "resolved"})
    assert (closed["state"], closed["outcome"]) == ("closed", "resolved")
    area = await site.read(f"areas/{LABEGE}")
    assert {one["problem"]: one["count"] for one in area["needs"]} == {
        "online_procedure": 4,
        "find_job": 1,
    }
    outside = await site.read(f"areas/{LABEGE}", headers=site.as_role("observer"))
    assert {one["count"] for one in outside["needs"]} == {None}, "small ones stay inside"


async def test_a_need_heard_of_other_people_is_refused_and_the_visit_stays_planned(site):
    name = (await site.made("visits", visit()))["id"]
    need = {"problem": "find_job", "public": "young"}
    body = {**MET, "needs": [{**need, "count": 2}, {**need, "count": 3}]}
    refused(await site.post(f"visits/{name}/report", body), 422, "E_TWICE", "needs")
    (kept,) = (await site.read("visits"))["items"]
    assert kept["state"] == "PLANNED"
    assert (await site.read("needs"))["items"] == []
    await site.made(f"visits/{name}/report", {**MET, "needs": [need]})
    again = await site.post(f"visits/{name}/report", {**MET, "needs": [{**need, "count": 2}]})
    refused(again, 409, "E_DIFFERS")


def test_every_problem_that_may_be_heard_has_a_theme():
    assert set(THEMES) == set(VOCABULARY.problems)
    assert set(THEMES.values()) <= set(VOCABULARY.themes)


@pytest.mark.parametrize(
    ("changed", "status", "field"),
    [
        ({"met": []}, 400, "met"),
        ({"met": ["Madame Fictive"]}, 400, "met[0]"),
        ({"name": "Camille"}, 400, "name"),
        ({"done_on": "2099-01-01"}, 422, "done_on"),
        ({"needs": [{"problem": "fly", "public": "seniors"}]}, 422, "needs.0.problem"),
        ({"needs": [{"problem": "find_job", "public": "x"}]}, 422, "needs.0.public"),
        (
            {"needs": [{"problem": "find_job", "public": "young", "theme": "x"}]},
            422,
            "needs.0.theme",
        ),
    ],
)
async def test_a_report_has_no_name_and_no_free_word(site, changed, status, field):
    name = (await site.made("visits", visit()))["id"]
    answer = await site.post(f"visits/{name}/report", {**MET, **changed})
    refused(answer, status, "E_FIELD", field)
    (kept,) = (await site.read("visits"))["items"]
    assert kept["state"] == "PLANNED"


async def test_a_cancelled_visit_is_planned_again_under_another_id(site):
    body = visit()
    name = (await site.made("visits", body))["id"]
    for _ in range(2):
        assert (await site.made(f"visits/{name}/cancel", {}))["state"] == "CANCELLED"
    answer = await site.post(f"visits/{name}/report", MET)
    assert "annulée" in refused(answer, 409, "E_STATE", "state")
    assert (await site.made("visits", body))["state"] == "CANCELLED"
    refused(await site.post("visits", {**body, "commune": AUZEVILLE}), 409, "E_DIFFERS", "id")
    other = await visited(site, AUZEVILLE)
    listed = await site.read("visits", commune=AUZEVILLE, state="DONE")
    assert [one["id"] for one in listed["items"]] == [other]
    assert len((await site.read("visits", state="CANCELLED"))["items"]) == 1
    refused(await site.post("visits", visit(commune=ELSEWHERE)), 422, "E_FIELD", "commune")
    for act, sent in (("report", MET), ("cancel", {})):
        refused(await site.post(f"visits/{uuid4()}/{act}", sent), 404, "E_UNKNOWN", "id")


async def test_a_testimony_is_kept_with_consent_and_read_by_what_it_is_about(site):
    element = await site.observed()
    about = await site.made("testimonies", words_of("ELEMENT", element))
    action = await site.made("testimonies", words_of("ACTION", "bus", commune=AUZEVILLE))

    assert about["public_label"] == "Seniors"
    one = await site.read("testimonies", target_kind="ELEMENT", target=element)
    assert one["items"] == [about]
    there = await site.read("testimonies", commune=AUZEVILLE)
    assert there["items"] == [action]
    first = await site.read("testimonies", limit=1)
    rest = await site.read("testimonies", limit=1, cursor=first["cursor"])
    ids = {item["id"] for item in first["items"] + rest["items"]}
    assert ids == {about["id"], action["id"]}


@pytest.mark.parametrize(
    ("changed", "status", "code", "field"),
    [
        ({"consent": False}, 422, "E_CONSENT", "consent"),
        ({"said": "Rappelez-moi au 06.12.34.56.78"}, 422, "E_PII", "said"),
        ({"said": "Mon numéro est le 2 95 10 99 126 111 93"}, 422, "E_PII", "said"),
        ({"said": "x" * 501}, 400, "E_FIELD", "said"),
        ({"said": "Deux\nlignes"}, 422, "E_FIELD", "said"),
        ({"public": "martians"}, 422, "E_FIELD", "public"),
        ({"commune": ELSEWHERE}, 422, "E_FIELD", "commune"),
        ({"heard_on": "2099-01-01"}, 422, "E_FIELD", "heard_on"),
        ({"name": "Camille"}, 400, "E_FIELD", "name"),
        ({"target": {"kind": "NEED", "id": str(uuid4())}}, 404, "E_UNKNOWN", "target.id"),
    ],
)
async def test_words_that_may_not_be_kept_are_refused_never_masked(
    site, changed, status, code, field
):
    answer = await site.post("testimonies", words_of("ACTION", "bus", **changed))
    detail = refused(answer, status, code, field)
    assert "06.12" not in detail
    assert (await site.read("testimonies"))["items"] == []


async def test_a_withdrawn_testimony_is_gone_from_reads_and_from_the_database(site):
    body = words_of("ACTION", "bus", said="Je n'ose plus demander à mes enfants")
    name = (await site.made("testimonies", body))["id"]
    address = site.address(f"testimonies/{name}")

    for _ in range(2):
        answer = await site.http.delete(address, headers=site.headers)
        assert answer.status_code == 204, answer.text

    assert (await site.read("testimonies"))["items"] == []
    kept = await site.pool.fetch(
        "SELECT t::text AS row FROM testimonies AS t WHERE coordination = $1", site.coordination
    )
    assert len(kept) == 1
    assert "enfants" not in kept[0]["row"]
    refused(await site.post("testimonies", body), 409, "E_GONE", "id")
    unknown = site.address(f"testimonies/{uuid4()}")
    refused(await site.http.delete(unknown, headers=site.headers), 404, "E_UNKNOWN", "id")


async def test_the_same_testimony_again_answers_the_same(site):
    body = words_of("ACTION", "bus")
    assert await site.made("testimonies", body) == await site.made("testimonies", body)
    refused(await site.post("testimonies", {**body, "said": "Autre"}), 409, "E_DIFFERS", "id")


async def test_a_member_brings_testimonies_for_its_own_organisation(site):
    member = site.as_role("member", "maison-citoyenne")
    own = words_of("ACTION", "bus", organization="maison-citoyenne")
    await site.made("testimonies", own, headers=member)
    other = words_of("ACTION", "bus", organization="sicoval")
    refused(await site.post("testimonies", other, member), 403, "E_ROLE", "organization")
