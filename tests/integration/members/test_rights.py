"""Who may do what: roles, and the walls between coordinations."""

from uuid import uuid4

import pytest

from contracts.values import Role

WRITERS = {"coordinator", "secretary", "operator"}


@pytest.mark.parametrize("role", [role.value for role in Role])
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/coordinations/{c}/members", WRITERS),
        ("/v1/coordinations/{c}/agreements", WRITERS),
        ("/v1/coordinations/{c}/licences", WRITERS),
        ("/v1/coordinations/{c}/opinions", WRITERS),
        ("/v1/coordinations/{c}/funder-decisions", WRITERS | {"funder"}),
        ("/v1/coordinations", {"coordinator", "operator"}),
    ],
)
async def test_only_the_roles_of_a_route_write_through_it(
    http, bearer, coordination, role, path, allowed
):
    answer = await http.post(
        path.format(c=coordination), json={}, headers=bearer(role, coordination)
    )

    # An empty body passes the policy and stops at the contract.
    assert answer.status_code == (400 if role in allowed else 403)


@pytest.mark.parametrize("what", ["members", "agreements", "opinions", "funder-decisions"])
async def test_a_token_of_another_coordination_opens_nothing(http, bearer, coordination, what):
    address = f"/v1/coordinations/{coordination}/{what}"
    stranger = bearer("coordinator", "elsewhere")

    assert (await http.get(address, headers=stranger)).status_code == 403
    assert (await http.post(address, json={}, headers=stranger)).status_code == 403
    assert (await http.get(address)).status_code == 401


async def test_an_agreement_of_another_coordination_is_not_signed_nor_ended(
    http, bearer, coordination, draft, facts_about
):
    await http.post(f"/v1/coordinations/{coordination}/agreements", json=draft, headers=bearer())
    stranger = bearer("coordinator", "elsewhere")

    signed = await http.post(f"/v1/agreements/{draft['id']}/sign", headers=stranger)
    ended = await http.post(
        f"/v1/agreements/{draft['id']}/end", json={"reason": "Non"}, headers=stranger
    )

    assert (signed.status_code, ended.status_code) == (403, 403)
    assert await facts_about(draft["id"]) == []


async def test_an_operator_of_one_coordination_founds_no_other(http, bearer, coordination):
    asked = {
        "slug": f"c-{uuid4().hex[:12]}",
        "name": "Une autre",
        "level": "COMMUNE",
        "communes": ["31446"],
    }

    answer = await http.post(
        "/v1/coordinations", json=asked, headers=bearer("operator", coordination)
    )

    assert answer.status_code == 403


async def test_an_institution_does_not_read_the_agreements_of_others(http, bearer, coordination):
    answer = await http.get(
        f"/v1/coordinations/{coordination}/agreements",
        headers=bearer("institution", coordination, organization="caf-31"),
    )

    assert answer.status_code == 403
