"""Rights beyond the token: one bearer, several coordinations, each with the roles it has there."""

import asyncio

import pytest

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


async def test_a_right_that_is_taken_closes_at_once(http, bearer, members_of, allow, pool):
    headers = bearer("coordinator", HOME)
    coordination = members_of.split("/")[3]
    await allow(coordination, f"coordinator@{HOME}", "coordinator")
    assert (await http.get(members_of, headers=headers)).status_code == 200

    taken = "UPDATE rights SET revoked_at = now() WHERE coordination = $1"
    await pool.execute(taken, coordination)

    assert (await http.get(members_of, headers=headers)).status_code == 403


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
