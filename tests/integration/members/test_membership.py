"""How an organisation asks for its seat, gets it, changes its part and leaves."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.integration.members.governing import organization_of, refused, step

TOMORROW = str((datetime.now(UTC) + timedelta(days=2)).date())


async def test_a_candidate_waits_in_the_queue_in_the_order_of_demands(hall):
    asked = [organization_of(name=f"Département {n} (fictif)") for n in range(3)]
    for one in asked:
        await hall.made("candidates", one)

    first = (await hall.get("candidates", limit=2)).json()
    second = (await hall.get("candidates", limit=2, cursor=first["cursor"])).json()

    shown = [one["member"]["organization"] for one in first["items"] + second["items"]]
    assert shown == [one["organization"] for one in asked]
    assert second["cursor"] is None
    assert first["items"][0]["reason"] == asked[0]["reason"]
    assert first["items"][0]["member"]["state"] == "CANDIDATE"


async def test_a_membership_lives_from_demand_to_seat_to_leave_and_back(hall, facts_about):
    candidate = await hall.made("candidates", organization_of())
    address = f"/v1/members/{candidate['id']}"
    confirmed = await hall.made(f"{address}/confirm", step())
    left = await hall.made(f"{address}/withdraw", step(effective_on="2026-05-01", reason="Départ"))
    again = await hall.made(
        "candidates",
        organization_of(
            organization=candidate["organization"], college="PRIVATE", asked_on="2026-06-01"
        ),
    )
    refused_now = await hall.made(f"{address}/refuse", step(effective_on="2026-06-02"))

    states = [one["state"] for one in (candidate, confirmed, left, again, refused_now)]
    assert states == ["CANDIDATE", "CONFIRMED", "WITHDRAWN", "CANDIDATE", "REFUSED"]
    assert again["id"] == candidate["id"]
    told = await facts_about(candidate["id"])
    assert [fact["type"] for fact in told] == ["member_confirmed", "member_withdrawn"]
    assert told[1]["effective_on"] == "2026-05-01"
    assert "Départ" not in str(told)


async def test_the_history_says_who_did_what_when_and_why(hall):
    candidate = await hall.made("candidates", organization_of())
    address = f"/v1/members/{candidate['id']}"
    await hall.made(f"{address}/confirm", step())
    await hall.made(f"{address}/roles", step(roles=["OBSERVER", "LEAD"], reason="Chef de file"))
    await hall.made(f"{address}/units", step(units=3, reason="Trois voix"))

    first = (await hall.get(f"{address}/history", limit=3)).json()
    rest = (await hall.get(f"{address}/history", cursor=first["cursor"])).json()

    acts = first["items"] + rest["items"]
    kinds = ["APPLIED", "CONFIRMED", "ROLES_CHANGED", "UNITS_CHANGED"]
    assert [one["act"] for one in acts] == kinds
    assert {one["subject"] for one in acts} == {f"coordinator@{hall.coordination}"}
    assert acts[2]["roles"] == ["LEAD", "OBSERVER"]
    assert (acts[3]["units"], acts[3]["reason"]) == (3, "Trois voix")
    assert all(one["acted_at"] for one in acts)


async def test_a_member_confirmed_at_once_has_a_history_too(hall):
    member = await hall.member(roles=["LEAD"])

    acts = (await hall.get(f"/v1/members/{member}/history")).json()["items"]

    assert [(one["act"], one["roles"]) for one in acts] == [("CONFIRMED", ["LEAD"])]


@pytest.mark.parametrize(
    ("roles", "votes"),
    [
        ([], True),
        (["LEAD"], True),
        (["ADVISER"], False),
        (["OBSERVER"], False),
        (["ADVISER", "OBSERVER"], False),
        (["ADVISER", "CO_FUNDER"], True),
    ],
)
async def test_an_adviser_or_observer_has_no_vote(hall, roles, votes):
    member = await hall.member(kind="HUB", roles=roles)

    shown = (await hall.get(f"/v1/members/{member}")).json()

    assert (shown["votes"], shown["units"]) == (votes, 1)


async def test_the_same_demand_ten_times_at_once_is_one_demand(hall):
    asked = organization_of()

    answers = await asyncio.gather(*(hall.post("candidates", asked) for _ in range(10)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    member = answers[0].json()["id"]
    acts = (await hall.get(f"/v1/members/{member}/history")).json()["items"]
    assert [one["act"] for one in acts] == ["APPLIED"]


async def test_a_repeated_act_answers_the_same_and_is_told_once(hall, facts_about):
    candidate = await hall.made("candidates", organization_of())
    address = f"/v1/members/{candidate['id']}"
    asked = step(id=str(uuid4()))
    first, again = [await hall.made(f"{address}/confirm", asked) for _ in range(2)]
    unnamed = await hall.made(f"{address}/confirm", step())
    await hall.made(f"{address}/withdraw", step(effective_on="2026-05-01"))

    late = await hall.made(f"{address}/confirm", asked)

    assert first == again == unnamed
    assert late["state"] == "WITHDRAWN", "a late retry changes nothing"
    told = [fact["type"] for fact in await facts_about(candidate["id"])]
    assert told == ["member_confirmed", "member_withdrawn"]


async def test_an_idempotency_key_names_one_act(hall):
    candidate = await hall.made("candidates", organization_of())
    headers = {**hall.headers, "Idempotency-Key": "k-1"}
    address = f"/v1/members/{candidate['id']}/confirm"
    await hall.post(address, step(), headers=headers)

    answer = await hall.post(address, step(reason="Autre"), headers=headers)

    refused(answer, 409, "E_DIFFERS", "id")


async def test_who_withdraws_leaves_its_seats_the_day_before(hall, facts_about):
    seat = await hall.seat()
    coming = await hall.seat(member=seat["member"], valid_from="2026-09-01", rank="SUBSTITUTE")

    await hall.made(f"/v1/members/{seat['member']}/withdraw", step(effective_on="2026-05-01"))

    ended = {one["id"]: one for one in await hall.seats(member=seat["member"])}
    assert ended[seat["id"]]["valid_until"] == "2026-04-30"
    assert ended[coming["id"]]["valid_until"] == "2026-08-31", "it never took effect"
    assert [one["type"] for one in await facts_about(coming["id"])] == ["seat_taken", "seat_ended"]
    assert await hall.seats(member=seat["member"], on="2026-09-01") == []


async def test_a_candidate_that_takes_its_demand_back_was_never_a_member(hall, facts_about):
    candidate = await hall.made("candidates", organization_of())

    left = await hall.made(f"/v1/members/{candidate['id']}/withdraw", step())

    assert left["state"] == "WITHDRAWN"
    assert await facts_about(candidate["id"]) == []


async def test_steps_that_are_not_open_are_refused(hall):
    member = await hall.member()
    candidate = (await hall.made("candidates", organization_of()))["id"]
    await hall.made(f"/v1/members/{candidate}/refuse", step())

    for address, to in (
        (f"/v1/members/{member}/confirm", "CONFIRMED"),
        (f"/v1/members/{member}/refuse", "REFUSED"),
        (f"/v1/members/{candidate}/withdraw", "WITHDRAWN"),
    ):
        detail = refused(await hall.post(address, step(reason="Non")), 409, "E_STATE", "state")
        assert to in detail
    roles = step(roles=["LEAD"])
    refused(await hall.post(f"/v1/members/{candidate}/roles", roles), 409, "E_STATE", "state")


async def test_an_organisation_that_sits_does_not_ask_again(hall):
    asked = organization_of()
    candidate = await hall.made("candidates", asked)
    other = await hall.post("candidates", {**asked, "college": "INSTITUTIONAL"})
    await hall.made(f"/v1/members/{candidate['id']}/confirm", step())
    again = await hall.post("candidates", {**asked, "asked_on": "2026-07-01"})

    refused(other, 409, "E_DIFFERS", "organization")
    refused(again, 409, "E_DIFFERS", "college")


async def test_an_act_does_not_come_before_the_one_it_follows(hall):
    candidate = await hall.made("candidates", organization_of(asked_on="2026-03-01"))
    address = f"/v1/members/{candidate['id']}"

    early = await hall.post(f"{address}/confirm", step(effective_on="2026-02-28"))
    await hall.made(f"{address}/refuse", step(effective_on="2026-03-02"))
    again = await hall.post(
        "candidates", organization_of(organization=candidate["organization"], asked_on="2026-03-01")
    )

    refused(early, 422, "E_FIELD", "effective_on")
    refused(again, 422, "E_FIELD", "asked_on")


@pytest.mark.parametrize(
    ("act", "more"),
    [("withdraw", {}), ("refuse", {}), ("roles", {"roles": ["LEAD"]}), ("units", {"units": 2})],
)
async def test_an_act_that_holds_at_once_is_recorded_on_its_day(hall, act, more):
    candidate = await hall.made("candidates", organization_of())

    answer = await hall.post(
        f"/v1/members/{candidate['id']}/{act}", step(effective_on=TOMORROW, **more)
    )

    refused(answer, 422, "E_FIELD", "effective_on")


@pytest.mark.parametrize("units", [0, 1001, 1.5, "deux"])
async def test_units_that_are_not_a_whole_number_in_bounds_are_refused(hall, units):
    member = await hall.member()

    answer = await hall.post(f"/v1/members/{member}/units", step(units=units))

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "units")


async def test_a_member_acts_for_its_own_organisation_alone(hall, bearer):
    asked = organization_of()
    own = bearer("member", hall.coordination, organization=asked["organization"])
    other = bearer("member", hall.coordination, organization="une-autre")

    refused(await hall.post("candidates", asked, headers=other), 403, "E_ROLE", "organization")
    answer = await hall.post("candidates", asked, headers=own)
    assert answer.status_code == 201
    address = f"/v1/members/{answer.json()['id']}"
    refused(
        await hall.post(f"{address}/withdraw", step(), headers=other), 403, "E_ROLE", "organization"
    )
    assert (await hall.post(f"{address}/confirm", step(), headers=own)).status_code == 403
    assert (await hall.post(f"{address}/withdraw", step(), headers=own)).status_code == 200


async def test_a_reason_with_personal_data_is_refused(hall):
    candidate = await hall.made("candidates", organization_of())

    answer = await hall.post(
        f"/v1/members/{candidate['id']}/confirm", step(reason="Voir 06 12 34 56 78")
    )

    refused(answer, 422, "E_PII", "reason")


async def test_a_member_that_is_not_there_is_unknown(hall):
    for what in ("confirm", "refuse", "withdraw"):
        answer = await hall.post(f"/v1/members/{uuid4()}/{what}", step())
        refused(answer, 404, "E_UNKNOWN", "member")
    refused(await hall.get(f"/v1/members/{uuid4()}"), 404, "E_UNKNOWN", "member")


async def test_citizens_ask_in_their_section_without_a_siret(hall):
    citizens = organization_of(kind="CITIZEN", section="CITIZEN", name="Habitants (fictif)")

    with_siret = await hall.post("candidates", {**citizens, "siret": "73282932000074"})
    elsewhere = await hall.post("candidates", {**citizens, "college": "PRIVATE"})
    seated = await hall.made("candidates", citizens)

    refused(with_siret, 422, "E_FIELD", "siret")
    refused(elsewhere, 422, "E_FIELD", "section")
    assert (seated["college"], seated["section"]) == ("DIGITAL_MEDIATION", "CITIZEN")


async def test_two_who_decide_at_once_decide_once(hall, facts_about):
    for _ in range(5):
        candidate = await hall.made("candidates", organization_of())
        address = f"/v1/members/{candidate['id']}"
        asked = [(f"{address}/confirm", step(reason="Oui")), (f"{address}/refuse", step())] * 3

        answers = await asyncio.gather(*(hall.post(where, body) for where, body in asked))

        assert {answer.status_code for answer in answers} == {200, 409}
        acts = (await hall.get(f"{address}/history")).json()["items"]
        assert len(acts) == 2
        confirmed = acts[1]["act"] == "CONFIRMED"
        assert len(await facts_about(candidate["id"])) == confirmed
