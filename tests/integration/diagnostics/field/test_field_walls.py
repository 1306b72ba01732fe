"""What is of one coordination is nobody else's, and each route is for its roles."""

from uuid import uuid4

import pytest

from contracts.values import Role
from tests.integration.diagnostics.field.site import (
    LABEGE,
    campaign,
    evidence,
    refused,
    risk,
    step,
    words_of,
)

WRITE = {"coordinator", "secretary", "referrer", "operator"}
DECIDE = WRITE - {"referrer"}
INSIDE = WRITE | {"elected", "member", "service"}
BRING = WRITE | {"member", "elected", "funder", "institution"}
EVERYONE = {role.value for role in Role}
NOBODY = str(uuid4())
CONTRIBUTION = {
    "kind": "NEWS",
    "organization": "sicoval",
    "title": "Nouvelle (fictive)",
    "summary": "Un bus.",
}
FOLLOW_UP = {
    "items": [{"commune": LABEGE, "stage": "INTERESTED", "count": 1, "told_on": "2026-03-01"}]
}
REPORT = {"done_on": "2026-03-01", "met": ["MAYOR"]}
MOVE = {"state": "OPEN", "on": "2026-02-01"}
ROUTES = [
    ("GET", "elements", None, EVERYONE),
    ("POST", "elements", risk(), WRITE),
    ("GET", "elements/coverage", None, EVERYONE),
    ("GET", "elements/{element}", None, EVERYONE),
    ("POST", "elements/{element}/steps", step("SURVEYED"), DECIDE),
    ("POST", "elements/{element}/actions", {"action": "bus"}, WRITE),
    ("GET", "evidence", None, EVERYONE),
    ("POST", "evidence", evidence("ACTION", "bus"), WRITE),
    ("GET", "surveys", None, EVERYONE),
    ("POST", "surveys", campaign(), WRITE),
    ("GET", "surveys/{survey}", None, EVERYONE),
    ("PUT", "surveys/{survey}", campaign(), WRITE),
    ("POST", "surveys/{survey}/steps", MOVE, WRITE),
    ("POST", "surveys/{survey}/results", [{"commune": LABEGE}], WRITE),
    ("GET", "surveys/{survey}/results", None, INSIDE),
    ("GET", "surveys/{survey}/results/export", None, INSIDE),
    ("PUT", "surveys/{survey}/follow-up", FOLLOW_UP, WRITE),
    ("GET", "satisfaction?subject_kind=POST&subject=poste-1", None, INSIDE),
    ("GET", "testimonies", None, INSIDE),
    ("POST", "testimonies", words_of("ACTION", "bus"), BRING),
    ("DELETE", "testimonies/{testimony}", None, WRITE),
    ("GET", "visits", None, EVERYONE),
    ("POST", "visits", {"commune": LABEGE, "planned_on": "2026-03-01"}, WRITE),
    ("POST", "visits/{visit}/report", REPORT, WRITE),
    ("POST", "visits/{visit}/cancel", {}, WRITE),
    ("GET", "tours", None, EVERYONE),
    ("GET", "tours/poste-1", None, EVERYONE),
    ("GET", f"areas/{LABEGE}/proof-pack", None, INSIDE),
    ("GET", f"areas/{LABEGE}/proof-pack/document", None, INSIDE),
    ("GET", "domains", None, INSIDE),
    ("GET", "domains/employment/proof-pack", None, INSIDE),
    ("GET", "domains/employment/proof-pack/document", None, INSIDE),
    ("GET", "contributions", None, EVERYONE),
    ("POST", "contributions", CONTRIBUTION, BRING),
    ("GET", "contributions/{contribution}", None, EVERYONE),
    ("DELETE", "contributions/{contribution}", None, BRING),
]
IDS = ("element", "survey", "testimony", "visit", "contribution")


async def ask(site, verb, what, body, headers):
    return await site.http.request(verb, site.address(what), json=body, headers=headers)


@pytest.mark.parametrize(
    ("verb", "what", "body", "roles"), ROUTES, ids=[f"{one[0]} {one[1]}" for one in ROUTES]
)
async def test_a_route_is_for_its_roles_in_its_coordination(
    site, elsewhere, verb, what, body, roles
):
    where = what.format(**dict.fromkeys(IDS, NOBODY))
    for role in sorted(EVERYONE):
        answer = await ask(site, verb, where, body, site.as_role(role, "sicoval"))
        if role in roles:
            assert answer.status_code != 403, f"{role}: {answer.text}"
            assert answer.status_code < 500, f"{role}: {answer.text}"
        else:
            refused(answer, 403, "E_ROLE")
        stranger = await ask(site, verb, where, body, elsewhere.as_role(role, "sicoval"))
        refused(stranger, 403, "E_ROLE")


async def test_what_one_coordination_has_another_does_not_see_change_or_cite(site, elsewhere):
    """The same ids are asked for in another coordination, by whoever may do all there."""
    element = await site.qualified()
    ids = {
        "element": element,
        "survey": await site.open_campaign(),
        "testimony": (await site.made("testimonies", words_of("ELEMENT", element)))["id"],
        "visit": (await site.made("visits", {"commune": LABEGE, "planned_on": "2026-03-01"}))["id"],
        "contribution": (await site.made("contributions", CONTRIBUTION))["items"][0]["id"],
    }
    before = [await site.read(what) for what in ("elements", "surveys", "testimonies", "visits")]
    for verb, what, body, _ in ROUTES:
        answer = await ask(elsewhere, verb, what.format(**ids), body, elsewhere.headers)
        if any(f"{{{name}}}" in what for name in IDS):
            refused(answer, 404, "E_UNKNOWN")
        elif verb == "GET" and answer.status_code == 200:
            assert not any(name in answer.text for name in ids.values()), what
    refused(await elsewhere.post("evidence", evidence("ELEMENT", element)), 404, "E_UNKNOWN")
    refused(await elsewhere.post("testimonies", words_of("ELEMENT", element)), 404, "E_UNKNOWN")
    after = [await site.read(what) for what in ("elements", "surveys", "testimonies", "visits")]
    assert after == before
