"""Seats renewed after an election: one act, all of it or nothing."""

import asyncio
from uuid import uuid4

from services.chassis.outbox import DATA_BYTES_MAX
from tests.integration.members.governing import refused, seat

ELECTION = "2026-04-01"


def renewal(**changed):
    """Return the body of a renewal."""
    return {
        "id": str(uuid4()),
        "effective_on": ELECTION,
        "reason": "Élections municipales de mars 2026 (fictif)",
        **changed,
    }


def taken(person, member, **changed):
    """Return a seat that begins with the renewal, named after it."""
    asked = seat(person, member, valid_from=ELECTION, **changed)
    return {name: asked[name] for name in asked if name != "id"}


async def test_an_election_renews_seats_in_one_act(hall, facts_about):
    seats = await hall.full_project_group()
    college = await hall.seat(member=seats[0]["member"])
    takes = [
        taken(await hall.person("Nouvelle Élue"), seats[0]["member"], committee="groupe-projet"),
        taken(await hall.person("Nouvelle Élue"), seats[0]["member"]),
    ]
    asked = renewal(
        ends=[college["id"]],
        ends_of=[{"committee": "groupe-projet", "kind": "ELECTED"}],
        takes=takes,
    )

    answers = await asyncio.gather(*(hall.post("seats/renewals", asked) for _ in range(6)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    shown = answers[0].json()
    assert (shown["ended"], shown["taken"]) == (2, 2)
    now = await hall.seats(on=ELECTION)
    assert sorted(one["kind"] for one in now) == ["ELECTED", "ELECTED", "OPERATOR", "TECHNICAL"]
    assert {one["name"] for one in now if one["kind"] == "ELECTED"} == {"Nouvelle Élue"}
    gone = [one for one in await hall.seats() if one["id"] in {college["id"], seats[0]["id"]}]
    assert {one["valid_until"] for one in gone} == {"2026-03-31"}
    (told,) = await facts_about(asked["id"])
    assert (told["type"], told["part"], told["parts"]) == ("seats_renewed", 1, 1)
    assert set(told["ended"]) == {college["id"], seats[0]["id"]}
    assert len(told["taken"]) == 2
    assert "Élue" not in str(told)
    assert len(await facts_about(college["id"])) == 1, "the renewal tells of its end"


async def test_one_seat_that_cannot_be_given_stops_the_whole_renewal(hall, facts_about):
    seats = await hall.full_project_group()
    before = await hall.seats()
    good = taken(await hall.person(), seats[0]["member"], committee="groupe-projet")
    stranger = taken(uuid4(), seats[0]["member"])
    asked = renewal(ends=[seats[0]["id"]], takes=[good, stranger])

    answer = await hall.post("seats/renewals", asked)

    refused(answer, 404, "E_UNKNOWN", "takes.1.person")
    assert await hall.seats() == before
    assert await facts_about(asked["id"]) == []
    asked["takes"] = [good]
    assert (await hall.made("seats/renewals", asked))["taken"] == 1, "the id is still free"


async def test_a_renewal_beside_another_act_is_whole_or_absent(hall):
    for first in ("renewal", "rival") * 4:
        member = await hall.member()
        elected = await hall.seat(member=member, valid_until="2026-09-30")
        rival = seat(await hall.person(), member, valid_from="2026-10-01")
        gives = [
            taken(await hall.person(), member),
            taken(await hall.person(), await hall.member()),
        ]
        asked = renewal(ends=[elected["id"]], takes=gives)
        posts = {
            "renewal": lambda asked=asked: hall.post("seats/renewals", asked),
            "rival": lambda rival=rival: hall.post("seats", rival),
        }
        order = sorted(posts, key=lambda name: name != first)

        told = await asyncio.gather(*(posts[name]() for name in order))

        answers = dict(zip(order, told, strict=True))
        was_renewed = answers["renewal"].status_code == 201
        assert sorted(answer.status_code for answer in told) == [201, 409]
        ended = {one["id"]: one["valid_until"] for one in await hall.seats(member=member)}
        assert ended[elected["id"]] == ("2026-03-31" if was_renewed else "2026-09-30")
        assert len(await hall.seats(member=member, on="2026-10-01")) == 1
        assert len(await hall.seats(member=gives[1]["member"])) == was_renewed


async def test_a_renewal_asked_again_otherwise_is_refused(hall):
    one = await hall.seat()
    asked = renewal(ends=[one["id"]])
    await hall.made("seats/renewals", asked)

    other = await hall.post("seats/renewals", {**asked, "reason": "Autre"})

    refused(other, 409, "E_DIFFERS", "id")


async def test_a_renewal_names_what_it_changes(hall, elsewhere):
    one = await hall.seat(valid_until="2026-03-31")
    foreign = await elsewhere.seat()
    group = {"committee": "jamais-vue"}
    for changed, status, code, field in (
        ({}, 422, "E_FIELD", "takes"),
        ({"ends_of": [{"kind": "CITIZEN"}]}, 422, "E_FIELD", "takes"),
        ({"ends": [one["id"]] * 2}, 422, "E_FIELD", "ends"),
        ({"ends": [str(uuid4())]}, 404, "E_UNKNOWN", "ends"),
        ({"ends": [foreign["id"]]}, 404, "E_UNKNOWN", "ends"),
        ({"ends": [one["id"]]}, 409, "E_STATE", "ends"),
        ({"ends_of": [group]}, 404, "E_UNKNOWN", "ends_of.0.committee"),
    ):
        refused(await hall.post("seats/renewals", renewal(**changed)), status, code, field)


async def test_what_a_renewal_gives_begins_with_it_or_later(hall):
    early = {**taken(await hall.person(), await hall.member()), "valid_from": "2026-03-31"}

    answer = await hall.post("seats/renewals", renewal(takes=[early]))

    refused(answer, 422, "E_FIELD", "takes.0.valid_from")


async def test_two_holders_in_one_renewal_are_refused(hall):
    member = await hall.member()
    takes = [taken(await hall.person(), member) for _ in range(2)]

    answer = await hall.post("seats/renewals", renewal(takes=takes))

    refused(answer, 409, "E_OVERLAP", "takes.1.rank")
    assert await hall.seats() == []


async def test_a_seat_that_is_there_is_not_given_again(hall):
    known = await hall.seat()
    again = {**taken(known["person"], known["member"]), "id": known["id"]}
    again["valid_from"] = known["valid_from"]

    answer = await hall.post(
        "seats/renewals", renewal(effective_on=known["valid_from"], takes=[again])
    )

    refused(answer, 409, "E_DIFFERS", "takes.0.id")


async def test_a_large_renewal_is_told_in_parts_that_fit_a_message(hall, pool, facts_about):
    member = await hall.member()
    await pool.execute(
        "INSERT INTO persons (coordination, person_id, name, recorded_at)"
        " SELECT $1, gen_random_uuid(), 'Fictif', now() FROM generate_series(1, 250)",
        hall.coordination,
    )
    rows = await pool.fetch(
        "SELECT person_id FROM persons WHERE coordination = $1", hall.coordination
    )
    takes = [taken(row["person_id"], member, rank="SUBSTITUTE") for row in rows]
    first = renewal(takes=takes)
    assert (await hall.made("seats/renewals", first))["taken"] == 250
    second = renewal(effective_on="2026-05-01", ends_of=[{"kind": "ELECTED"}])
    assert (await hall.made("seats/renewals", second))["ended"] == 250

    told = await facts_about(first["id"])

    assert [(one["part"], one["parts"], len(one["taken"])) for one in told] == [
        (1, 3, 100),
        (2, 3, 100),
        (3, 3, 50),
    ]
    assert len({one["seat_id"] for fact in told for one in fact["taken"]}) == 250
    sizes = await pool.fetch(
        "SELECT octet_length(data) AS bytes FROM ev WHERE aggregate = $1", first["id"]
    )
    assert max(row["bytes"] for row in sizes) <= DATA_BYTES_MAX


async def test_one_act_ends_a_limited_number_of_mandates(hall, pool):
    member = await hall.member()
    await pool.execute(
        "WITH known AS (INSERT INTO persons (coordination, person_id, name, recorded_at)"
        " SELECT $1, gen_random_uuid(), 'Fictif', now() FROM generate_series(1, 2001)"
        " RETURNING coordination, person_id)"
        " INSERT INTO seats (coordination, seat_id, member_id, person_id, rank, kind, valid_from)"
        " SELECT coordination, gen_random_uuid(), $2::uuid, person_id, 'SUBSTITUTE', 'CITIZEN',"
        "        '2026-03-01' FROM known",
        hall.coordination,
        member,
    )

    answer = await hall.post("seats/renewals", renewal(ends_of=[{"kind": "CITIZEN"}]))

    refused(answer, 422, "E_LIMIT", "ends_of")
