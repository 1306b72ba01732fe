"""Two coordinations beside each other: what one holds, the other neither reads nor changes."""

from uuid import uuid4

import pytest

from tests.integration.members.governing import committee, organization_of, seat, step
from tests.integration.members.test_field import duty, lead

LISTS = (
    "candidates",
    "completeness",
    "seats",
    "elected-lead",
    "committees",
    "committees/groupe-projet",
    "committees/groupe-projet/composition",
    "responsibilities",
    "leads",
    "endorsements",
    "relays",
    "contacts",
    "visits/coverage",
    "territorial-roles",
)
WRITES = (
    ("candidates", organization_of()),
    ("seats", seat(uuid4(), str(uuid4()))),
    ("seats/renewals", {"effective_on": "2026-04-01", "reason": "Non"}),
    ("committees", committee()),
    ("committees/groupe-projet/complete", {"completed_on": "2026-03-01"}),
    ("committees/groupe-projet/close", {"closed_on": "2026-03-01", "reason": "Non"}),
    ("committees/groupe-projet/transform", {"into": committee("copil"), "reason": "Non"}),
    ("leads", lead(str(uuid4()))),
    (
        "endorsements",
        {"endorser": "X", "level": "REGION", "subject": "X", "given_on": "2026-01-01"},
    ),
    (
        "relays",
        {"kind": "OPERATOR", "label": "X", "communes": ["31446"], "since": "2026-01-01"},
    ),
    ("contacts", {"channel": "PRESS", "happened_on": "2026-01-01", "subject": "X"}),
    (
        "territorial-roles",
        {"role": "SUPPORT", "since": "2026-01-01", "maturity": 1, "reason": "X"},
    ),
)


@pytest.fixture
async def full(hall):
    """A coordination with a committee, a seat, a candidate and records of the field."""
    await hall.made("committees", committee())
    taken = await hall.seat(committee="groupe-projet")
    await hall.made("candidates", organization_of())
    await hall.made("leads", lead(taken["member"]))
    await hall.made("contacts", {**dict(WRITES)["contacts"]})
    return hall, taken


@pytest.mark.parametrize("what", LISTS)
async def test_a_caller_of_elsewhere_reads_nothing(full, elsewhere, what):
    hall, _ = full

    answer = await hall.get(what, headers=elsewhere.headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "E_ROLE")
    assert "Camille" not in answer.text


@pytest.mark.parametrize(("what", "body"), WRITES, ids=lambda one: one if type(one) is str else "")
async def test_a_caller_of_elsewhere_writes_nothing(full, elsewhere, what, body):
    hall, _ = full

    answer = await hall.post(what, body, headers=elsewhere.headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "E_ROLE")


async def test_a_matrix_of_elsewhere_is_not_replaced(full, elsewhere):
    hall, taken = full
    address = f"/v1/coordinations/{hall.coordination}/responsibilities"
    body = {"items": [duty(taken["member"])]}

    answer = await hall.http.put(address, json=body, headers=elsewhere.headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "E_ROLE")


async def test_a_thing_named_by_its_id_is_of_its_coordination(full, elsewhere):
    hall, taken = full
    member, headers = f"/v1/members/{taken['member']}", elsewhere.headers
    answers = [
        await hall.get(member, headers=headers),
        await hall.get(f"{member}/history", headers=headers),
        *[
            await hall.post(f"{member}/{act}", step(**more), headers=headers)
            for act, more in (
                ("confirm", {}),
                ("refuse", {}),
                ("withdraw", {}),
                ("roles", {"roles": []}),
                ("units", {"units": 2}),
            )
        ],
        await hall.post(
            f"/v1/seats/{taken['id']}/end",
            {"valid_until": "2026-06-30", "reason": "Non"},
            headers=headers,
        ),
    ]

    assert {(one.status_code, one.json()["code"]) for one in answers} == {(403, "E_ROLE")}
    assert (await hall.get(member)).json()["state"] == "CONFIRMED"
    assert await hall.seats() == [taken]


async def test_the_lists_of_one_hold_nothing_of_the_other(full, elsewhere):
    for what in ("candidates", "seats", "committees", "responsibilities", "leads", "contacts"):
        assert (await elsewhere.get(what)).json()["items"] == [], what


@pytest.mark.parametrize("what", ["seats", "leads", "contacts", "candidates"])
async def test_an_id_taken_elsewhere_names_nothing_here(hall, elsewhere, what):
    async def asked_of(one):
        member = await one.member()
        return {
            "seats": seat(await one.person(), member),
            "leads": lead(member),
            "contacts": {**dict(WRITES)["contacts"]},
            "candidates": organization_of(),
        }[what]

    first = {**await asked_of(elsewhere), "id": str(uuid4())}
    await elsewhere.made(what, first)

    answer = await hall.post(what, {**await asked_of(hall), "id": first["id"]})

    assert (answer.status_code, answer.json()["code"]) == (409, "E_DIFFERS")


@pytest.mark.parametrize("role", ["member", "elected", "observer", "funder", "institution"])
async def test_only_who_governs_writes_seats_and_committees(hall, bearer, role):
    headers = bearer(role, hall.coordination)
    for what, body in WRITES[1:]:
        answer = await hall.post(what, body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "E_ROLE"), what
