"""Persons in their seats: one holder, days that do not meet, names that stay here."""

import asyncio
from uuid import uuid4

import pytest

from tests.integration.members.governing import committee, organization_of, refused, seat, step


async def test_a_seat_is_told_once_and_without_a_name(hall, facts_about):
    await hall.made("committees", committee())
    person, member = await hall.person("Camille Fictive"), await hall.member()
    asked = seat(
        person,
        member,
        committee="groupe-projet",
        reason="parce que : axe de la CTG",
        kind="CITIZEN",
    )

    answers = await asyncio.gather(*(hall.post("seats", asked) for _ in range(8)))

    assert {answer.status_code for answer in answers} == {201}
    assert {answer.json()["name"] for answer in answers} == {"Camille Fictive"}
    assert answers[0].json()["reason"] == "parce que : axe de la CTG"
    (told,) = await facts_about(asked["id"])
    assert (told["type"], told["kind"], told["rank"]) == ("seat_taken", "CITIZEN", "HOLDER")
    assert (told["committee"], told["valid_from"]) == ("groupe-projet", "2026-03-01")
    assert not {"name", "person", "person_id", "reason"} & told.keys()
    assert str(person) not in str(told)


async def test_a_name_is_shown_to_callers_of_the_coordination_alone(hall, bearer):
    await hall.seat()

    (own,) = await hall.seats()
    (platform,) = (await hall.get("seats", headers=bearer())).json()["items"]

    assert own["name"] == "Camille Fictive"
    assert platform["name"] is None
    assert platform["id"] == own["id"]


async def test_each_seat_has_as_many_substitutes_as_wanted(hall):
    await hall.made("committees", committee())
    member = await hall.member()

    for rank in ("HOLDER", "SUBSTITUTE", "SUBSTITUTE"):
        await hall.seat(member=member, committee="groupe-projet", rank=rank)

    ranks = [one["rank"] for one in await hall.seats(committee="groupe-projet")]
    assert sorted(ranks) == ["HOLDER", "SUBSTITUTE", "SUBSTITUTE"]


async def test_a_member_has_one_holder_in_a_committee_on_a_day(hall):
    await hall.made("committees", committee())
    first = await hall.seat(committee="groupe-projet", valid_until="2026-06-30")
    member = first["member"]
    beside = await hall.seat(member=member)
    after = await hall.seat(member=member, committee="groupe-projet", valid_from="2026-07-01")

    second = seat(await hall.person(), member, committee="groupe-projet", valid_from="2026-06-30")
    second["valid_until"] = "2026-06-30"

    detail = refused(await hall.post("seats", second), 409, "E_OVERLAP", "rank")
    assert "2026-03-01" in detail
    assert "2026-06-30" in detail
    assert beside["committee"] is None, "the college is another place"
    assert after["valid_from"] == "2026-07-01"


async def test_a_person_sits_once_in_a_committee_on_a_day(hall):
    await hall.made("committees", committee())
    person = await hall.person()
    await hall.seat(person=person, committee="groupe-projet")
    elsewhere = await hall.member()
    await hall.seat(person=person, member=elsewhere)

    asked = seat(person, elsewhere, committee="groupe-projet", rank="SUBSTITUTE")
    again = seat(person, elsewhere, rank="SUBSTITUTE")

    refused(await hall.post("seats", asked), 409, "E_OVERLAP", "person")
    refused(await hall.post("seats", again), 409, "E_OVERLAP", "person")


async def test_two_holders_asked_at_once_are_one(hall):
    member = await hall.member()
    asked = [seat(await hall.person(), member) for _ in range(6)]

    answers = await asyncio.gather(*(hall.post("seats", one) for one in asked))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]


async def test_a_mandate_ends_once(hall, facts_about):
    taken = await hall.seat()
    address, end = f"/v1/seats/{taken['id']}/end", {"valid_until": "2026-06-30", "reason": "Départ"}

    first, again = [await hall.made(address, end) for _ in range(2)]
    other = await hall.post(address, {**end, "valid_until": "2026-06-29"})

    assert first == again
    assert (first["valid_until"], first["end_reason"]) == ("2026-06-30", "Départ")
    refused(other, 409, "E_DIFFERS", "valid_until")
    told = await facts_about(taken["id"])
    assert [one["type"] for one in told] == ["seat_taken", "seat_ended"]
    assert told[1]["valid_until"] == "2026-06-30"


async def test_a_seat_asked_again_after_its_end_answers_what_it_has_become(hall):
    person, member = await hall.person(), await hall.member()
    asked = seat(person, member)
    await hall.made("seats", asked)
    end = {"valid_until": "2026-06-30", "reason": "Départ"}
    ended = await hall.made(f"/v1/seats/{asked['id']}/end", end)

    assert await hall.made("seats", asked) == ended
    refused(await hall.post("seats", {**asked, "kind": "CITIZEN"}), 409, "E_DIFFERS", "kind")


@pytest.mark.parametrize(
    ("last", "status", "code"),
    [("2026-02-27", 422, "E_FIELD"), ("2026-07-01", 409, "E_STATE")],
)
async def test_an_end_outside_the_mandate_is_refused(hall, last, status, code):
    taken = await hall.seat(valid_until="2026-06-30")

    answer = await hall.post(
        f"/v1/seats/{taken['id']}/end", {"valid_until": last, "reason": "Départ"}
    )

    refused(answer, status, code, "valid_until")


async def test_seats_are_found_by_member_person_committee_and_day(hall):
    await hall.made("committees", committee())
    one = await hall.seat(committee="groupe-projet", valid_until="2026-06-30")
    other = await hall.seat()

    assert [found["id"] for found in await hall.seats(member=one["member"])] == [one["id"]]
    assert [found["id"] for found in await hall.seats(person=other["person"])] == [other["id"]]
    assert [found["id"] for found in await hall.seats(committee="groupe-projet")] == [one["id"]]
    assert [found["id"] for found in await hall.seats(on="2026-07-01")] == [other["id"]]
    assert len(await hall.seats(on="2026-06-30")) == 2
    page = (await hall.get("seats", limit=1)).json()
    rest = (await hall.get("seats", limit=1, cursor=page["cursor"])).json()
    assert {page["items"][0]["id"], rest["items"][0]["id"]} == {one["id"], other["id"]}
    assert rest["cursor"] is None


async def test_who_represented_a_member_stays_readable(hall):
    member = await hall.member()
    for name, first, last in (
        ("Camille Fictive", "2026-03-01", "2026-06-30"),
        ("Dominique Fictif", "2026-07-01", None),
    ):
        person = await hall.person(name)
        await hall.seat(member=member, person=person, valid_from=first, valid_until=last)

    shown = await hall.seats(member=member)

    days = {one["name"]: (one["valid_from"], one["valid_until"]) for one in shown}
    assert days == {
        "Camille Fictive": ("2026-03-01", "2026-06-30"),
        "Dominique Fictif": ("2026-07-01", None),
    }


async def test_a_committee_seats_confirmed_members_alone(hall):
    await hall.made("committees", committee())
    candidate = (await hall.made("candidates", organization_of()))["id"]
    gone = await hall.member()
    await hall.made(f"/v1/members/{gone}/withdraw", step())
    person = await hall.person()

    in_committee = seat(person, candidate, committee="groupe-projet")
    in_college = seat(person, candidate)
    of_the_gone = seat(person, gone)

    refused(await hall.post("seats", in_committee), 409, "E_STATE", "member")
    assert (await hall.post("seats", in_college)).status_code == 201
    refused(await hall.post("seats", of_the_gone), 409, "E_STATE", "member")


async def test_a_seat_stands_on_things_of_its_coordination(hall, elsewhere):
    await hall.made("committees", committee())
    person, member = await hall.person(), await hall.member()
    for changed, field in (
        ({"member": str(uuid4())}, "member"),
        ({"member": await elsewhere.member()}, "member"),
        ({"person": str(uuid4())}, "person"),
        ({"person": str(await elsewhere.person())}, "person"),
        ({"committee": "jamais-vue"}, "committee"),
    ):
        asked = {**seat(person, member), **changed}
        refused(await hall.post("seats", asked), 404, "E_UNKNOWN", field)


async def test_an_erased_person_takes_no_seat(hall, pool):
    person = await hall.person()
    await pool.execute(
        "UPDATE persons SET name = NULL, email = NULL, erased_at = recorded_at WHERE person_id = $1",
        person,
    )

    answer = await hall.post("seats", seat(person, await hall.member()))

    refused(answer, 404, "E_UNKNOWN", "person")


async def test_a_mandate_has_its_days_in_order_and_within_its_committee(hall):
    await hall.made("committees", committee(since="2026-03-01"))
    person, member = await hall.person(), await hall.member()

    reversed_days = seat(person, member, valid_until="2026-02-28")
    too_early = seat(person, member, committee="groupe-projet", valid_from="2026-02-28")

    refused(await hall.post("seats", reversed_days), 422, "E_FIELD", "valid_until")
    refused(await hall.post("seats", too_early), 422, "E_FIELD", "valid_from")


async def test_a_committee_has_a_limited_number_of_seats(hall, pool):
    await hall.made("committees", committee())
    member = await hall.member()
    await pool.execute(
        "INSERT INTO persons (coordination, person_id, name, recorded_at)"
        " SELECT $1, gen_random_uuid(), 'Fictif', now() FROM generate_series(1, 400)",
        hall.coordination,
    )
    await pool.execute(
        "INSERT INTO seats (coordination, seat_id, member_id, committee, person_id, rank, kind,"
        "                   valid_from)"
        " SELECT coordination, gen_random_uuid(), $2::uuid, 'groupe-projet', person_id,"
        "        'SUBSTITUTE', 'CITIZEN', '2026-03-01'"
        "   FROM persons WHERE coordination = $1",
        hall.coordination,
        member,
    )

    asked = seat(await hall.person(), member, committee="groupe-projet")

    refused(await hall.post("seats", asked), 409, "E_LIMIT", "committee")


async def test_a_seat_that_is_not_there_does_not_end(hall):
    end = {"valid_until": "2026-06-30", "reason": "Départ"}

    refused(await hall.post(f"/v1/seats/{uuid4()}/end", end), 404, "E_UNKNOWN", "seat")


async def test_an_elected_person_must_sit_for_who_leads(hall):
    before = (await hall.get("elected-lead", on="2026-04-01")).json()
    leader = await hall.member(roles=["LEAD"])
    await hall.seat(member=leader, kind="TECHNICAL", valid_until="2026-03-31")
    await hall.seat(member=await hall.member(roles=["CO_FUNDER"]), valid_until="2026-03-31")
    candidate = (await hall.made("candidates", organization_of(roles=["LEAD"])))["id"]
    await hall.seat(member=candidate, valid_until="2026-03-31")
    technical = (await hall.get("elected-lead", on="2026-03-15")).json()
    elected = await hall.seat(member=leader, valid_from="2026-04-01")

    after = (await hall.get("elected-lead", on="2026-04-01")).json()

    assert (before["has_one"], technical["has_one"]) == (False, False)
    assert "désignez-en un" in before["detail"]
    assert (after["has_one"], after["seats"]) == (True, [elected["id"]])
