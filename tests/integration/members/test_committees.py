"""Committees: who they need, how they end, what they become."""

import asyncio

import pytest

from tests.integration.members.governing import committee, refused

INTO = {
    "committee": "copil",
    "name": "Comité de pilotage (fictif)",
    "type": "STEERING",
    "meets_every_days": 120,
    "presenter_is_elected": True,
    "since": "2026-09-01",
}
TRANSFORM = {"into": INTO, "reason": "Feuille de route adoptée (fictif)"}


async def test_the_same_committee_again_answers_the_same(hall):
    asked = committee(meets_every_days=90, presenter_is_elected=True)

    answers = await asyncio.gather(*(hall.post("committees", asked) for _ in range(5)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    shown = (await hall.get("committees/groupe-projet")).json()
    assert shown == answers[0].json()
    assert (shown["meets_every_days"], shown["presenter_is_elected"]) == (90, True)
    other = await hall.post("committees", {**asked, "meets_every_days": 30})
    refused(other, 409, "E_DIFFERS", "committee")


async def test_committees_are_listed_page_by_page(hall):
    for slug in ("c", "a", "b"):
        await hall.made("committees", committee(slug))

    first = (await hall.get("committees", limit=2)).json()
    rest = (await hall.get("committees", limit=2, cursor=first["cursor"])).json()

    assert [one["committee"] for one in first["items"] + rest["items"]] == ["a", "b", "c"]
    assert rest["cursor"] is None


async def test_what_a_project_group_lacks_is_said_in_french(hall):
    await hall.made("committees", committee())
    await hall.seat(committee="groupe-projet", kind="ELECTED")
    await hall.seat(committee="groupe-projet", kind="TECHNICAL", rank="SUBSTITUTE")
    await hall.seat(committee="groupe-projet", kind="OPERATOR", valid_until="2026-04-30")

    april = (await hall.get("committees/groupe-projet/composition", on="2026-04-30")).json()
    may = (await hall.get("committees/groupe-projet/composition", on="2026-05-01")).json()

    assert (april["missing"], april["complete"]) == (["TECHNICAL"], False)
    assert april["holders"] == {"ELECTED": 1, "OPERATOR": 1}
    assert may["missing"] == ["TECHNICAL", "OPERATOR"]
    assert may["details"] == [
        "Il manque un référent technique titulaire.",
        "Il manque un opérateur local titulaire.",
    ]


async def test_a_project_group_with_local_partners_is_declared_complete(hall):
    seats = await hall.full_project_group()

    shown = await hall.made("committees/groupe-projet/complete", {"completed_on": "2026-03-01"})
    again = await hall.made("committees/groupe-projet/complete", {"completed_on": "2026-03-01"})
    other = await hall.post("committees/groupe-projet/complete", {"completed_on": "2026-03-02"})

    assert len(seats) == 3
    assert shown == again
    assert shown["completed_on"] == "2026-03-01"
    refused(other, 409, "E_DIFFERS", "completed_on")


async def test_a_committee_that_lacks_someone_is_not_declared_complete(hall):
    await hall.full_project_group()

    early = await hall.post("committees/groupe-projet/complete", {"completed_on": "2026-02-28"})
    before = await hall.post("committees/groupe-projet/complete", {"completed_on": "2025-12-31"})

    assert "élu titulaire" in refused(early, 409, "E_COMPOSITION", "kind")
    refused(before, 422, "E_FIELD", "completed_on")


async def test_a_strategic_committee_seats_beneficiaries(hall):
    await hall.made("committees", committee("strategique", type="STRATEGIC"))
    before = (await hall.get("committees/strategique/composition", on="2026-03-01")).json()
    asked = {"completed_on": "2026-03-01"}
    refused(await hall.post("committees/strategique/complete", asked), 409, "E_COMPOSITION", "kind")

    await hall.seat(committee="strategique", kind="CITIZEN", reason="représente les bénéficiaires")

    assert before["missing"] == ["CITIZEN"]
    assert (await hall.made("committees/strategique/complete", asked))["completed_on"]


async def test_a_project_group_becomes_a_committee_with_its_seats_and_history(hall, facts_about):
    kept = await hall.full_project_group()
    member = kept[0]["member"]
    over = await hall.seat(
        member=member, committee="groupe-projet", rank="SUBSTITUTE", valid_until="2026-06-30"
    )
    coming = await hall.seat(
        member=member, committee="groupe-projet", rank="SUBSTITUTE", valid_from="2026-12-01"
    )

    became = await hall.made("committees/groupe-projet/transform", TRANSFORM)

    assert (became["was"], became["state"]) == (["groupe-projet"], "ACTIVE")
    assert (became["meets_every_days"], became["presenter_is_elected"]) == (120, True)
    gone = (await hall.get("committees/groupe-projet")).json()
    assert (gone["state"], gone["became"], gone["closed_on"]) == (
        "TRANSFORMED",
        "copil",
        "2026-08-31",
    )
    old = {one["id"]: one for one in await hall.seats(committee="groupe-projet")}
    new = {one["continues"]: one for one in await hall.seats(committee="copil")}
    assert new.keys() == {one["id"] for one in (*kept, coming)}
    assert old[over["id"]]["valid_until"] == "2026-06-30", "what was over stays as it was"
    for one in kept:
        assert old[one["id"]]["valid_until"] == "2026-08-31"
        goes_on = new[one["id"]]
        assert (goes_on["valid_from"], goes_on["valid_until"]) == ("2026-09-01", None)
        assert [goes_on[name] for name in ("person", "member", "kind", "rank", "name")] == [
            one[name] for name in ("person", "member", "kind", "rank", "name")
        ]
    assert new[coming["id"]]["valid_from"] == "2026-12-01"
    assert await hall.seats(committee="groupe-projet", on="2026-12-02") == []
    (told,) = await facts_about(f"{hall.coordination}/groupe-projet")
    assert (told["type"], told["committee_type"], told["became"], told["effective_on"]) == (
        "committee_transformed",
        "STEERING",
        "copil",
        "2026-09-01",
    )
    assert {one["continues"] for one in told["seats"]} == new.keys()


async def test_a_transformation_asked_again_changes_nothing(hall, facts_about):
    await hall.full_project_group()
    address = "committees/groupe-projet/transform"

    answers = await asyncio.gather(*(hall.post(address, TRANSFORM) for _ in range(5)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(await hall.seats(committee="copil")) == 3
    assert len(await facts_about(f"{hall.coordination}/groupe-projet")) == 1
    other = await hall.post(address, {**TRANSFORM, "reason": "Autre"})
    refused(other, 409, "E_DIFFERS", "reason")
    elsewhere = {**TRANSFORM, "into": {**INTO, "committee": "autre"}}
    refused(await hall.post(address, elsewhere), 409, "E_STATE", "committee")


@pytest.mark.parametrize("kind", ["ELECTED", "TECHNICAL", "OPERATOR"])
async def test_a_project_group_that_lacks_a_kind_is_not_transformed(hall, facts_about, kind):
    seats = await hall.full_project_group()
    (gone,) = [one for one in seats if one["kind"] == kind]
    end = {"valid_until": "2026-08-31", "reason": "Départ"}
    await hall.made(f"/v1/seats/{gone['id']}/end", end)

    answer = await hall.post("committees/groupe-projet/transform", TRANSFORM)

    refused(answer, 409, "E_COMPOSITION", "kind")
    assert (await hall.get("committees/groupe-projet")).json()["state"] == "ACTIVE"
    assert (await hall.get("committees/copil")).status_code == 404
    assert await facts_about(f"{hall.coordination}/groupe-projet") == []


async def test_a_transformation_makes_a_committee_that_is_not_there_yet(hall):
    await hall.full_project_group()
    await hall.made("committees", committee("copil", type="STEERING"))
    address = "committees/groupe-projet/transform"

    refused(await hall.post(address, TRANSFORM), 409, "E_DIFFERS", "into.committee")
    early = {**TRANSFORM, "into": {**INTO, "committee": "autre", "since": "2026-01-01"}}
    refused(await hall.post(address, early), 422, "E_FIELD", "into.since")
    unknown = await hall.post("committees/jamais-vue/transform", TRANSFORM)
    refused(unknown, 404, "E_UNKNOWN", "committee")


async def test_a_closed_committee_ends_its_mandates_and_seats_nobody(hall, facts_about):
    (first, *_) = await hall.full_project_group()
    closing = {"closed_on": "2026-08-31", "reason": "Fin du mandat"}
    address = "committees/groupe-projet/close"

    early = await hall.post(address, {**closing, "closed_on": "2025-12-31"})
    shown, again = [await hall.made(address, closing) for _ in range(2)]
    other = await hall.post(address, {**closing, "reason": "Autre"})

    refused(early, 422, "E_FIELD", "closed_on")
    assert shown == again
    assert (shown["state"], shown["close_reason"]) == ("CLOSED", "Fin du mandat")
    refused(other, 409, "E_DIFFERS", "closed_on")
    assert {one["valid_until"] for one in await hall.seats()} == {"2026-08-31"}
    assert [one["type"] for one in await facts_about(first["id"])] == ["seat_taken", "seat_ended"]
    late = {**first, "id": None, "committee": "groupe-projet", "valid_from": "2026-09-01"}
    asked = {
        name: late[name] for name in ("person", "member", "committee", "rank", "kind", "valid_from")
    }
    refused(await hall.post("seats", asked), 409, "E_STATE", "committee")
    complete = await hall.post("committees/groupe-projet/complete", {"completed_on": "2026-03-01"})
    refused(complete, 409, "E_STATE", "committee")


async def test_a_transformation_moves_no_more_seats_than_a_committee_has(hall, pool):
    (first, *_) = await hall.full_project_group()
    await pool.execute(
        "WITH known AS (INSERT INTO persons (coordination, person_id, name, recorded_at)"
        " SELECT $1, gen_random_uuid(), 'Fictif', now() FROM generate_series(1, 400)"
        " RETURNING coordination, person_id)"
        " INSERT INTO seats (coordination, seat_id, member_id, committee, person_id, rank, kind,"
        "                    valid_from)"
        " SELECT coordination, gen_random_uuid(), $2::uuid, 'groupe-projet', person_id,"
        "        'SUBSTITUTE', 'CITIZEN', '2026-12-01' FROM known",
        hall.coordination,
        first["member"],
    )

    answer = await hall.post("committees/groupe-projet/transform", TRANSFORM)

    refused(answer, 409, "E_LIMIT", "committee")
    assert (await hall.get("committees/copil")).status_code == 404
