"""Coordinations and the seats in them, as a caller meets them."""

import asyncio
from uuid import uuid4

import pytest

SEAT = {
    "name": "CPAM de la Haute-Garonne",
    "kind": "CPAM",
    "college": "INSTITUTIONAL",
    "effective_on": "2026-01-01",
}


@pytest.fixture
def seat():
    return {**SEAT, "organization": f"o-{uuid4().hex[:12]}"}


def members_of(coordination):
    return f"/v1/coordinations/{coordination}/members"


async def test_a_founded_coordination_is_told_once(http, bearer, coordination, facts_about):
    shown = await http.get(f"/v1/coordinations/{coordination}", headers=bearer())
    again = {**shown.json(), "communes": ["31582", "31446"]}

    answer = await http.post("/v1/coordinations", json=again, headers=bearer())

    assert answer.status_code == 201
    assert answer.json() == shown.json()
    facts = await facts_about(coordination)
    assert [fact["type"] for fact in facts] == ["coordination_founded"]
    assert facts[0]["communes"] == ["31446", "31582"]
    assert facts[0]["subject"] == f"evt.members.{coordination}._all.coordination_founded.v1"


async def test_a_slug_names_one_coordination(http, bearer, coordination):
    shown = await http.get(f"/v1/coordinations/{coordination}", headers=bearer())
    other = {**shown.json(), "name": "Une autre"}

    answer = await http.post("/v1/coordinations", json=other, headers=bearer())

    assert answer.status_code == 409
    assert answer.json()["code"] == "E_DIFFERS"
    assert answer.json()["errors"][0]["field"] == "slug"


async def test_a_caller_lists_only_the_coordinations_it_may_enter(http, bearer, coordination):
    answer = await http.get("/v1/coordinations", headers=bearer("member", coordination))

    assert [one["slug"] for one in answer.json()["items"]] == [coordination]


async def test_an_operator_lists_all_coordinations_page_by_page(http, bearer, coordination):
    seen, cursor = [], ""
    while cursor is not None:
        asked = {"limit": 1, "cursor": cursor}
        page = (await http.get("/v1/coordinations", params=asked, headers=bearer())).json()
        seen += [one["slug"] for one in page["items"]]
        assert page["cursor"] is None or page["cursor"] > cursor
        cursor = page["cursor"]

    assert coordination in seen
    assert seen == sorted(set(seen))


async def test_a_coordination_that_was_never_founded_is_unknown(http, bearer, seat):
    read = await http.get("/v1/coordinations/nowhere", headers=bearer())
    written = await http.post(members_of("nowhere"), json=seat, headers=bearer())

    assert (read.status_code, read.json()["code"]) == (404, "E_UNKNOWN")
    assert (written.status_code, written.json()["code"]) == (404, "E_UNKNOWN")


async def test_the_same_seat_asked_ten_times_at_once_is_told_once(
    http, bearer, coordination, facts_about, seat
):
    asked = {**seat, "roles": ["LEAD", "CO_FUNDER"], "formerly": "Caisse d'avant"}

    answers = await asyncio.gather(
        *(http.post(members_of(coordination), json=asked, headers=bearer()) for _ in range(10))
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    facts = await facts_about(answers[0].json()["id"])
    assert [fact["type"] for fact in facts] == ["member_confirmed"]
    assert facts[0]["organization"] == seat["organization"]
    assert "siret" not in facts[0]


async def test_an_organisation_has_one_seat_in_one_college(http, bearer, coordination, seat):
    await http.post(members_of(coordination), json=seat, headers=bearer())
    elsewhere = {**seat, "college": "PRIVATE"}

    answer = await http.post(members_of(coordination), json=elsewhere, headers=bearer())

    assert answer.status_code == 409
    assert answer.json()["code"] == "E_DIFFERS"
    assert answer.json()["errors"][0]["field"] == "college"
    assert "INSTITUTIONAL" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"effective_on": "2026-02-01"}, "effective_on"),
        ({"roles": ["OBSERVER"]}, "roles"),
        ({"name": "Un autre nom"}, "name"),
        ({"siret": "73282932000074"}, "siret"),
        ({"id": "019b76da-8000-7000-8a00-00000000ca01"}, "member_id"),
    ],
)
async def test_a_seat_asked_again_otherwise_is_refused(
    http, bearer, coordination, seat, changed, field
):
    await http.post(members_of(coordination), json=seat, headers=bearer())

    answer = await http.post(members_of(coordination), json={**seat, **changed}, headers=bearer())

    assert answer.status_code == 409
    assert answer.json()["code"] == "E_DIFFERS"
    assert answer.json()["errors"][0]["field"] == field


async def test_a_wrong_siret_is_kept_with_a_warning(http, bearer, coordination, seat):
    asked = {**seat, "siret": "73282932000079"}

    answer = await http.post(members_of(coordination), json=asked, headers=bearer())

    assert answer.status_code == 201
    assert answer.json()["siret"] == "73282932000079"
    assert [one["code"] for one in answer.json()["warnings"]] == ["W_SIRET"]
    listed = (await http.get(members_of(coordination), headers=bearer())).json()["items"]
    assert listed == [answer.json()]


async def test_a_citizen_section_elsewhere_is_refused(http, bearer, coordination, seat):
    asked = {**seat, "section": "CITIZEN", "college": "PRIVATE"}

    answer = await http.post(members_of(coordination), json=asked, headers=bearer())

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "section"


async def test_the_members_of_one_college_are_listed_page_by_page(http, bearer, coordination):
    names = sorted(f"o-{uuid4().hex[:12]}" for _ in range(5))
    for number, name in enumerate(names):
        college = "PRIVATE" if number == 2 else "INSTITUTIONAL"
        asked = {**SEAT, "organization": name, "college": college}
        await http.post(members_of(coordination), json=asked, headers=bearer())

    seen, cursor = [], ""
    while cursor is not None:
        asked = {"college": "INSTITUTIONAL", "limit": 2, "cursor": cursor}
        page = (await http.get(members_of(coordination), params=asked, headers=bearer())).json()
        assert len(page["items"]) <= 2
        seen += [one["organization"] for one in page["items"]]
        assert page["cursor"] is None or page["cursor"] > cursor
        cursor = page["cursor"]

    assert seen == [name for name in names if name != names[2]]


async def test_an_idempotency_key_names_one_member_per_address(http, bearer, coordination, seat):
    headers = {**bearer(), "Idempotency-Key": "k-1"}

    first = await http.post(members_of(coordination), json=seat, headers=headers)
    other = {**seat, "organization": f"o-{uuid4().hex[:12]}"}
    second = await http.post(members_of(coordination), json=other, headers=headers)

    assert first.status_code == 201
    assert (second.status_code, second.json()["code"]) == (409, "E_DIFFERS")


async def test_a_name_with_personal_data_is_refused_and_not_repeated(
    http, bearer, coordination, seat
):
    asked = {**seat, "name": "Mme Durand 06 12 34 56 78"}

    answer = await http.post(members_of(coordination), json=asked, headers=bearer())

    assert (answer.status_code, answer.json()["code"]) == (422, "E_PII")
    assert "06 12" not in answer.text


@pytest.mark.parametrize(
    "path",
    ["/v1/coordinations/a%00b/members", "/v1/coordinations/%0A", "/v1/coordinations/Bad/opinions"],
)
async def test_an_address_that_names_no_coordination_is_refused(http, bearer, path):
    answer = await http.get(path, headers=bearer())

    assert answer.status_code in {400, 404}


async def test_a_cursor_of_another_form_is_refused(http, bearer, coordination):
    answer = await http.get(members_of(coordination), params={"cursor": "a\0"}, headers=bearer())

    assert answer.status_code == 400
