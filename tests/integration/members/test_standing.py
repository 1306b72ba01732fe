"""Rights beyond the token: one bearer, several coordinations, each with the roles it has there."""

import asyncio

import msgspec
import pytest

from services.chassis.tokens import Caller, Verifier

HOME = "elsewhere"


@pytest.fixture
def members_of(coordination):
    return f"/v1/coordinations/{coordination}/members"


@pytest.fixture
async def drafted(http, bearer, coordination, draft):
    address = f"/v1/coordinations/{coordination}/agreements"
    await http.post(address, json=draft, headers=bearer())
    return f"/v1/agreements/{draft['id']}"


def refusal(answer):
    return answer.status_code, answer.json()["code"], answer.json()["detail"]


async def test_a_right_opens_a_coordination_to_the_token_of_another(
    http, bearer, coordination, members_of, allow
):
    headers = bearer("coordinator", HOME)

    before = await http.get(members_of, headers=headers)
    await allow(coordination, f"coordinator@{HOME}", "coordinator")
    after = await http.get(members_of, headers=headers)

    sentence = f"Votre jeton n'ouvre pas la coordination « {coordination} »."
    assert refusal(before) == (403, "E_ROLE", sentence)
    assert after.status_code == 200
    assert after.json()["items"] == []


async def test_a_right_that_is_taken_closes_at_once(http, bearer, coordination, members_of, allow):
    headers = bearer("coordinator", HOME)
    await allow(coordination, f"coordinator@{HOME}", "coordinator")
    assert (await http.get(members_of, headers=headers)).status_code == 200

    address = f"/v1/coordinations/{coordination}/rights/revoke"
    right = {"subject": f"coordinator@{HOME}", "role": "coordinator"}
    taken = [await http.post(address, json=right, headers=bearer()) for _ in range(2)]

    assert [answer.status_code for answer in taken] == [204, 204]
    assert (await http.get(members_of, headers=headers)).status_code == 403


async def test_a_right_that_was_never_given_cannot_be_taken(http, bearer, coordination):
    right = {"subject": "nobody", "role": "secretary"}

    answer = await http.post(
        f"/v1/coordinations/{coordination}/rights/revoke", json=right, headers=bearer()
    )

    sentence = "Le droit « secretary » n'a jamais été donné à « nobody » ici."
    assert refusal(answer) == (404, "E_UNKNOWN", sentence)
    assert answer.json()["errors"][0]["field"] == "role"


async def test_a_founding_told_again_gives_back_nothing(
    http, bearer, coordination, members_of, allow
):
    subject = f"coordinator@{HOME}"
    await allow(coordination, subject, "coordinator")
    right = {"subject": subject, "role": "coordinator"}
    await http.post(f"/v1/coordinations/{coordination}/rights/revoke", json=right, headers=bearer())

    await allow(coordination, subject, "coordinator")

    assert (await http.get(members_of, headers=bearer("coordinator", HOME))).status_code == 403


async def test_rights_are_listed_page_by_page_those_that_were_taken_too(
    http, bearer, coordination, allow
):
    await allow(coordination, "anne", "secretary")
    await allow(coordination, "anne", "funder", "etat")
    await allow(coordination, "zoe", "observer")
    address = f"/v1/coordinations/{coordination}/rights"
    await http.post(
        f"{address}/revoke", json={"subject": "anne", "role": "secretary"}, headers=bearer()
    )

    first = (await http.get(address, params={"limit": 2}, headers=bearer())).json()
    rest = await http.get(address, params={"cursor": first["cursor"]}, headers=bearer())

    assert [(one["subject"], one["role"]) for one in first["items"]] == [
        ("anne", "funder"),
        ("anne", "secretary"),
    ]
    assert [one["revoked_at"] is None for one in first["items"]] == [True, False]
    assert [one["subject"] for one in rest.json()["items"]] == ["zoe"]
    assert rest.json()["cursor"] is None


async def test_a_right_here_opens_nothing_there(http, bearer, coordination, allow):
    await allow(coordination, f"coordinator@{HOME}", "coordinator")

    answer = await http.get(
        "/v1/coordinations/yet-another/members", headers=bearer("coordinator", HOME)
    )

    assert answer.status_code == 403


async def test_a_right_of_one_is_not_anothers(http, bearer, coordination, members_of, allow):
    await allow(coordination, f"coordinator@{HOME}", "coordinator")

    answer = await http.get(members_of, headers=bearer("secretary", HOME))

    assert answer.status_code == 403


async def test_the_roles_that_count_are_those_of_the_coordination_that_is_entered(
    http, bearer, coordination, members_of, allow
):
    await allow(coordination, f"coordinator@{HOME}", "observer")
    headers = bearer("coordinator", HOME)

    read = await http.get(members_of, headers=headers)
    write = await http.post(members_of, json={}, headers=headers)

    assert read.status_code == 200
    sentence = (
        "Ce droit (écrire la gouvernance) demande l'un des rôles : "
        "coordinator, operator, secretary."
    )
    assert refusal(write) == (403, "E_ROLE", sentence)


async def test_an_observer_at_home_may_be_the_coordinator_elsewhere(
    http, bearer, coordination, members_of, allow
):
    await allow(coordination, f"observer@{HOME}", "coordinator")

    write = await http.post(members_of, json={}, headers=bearer("observer", HOME))

    assert write.status_code == 400  # The policy is passed; an empty body stops at the contract.


async def test_an_object_is_entered_where_it_belongs(http, bearer, coordination, drafted, allow):
    headers = bearer("coordinator", HOME)

    before = await http.post(f"{drafted}/sign", headers=headers)
    await allow(coordination, f"coordinator@{HOME}", "coordinator")
    after = await http.post(f"{drafted}/sign", headers=headers)

    assert refusal(before)[:2] == (403, "E_ROLE")
    assert (after.status_code, after.json()["state"]) == (200, "SIGNED")


async def test_a_writer_at_home_does_not_write_on_an_object_where_it_only_reads(
    http, bearer, coordination, drafted, allow, facts_about
):
    await allow(coordination, f"coordinator@{HOME}", "observer")

    answer = await http.post(f"{drafted}/sign", headers=bearer("coordinator", HOME))

    assert refusal(answer)[:2] == (403, "E_ROLE")
    assert await facts_about(drafted.rpartition("/")[2]) == []


async def test_a_role_had_for_one_organisation_does_not_serve_another(
    http, bearer, coordination, allow
):
    """A caller acts for one organisation at a time: the funder's role is not the member's."""
    await allow(coordination, f"member@{HOME}", "member", "caf-31")
    await allow(coordination, f"member@{HOME}", "funder", "etat")
    decision = {
        "funder": "etat",
        "body": "Préfet (fictif)",
        "reference": "F-1",
        "decided_on": "2026-03-20",
        "enforceable_since": "2026-03-21",
        "awards": [{"action": "a", "fund": "f", "amount_cents": 1}],
    }
    address = f"/v1/coordinations/{coordination}/funder-decisions"

    as_caf = await http.post(address, json=decision, headers=bearer("member", HOME, "caf-31"))
    as_state = await http.post(address, json=decision, headers=bearer("member", HOME, "etat"))
    as_nobody = await http.post(address, json=decision, headers=bearer("member", HOME))

    assert (as_caf.status_code, as_state.status_code) == (403, 201)
    assert as_nobody.status_code == 403


async def test_entering_while_writing_needs_no_second_connection(
    http, bearer, coordination, drafted, allow
):
    """More callers at once than connections: each has the one it began with."""
    await allow(coordination, f"coordinator@{HOME}", "coordinator")

    answers = await asyncio.gather(
        *(http.post(f"{drafted}/sign", headers=bearer("coordinator", HOME)) for _ in range(60))
    )

    assert {answer.status_code for answer in answers} == {200}


async def token_for(http, headers, coordination, **more):
    asked = {"coordination": coordination, **more}
    return await http.post("/v1/me/token", json=asked, headers=headers)


async def test_a_caller_learns_who_it_is_and_where_it_may_go(http, bearer, coordination, allow):
    await allow(coordination, f"member@{HOME}", "funder", "etat")
    await allow(coordination, f"member@{HOME}", "observer")

    answer = await http.get("/v1/me", headers=bearer("member", HOME, "caf-31"))

    assert answer.status_code == 200
    told = answer.json()
    assert [one for one in told["places"] if one["coordination"] == coordination] == [
        {
            "coordination": coordination,
            "roles": [
                {"role": "funder", "organization": "etat"},
                {"role": "observer", "organization": None},
            ],
        }
    ]
    assert {name: told[name] for name in ("subject", "coordination", "organization", "roles")} == {
        "subject": f"member@{HOME}",
        "coordination": HOME,
        "organization": "caf-31",
        "roles": ["member"],
    }


async def test_other_services_get_a_token_of_the_coordination_that_is_entered(
    http, bearer, coordination, allow, published_keys
):
    await allow(coordination, f"coordinator@{HOME}", "funder", "etat")

    given = await token_for(http, bearer("coordinator", HOME), coordination)

    assert given.status_code == 200, given.text
    assert given.headers["cache-control"] == "no-store"
    assert (given.json()["expires_in"], given.json()["scope"]) == (600, "funder")
    caller = await Verifier(published_keys.url).caller(given.json()["access_token"])
    assert msgspec.structs.replace(caller, iat=0) == Caller(
        sub=f"coordinator@{HOME}",
        coordination=coordination,
        organization="etat",
        roles=["funder"],
        derived=True,
    )


async def test_a_token_given_against_another_gives_no_further_one(
    http, bearer, coordination, allow
):
    await allow(coordination, f"coordinator@{HOME}", "coordinator")
    given = await token_for(http, bearer("coordinator", HOME), coordination)
    derived = {"Authorization": f"Bearer {given.json()['access_token']}"}

    answer = await token_for(http, derived, coordination)

    sentence = "Ce jeton a été donné contre un autre ; redemandez avec celui de votre connexion."
    assert refusal(answer) == (403, "E_ROLE", sentence)
    assert answer.json()["errors"][0]["field"] == "authorization"


@pytest.mark.parametrize("more", [{}, {"organization": "etat"}])
async def test_who_has_no_right_there_gets_no_token(http, bearer, coordination, more):
    answer = await token_for(http, bearer("operator", "*"), coordination, **more)

    sentence = (
        f"Vous n'avez pas ces droits dans la coordination « {coordination} » ; "
        "demandez-y une invitation."
    )
    assert refusal(answer) == (403, "E_ROLE", sentence)
    assert answer.json()["errors"][0]["field"] == "coordination"


async def test_a_token_is_for_one_organisation_of_those_there_are(
    http, bearer, coordination, allow
):
    await allow(coordination, f"member@{HOME}", "member", "caf-31")
    await allow(coordination, f"member@{HOME}", "funder", "etat")
    headers = bearer("member", HOME)

    chosen = await token_for(http, headers, coordination, organization="etat")
    neither = await token_for(http, headers, coordination)
    other = await token_for(http, headers, coordination, organization="la-poste")

    assert chosen.json()["scope"] == "funder"
    assert (neither.status_code, other.status_code) == (403, 403)
