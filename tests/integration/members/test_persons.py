"""Natural persons: their records, who reads them, and their rights over them."""

import asyncio
from uuid import uuid4

import pytest
from joserfc.jwk import OKPKey

from tests.integration.members.people import ANNE, refusal

OTHER = {"name": "Bruno Fictif", "email": None, "phone": "05 61 00 00 02"}


async def test_a_person_is_recorded_once(people):
    asked = {**ANNE, "id": str(uuid4())}

    answers = await asyncio.gather(
        *(people.ask("POST", f"{people.base}/persons", asked) for _ in range(5))
    )
    other = await people.ask("POST", f"{people.base}/persons", {**asked, "name": "Une autre"})

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert refusal(other)[:3] == (409, "E_DIFFERS", "id")
    assert refusal(other)[3] == (
        f"La personne « {asked['id']} » existe avec un autre contenu ; prenez un autre identifiant."
    )


async def test_an_id_of_elsewhere_names_nobody_here(people, http, bearer):
    elsewhere = f"c-{uuid4().hex[:12]}"
    founded = {"slug": elsewhere, "name": "Ailleurs", "level": "COMMUNE", "communes": ["31446"]}
    await http.post("/v1/coordinations", json=founded, headers=bearer())
    person = await people.person()

    read = await http.get(f"/v1/coordinations/{elsewhere}/persons/{person}", headers=bearer())
    written = await http.post(
        f"/v1/coordinations/{elsewhere}/persons", json={**ANNE, "id": person}, headers=bearer()
    )

    assert refusal(read) == (
        404,
        "E_UNKNOWN",
        "person",
        f"Aucune personne ne porte ici l'identifiant {person}.",
    )
    assert refusal(written)[:2] == (409, "E_DIFFERS")


async def test_a_person_belongs_to_an_organisation_that_is_known(people):
    asked = {**ANNE, "organization": "nowhere"}

    answer = await people.ask("POST", f"{people.base}/persons", asked)

    assert refusal(answer) == (
        422,
        "E_UNKNOWN",
        "organization",
        "Aucun organisme ne s'appelle « nowhere » ; décrivez-le d'abord.",
    )


async def test_persons_are_listed_page_by_page_and_by_organisation(people):
    await people.member("o-lister")
    made = sorted([await people.person() for _ in range(2)])
    there = await people.person(organization="o-lister")

    async def page(**asked):
        answer = await people.http.get(
            f"{people.base}/persons", params=asked, headers=people.headers
        )
        return answer.json()

    first = await page(limit=2)
    rest = await page(cursor=first["cursor"])
    of_one = await page(organization="o-lister")

    seen = [one["id"] for one in [*first["items"], *rest["items"]]]
    assert seen == sorted([*made, there])
    assert rest["cursor"] is None
    assert [one["id"] for one in of_one["items"]] == [there]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"email": "anne"}, "email"),
        ({"phone": "appelez-moi"}, "phone"),
        ({"name": ""}, "name"),
        ({"birth_date": "1980-01-01"}, "birth_date"),
    ],
)
async def test_a_record_of_another_form_is_refused(people, changed, field):
    answer = await people.ask("POST", f"{people.base}/persons", {**ANNE, **changed})

    assert refusal(answer)[:3] == (400, "E_FIELD", field)


async def test_a_name_of_several_lines_is_refused(people):
    answer = await people.ask("POST", f"{people.base}/persons", {**ANNE, "name": "A\nB"})

    assert refusal(answer)[:3] == (422, "E_FIELD", "name")


async def test_a_rectified_record_says_which_field_was_changed_and_never_what_it_held(people, pool):
    person = await people.person()
    address = f"{people.base}/persons/{person}"

    answer = await people.ask("PUT", address, OTHER)
    again = await people.ask("PUT", address, OTHER)
    exported = (await people.ask("GET", f"{address}/export")).json()

    assert answer.status_code == 200, answer.text
    assert {name: answer.json()[name] for name in OTHER} == OTHER
    assert again.json() == answer.json()
    told = [(one["field"], one["changed_by"]) for one in exported["changes"]]
    by = f"coordinator@{people.coordination}"
    assert sorted(told) == [("email", by), ("name", by), ("phone", by)]
    rows = await pool.fetch("SELECT * FROM person_changes WHERE person_id = $1", person)
    assert not any(ANNE["name"] in str(value) for row in rows for value in row.values())


async def test_a_person_reads_and_rectifies_its_own_record_and_no_other(people):
    person, subject, key = await people.enrolled("observer")
    another = await people.person()
    own = await people.bearing(subject, key)
    organization = "o-mine"
    await people.member(organization)

    async def as_itself(method, of, tail="", body=None):
        address = f"{people.base}/persons/{of}{tail}"
        return await people.ask(method, address, body, headers=own)

    assert (await as_itself("GET", person)).json()["name"] == ANNE["name"]
    assert (await as_itself("GET", person, "/export")).status_code == 200
    assert (await as_itself("PUT", person, "", OTHER)).status_code == 200
    moved = await as_itself("PUT", person, "", {**OTHER, "organization": organization})
    sentence = "Seuls la personne elle-même, la coordination et le secrétariat ouvrent cette fiche."
    for answer in (
        moved,
        await as_itself("GET", another),
        await as_itself("GET", another, "/export"),
        await as_itself("PUT", another, "", OTHER),
        await as_itself("GET", uuid4()),
    ):
        assert refusal(answer) == (403, "E_ROLE", "person", sentence)
    assert (await people.ask("GET", f"{people.base}/persons", headers=own)).status_code == 403
    assert (await as_itself("POST", person, "/erase")).status_code == 403


async def test_an_export_holds_all_that_is_known_of_a_person(people):
    person, subject, _ = await people.enrolled("funder", organization="etat")
    member = await people.member("o-export")
    seat = await people.seat(person, member, kind="ELECTED", days=(-10, 10))

    session = await people.attended(seat, member)
    await people.reached("o-export", person)

    answer = await people.ask("GET", f"{people.base}/persons/{person}/export")

    told = answer.json()
    assert [one["session"] for one in told["presences"]] == [session]
    assert told["contact_of"] == ["o-export"]
    assert told["relays"] == []
    assert {name: told["person"][name] for name in ANNE} == ANNE
    assert [(one["subject"], len(one["thumbprint"])) for one in told["names"]] == [(subject, 43)]
    assert [(one["role"], one["organization"], one["origin"]) for one in told["rights"]] == [
        ("funder", "etat", "invitation")
    ]
    assert [one["roles"] for one in told["invitations"]] == [["funder"]]
    assert [(one["id"], one["organization"], one["kind"]) for one in told["mandates"]] == [
        (seat, "o-export", "ELECTED")
    ]


async def test_an_erased_person_keeps_its_id_and_nothing_else(people, pool, facts_about):
    person, subject, key = await people.enrolled("observer")
    await people.invited(person, "secretary")
    await people.ask("PUT", f"{people.base}/persons/{person}", OTHER)
    member = await people.member("o-erased")
    current = await people.seat(person, member)
    await people.seat(person, await people.member("o-over"), days=(-90, -30))
    await people.reached("o-erased", person)
    before = await people.bearing(subject, key)

    answers = [await people.ask("POST", f"{people.base}/persons/{person}/erase") for _ in range(2)]
    shown = (await people.ask("GET", f"{people.base}/persons/{person}")).json()
    exported = (await people.ask("GET", f"{people.base}/persons/{person}/export")).json()

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["ended_mandates"] == [current]
    assert (shown["name"], shown["email"], shown["phone"]) == ("personne effacée", None, None)
    assert (exported["names"], exported["rights"]) == ([], [])
    assert [one["accepted_at"] is None for one in exported["invitations"]] == [False]
    assert [one["field"] for one in exported["changes"]] == ["all"]
    assert len(exported["mandates"]) == 2
    facts = await facts_about(person)
    assert [(fact["type"], sorted(fact)) for fact in facts] == [
        ("person_erased", ["coordination", "erased_on", "person_id", "subject", "type"])
    ]
    assert [fact["type"] for fact in await facts_about(current)] == ["seat_ended"]
    assert exported["contact_of"] == []
    assert (await people.token(subject, key)).json()["error"] == "invalid_client"
    last = "SELECT valid_until < (now() AT TIME ZONE 'Europe/Paris')::date FROM seats WHERE "
    assert await pool.fetchval(f"{last} seat_id = $1", current)
    elsewhere = await people.ask("GET", f"{people.base}/persons/{person}", headers=before)
    assert elsewhere.status_code == 403  # The token has minutes left; it is nobody's already.


async def test_an_erased_person_is_not_written_about_any_more(people):
    person = await people.person()
    await people.ask("POST", f"{people.base}/persons/{person}/erase")

    rectified = await people.ask("PUT", f"{people.base}/persons/{person}", OTHER)
    invited = await people.ask(
        "POST", f"{people.base}/invitations", {"person": person, "roles": ["observer"]}
    )
    again = await people.ask("POST", f"{people.base}/persons", {**ANNE, "id": person})

    sentence = f"Les données de la personne {person} ont été effacées ; créez une autre fiche."
    assert refusal(rectified) == (409, "E_STATE", "person", sentence)
    assert refusal(invited) == (409, "E_STATE", "person", sentence)
    assert refusal(again)[:2] == (409, "E_DIFFERS")


async def test_what_is_asked_of_a_person_that_is_not_there_is_refused(people):
    nobody = uuid4()
    sentence = f"Aucune personne ne porte ici l'identifiant {nobody}."

    for method, tail, body in (
        ("GET", "", None),
        ("GET", "/export", None),
        ("PUT", "", OTHER),
        ("POST", "/erase", None),
    ):
        answer = await people.ask(method, f"{people.base}/persons/{nobody}{tail}", body)
        assert refusal(answer) == (404, "E_UNKNOWN", "person", sentence)


async def test_accepting_and_erasing_at_once_leaves_no_key_behind(people, pool):
    for _ in range(8):
        person = await people.person()
        code = (await people.invited(person, "observer"))["code"]
        await asyncio.gather(
            people.accept(code, key=OKPKey.generate_key("Ed25519")),
            people.ask("POST", f"{people.base}/persons/{person}/erase"),
        )
        kept = "SELECT count(*) FROM subjects WHERE person_id = $1"
        assert await pool.fetchval(kept, person) == 0


@pytest.mark.parametrize("days", [(0, None), (5, None), (-3, 0), (-3, 9)])
async def test_an_erasure_ends_every_mandate_that_is_not_over(people, pool, days):
    person = await people.person()
    seat = await people.seat(person, await people.member(f"o-{uuid4().hex[:8]}"), days=days)

    answer = await people.ask("POST", f"{people.base}/persons/{person}/erase")

    assert answer.json()["ended_mandates"] == [seat]
    over = "SELECT valid_until - valid_from, end_reason FROM seats WHERE seat_id = $1"
    lasted, reason = await pool.fetchrow(over, seat)
    assert lasted == max(0, -days[0]) - 1
    assert reason == "Données de la personne effacées"
