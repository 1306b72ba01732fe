"""A risk that a figure reveals is qualified or refuted by the field, on evidence."""

import asyncio
from uuid import uuid4

import pytest

from tests.integration.diagnostics.field.site import (
    AUZEVILLE,
    ELSEWHERE,
    LABEGE,
    evidence,
    refused,
    risk,
    step,
)

FUTURE = "2099-01-01"


async def test_a_risk_goes_from_figure_to_finding_with_who_decided_and_on_what(site):
    element = await site.observed(communes=[LABEGE, AUZEVILLE])
    proof = await site.proven(element)

    surveyed = step("SURVEYED", decided_on="2026-02-20", evidence=[proof])
    found = step("QUALIFIED", evidence=[proof])
    await site.made(f"elements/{element}/steps", surveyed)
    await site.made(f"elements/{element}/actions", {"action": "bus-numerique"})
    told = await site.made(f"elements/{element}/steps", found)

    assert told["element"]["state"] == "QUALIFIED"
    assert told["element"]["state_label"] == "qualifié"
    assert told["element"]["changed_on"] == "2026-03-01"
    assert told["element"]["public_label"] == "Seniors"
    steps = [{name: one[name] for name in found} for one in told["steps"]]
    assert steps == [surveyed, found], "the history is kept, dated, with who decided"
    assert [one["id"] for one in told["evidence"]] == [proof]
    assert told["actions"] == ["bus-numerique"]
    assert told == await site.read(f"elements/{element}")

    (fact,) = await site.facts_about(f"element/{element}")
    assert fact["type"] == "element_qualified"
    assert fact["subject"].startswith("pub.diagnostics.")
    assert fact["finding"] == "QUALIFIED"
    assert fact["communes"] == [AUZEVILLE, LABEGE]
    assert fact["evidence_count"] == 1
    assert fact["actions"] == ["bus-numerique"]
    assert "title" not in fact


async def test_a_refuted_risk_is_told_too_and_stays_in_the_diagnostic(site):
    element = await site.qualified("REFUTED")

    (fact,) = await site.facts_about(f"element/{element}")
    assert fact["finding"] == "REFUTED"
    assert fact["subject"].split(".")[3] == f"c{LABEGE}"
    (kept,) = (await site.read("elements", state="REFUTED"))["items"]
    assert (kept["id"], kept["state_label"]) == (element, "écarté")


@pytest.mark.parametrize("asked", ["RISK_OBSERVED", "QUALIFIED", "REFUTED"])
async def test_a_risk_is_surveyed_before_any_finding(site, asked):
    element = await site.observed()
    proof = await site.proven(element)

    answer = await site.post(f"elements/{element}/steps", step(asked, evidence=[proof]))

    assert "enquêté" in refused(answer, 409, "E_STATE", "state")
    assert (await site.read(f"elements/{element}"))["steps"] == []


async def test_a_finding_is_final(site):
    element = await site.qualified()
    proof = await site.proven(element)
    for state in ("SURVEYED", "QUALIFIED", "REFUTED", "RISK_OBSERVED"):
        answer = await site.post(f"elements/{element}/steps", step(state, evidence=[proof]))
        assert "définitif" in refused(answer, 409, "E_STATE", "state")
    assert len(await site.facts_about(f"element/{element}")) == 1


async def test_steps_stand_on_evidence_that_is_attached_to_the_element(site):
    element, other = await site.observed(), await site.observed()
    foreign = await site.proven(other)
    address = f"elements/{element}/steps"

    refused(await site.post(address, step("SURVEYED")), 422, "E_PROOF", "campaign")
    answer = await site.post(address, step("SURVEYED", evidence=[foreign]))
    refused(answer, 422, "E_PROOF", "evidence")

    proof = await site.proven(element)
    await site.made(address, step("SURVEYED", decided_on="2026-02-20", evidence=[proof]))
    for finding in ("QUALIFIED", "REFUTED"):
        refused(await site.post(address, step(finding)), 422, "E_PROOF", "evidence")
    answer = await site.post(address, step("QUALIFIED", evidence=[proof, foreign]))
    refused(answer, 422, "E_PROOF", "evidence")


async def test_days_follow_one_another_and_have_come(site):
    element = await site.observed()
    proof = await site.proven(element)
    address = f"elements/{element}/steps"
    for day in ("2026-01-09", FUTURE):
        body = step("SURVEYED", decided_on=day, evidence=[proof])
        refused(await site.post(address, body), 422, "E_FIELD", "decided_on")
    refused(await site.post("elements", risk(observed_on=FUTURE)), 422, "E_FIELD", "observed_on")


async def test_the_same_again_answers_the_same_and_another_content_is_refused(site):
    body = risk()
    first = await site.made("elements", body)
    proof = evidence("ELEMENT", body["id"])
    await site.made("evidence", proof)
    onward = step("SURVEYED", evidence=[proof["id"]])
    moved = await site.made(f"elements/{body['id']}/steps", onward)

    assert await site.made(f"elements/{body['id']}/steps", onward) == moved
    again = await site.made("elements", body)
    assert again == moved, "an element that went on is still the one that was observed"
    assert again["element"] != first["element"]
    assert (await site.made("evidence", proof))["id"] == proof["id"]
    for address, changed in (
        ("elements", {**body, "title": "Autre"}),
        (f"elements/{body['id']}/steps", {**onward, "reason": "Autre"}),
        ("evidence", {**proof, "title": "Autre"}),
    ):
        refused(await site.post(address, changed), 409, "E_DIFFERS", "id")


async def test_an_idempotency_key_names_one_element(site):
    body = {name: value for name, value in risk().items() if name != "id"}
    headers = {**site.headers, "Idempotency-Key": "a"}
    first = await site.made("elements", body, headers=headers)
    again = await site.made("elements", body, headers=headers)
    assert first == again
    assert len((await site.read("elements"))["items"]) == 1


async def test_ten_steps_at_once_leave_one(site):
    element = await site.observed()
    proof = await site.proven(element)
    bodies = [step("SURVEYED", evidence=[proof]) for _ in range(10)]

    answers = await asyncio.gather(
        *(site.post(f"elements/{element}/steps", body) for body in bodies)
    )

    assert sorted(one.status_code for one in answers) == [201, *[409] * 9]
    assert len((await site.read(f"elements/{element}"))["steps"]) == 1


async def test_elements_are_listed_by_commune_state_problem_and_public(site):
    here = await site.observed(communes=[LABEGE, AUZEVILLE])
    there = await site.qualified(communes=[AUZEVILLE], public="young", problem="find_job")

    async def listed(**kept):
        return {one["id"] for one in (await site.read("elements", **kept))["items"]}

    assert await listed() == {here, there}
    assert await listed(commune=LABEGE) == {here}
    assert await listed(commune=AUZEVILLE) == {here, there}
    assert await listed(commune=AUZEVILLE, state="QUALIFIED") == {there}
    assert await listed(state="RISK_OBSERVED") == {here}
    assert await listed(public="young") == await listed(problem="find_job") == {there}
    pages, cursor = [], None
    while True:
        kept = {"limit": 1, **({"cursor": cursor} if cursor else {})}
        answer = await site.read("elements", commune=AUZEVILLE, **kept)
        pages += [one["id"] for one in answer["items"]]
        cursor = answer["cursor"]
        if cursor is None:
            break
    assert sorted(pages) == sorted([here, there])


async def test_coverage_tells_which_part_of_the_qualified_an_action_answers(site):
    assert (await site.read("elements/coverage"))["share"] is None
    answered, _ = await site.qualified(), await site.qualified()
    await site.qualified("REFUTED")
    risky = await site.observed()
    for element in (answered, risky, answered):
        await site.made(f"elements/{element}/actions", {"action": "atelier-mairie"})

    assert await site.read("elements/coverage") == {
        "observed": 1,
        "surveyed": 0,
        "qualified": 2,
        "refuted": 1,
        "answered": 1,
        "share": "1/2",
    }


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"communes": [ELSEWHERE]}, "E_FIELD", "communes"),
        ({"communes": [LABEGE, LABEGE]}, "E_FIELD", "communes"),
        ({"problem": "fly"}, "E_FIELD", "problem"),
        ({"public": "martians"}, "E_FIELD", "public"),
        ({"title": "Appeler le 06 12 34 56 78"}, "E_PII", "title"),
        ({"title": "Deux\nlignes"}, "E_FIELD", "title"),
        (
            {"figure": {**risk()["figure"], "reading": "camille@exemple.test"}},
            "E_PII",
            "figure.reading",
        ),
    ],
)
async def test_a_risk_that_does_not_fit_is_refused_and_nothing_is_kept(site, changed, code, field):
    refused(await site.post("elements", risk(**changed)), 422, code, field)
    assert (await site.read("elements"))["items"] == []


async def test_bodies_are_closed(site):
    element = await site.observed()
    for address, body in (
        ("elements", {**risk(), "name": "Camille"}),
        (f"elements/{element}/steps", {**step("SURVEYED"), "name": "Camille"}),
        (f"elements/{element}/actions", {"action": "bus", "name": "Camille"}),
        ("evidence", {**evidence("ELEMENT", element), "name": "Camille"}),
    ):
        refused(await site.post(address, body), 400, "E_FIELD", "name")


async def test_evidence_says_where_it_is_read_or_has_a_fingerprint(site):
    element = await site.observed()
    body = evidence("ELEMENT", element)
    for without in ("sha256", "size_bytes"):
        bare = {name: value for name, value in body.items() if name != without}
        refused(await site.post("evidence", bare), 422, "E_PROOF", "url")
    linked = {**body, "url": "https://exemple.test/etude.pdf"}
    del linked["sha256"], linked["size_bytes"]
    assert (await site.made("evidence", linked))["url"] == "https://exemple.test/etude.pdf"


async def test_evidence_is_about_something_of_here(site, elsewhere):
    foreign = await elsewhere.observed()
    for body, status, code, field in (
        (evidence("ELEMENT", foreign), 404, "E_UNKNOWN", "target.id"),
        (evidence("ELEMENT", "not-an-id"), 404, "E_UNKNOWN", "target.id"),
        (evidence("NEED", uuid4()), 404, "E_UNKNOWN", "target.id"),
        (evidence("ACTION", "bus", commune=ELSEWHERE), 422, "E_FIELD", "commune"),
        (evidence("ACTION", "bus", dated=FUTURE), 422, "E_FIELD", "dated"),
        (evidence("ACTION", "bus", title="Né le 12 mars 1950"), 422, "E_PII", "title"),
        (evidence("ACTION", "bus", url="https://a.test/0612345678"), 422, "E_PII", "url"),
    ):
        refused(await site.post("evidence", body), status, code, field)
    await site.made("evidence", evidence("ACTION", "bus", commune=LABEGE))
    own = await site.read("evidence", target_kind="ACTION", target="bus", commune=LABEGE)
    assert len(own["items"]) == 1
    assert (await site.read("evidence", commune=AUZEVILLE))["items"] == []


async def test_what_is_not_there_is_not_found(site):
    nobody = uuid4()
    refused(await site.get(f"elements/{nobody}"), 404, "E_UNKNOWN", "id")
    answer = await site.post(f"elements/{nobody}/steps", step("SURVEYED"))
    refused(answer, 404, "E_UNKNOWN", "id")
    answer = await site.post(f"elements/{nobody}/actions", {"action": "bus"})
    refused(answer, 404, "E_UNKNOWN", "id")
