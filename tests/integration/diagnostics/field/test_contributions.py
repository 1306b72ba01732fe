"""Partners share strategies, elements, news and difficulties; others subscribe to them."""

import asyncio
from uuid import uuid4

import pytest

from tests.integration.diagnostics.field.site import (
    AUZEVILLE,
    ELSEWHERE,
    LABEGE,
    SHA,
    refused,
)

SUMMARY = "Accompagner les allocataires les plus éloignés du numérique (fictif)"


def document(**changed):
    """Return the body of a strategy."""
    return {
        "id": str(uuid4()),
        "kind": "STRATEGY",
        "organization": "caf-31",
        "title": "Stratégie d'inclusion numérique (fictive)",
        "summary": SUMMARY,
        "theme": "administrative_procedures",
        "communes": [LABEGE],
        "begins_on": "2026-01-01",
        "ends_on": "2028-12-31",
        "sha256": SHA,
        "size_bytes": 120_000,
        **changed,
    }


async def test_a_strategy_is_shared_versioned_and_told_without_its_summary(site):
    body = document()
    (first,) = (await site.made("contributions", body))["items"]
    assert (await site.made("contributions", body))["items"] == [first]
    second = {**body, "version": 2, "title": "Stratégie révisée (fictive)"}
    versions = (await site.made("contributions", second))["items"]

    assert [one["version"] for one in versions] == [1, 2]
    assert versions[0] == first, "a version never changes"
    assert (await site.read(f"contributions/{body['id']}"))["items"] == versions
    assert (await site.read("contributions"))["items"] == [versions[1]]
    facts = await site.facts_about(f"contribution/{body['id']}")
    assert [(one["type"], one["version"]) for one in facts] == [
        ("contribution_shared", 1),
        ("contribution_shared", 2),
    ]
    assert all(one["subject"].startswith("pub.diagnostics.") for one in facts)
    assert facts[0]["title"] == body["title"]
    assert not any("summary" in one for one in facts)


async def test_versions_follow_one_another(site):
    body = document()
    refused(await site.post("contributions", {**body, "version": 2}), 409, "E_DIFFERS", "version")
    assert (await site.read("contributions"))["items"] == []
    await site.made("contributions", body)
    for changed, field in (
        ({"title": "Autre"}, "version"),
        ({"version": 3}, "version"),
        ({"version": 2, "kind": "DIAGNOSTIC_ELEMENT"}, "id"),
        ({"version": 2, "organization": "cpam-31"}, "id"),
    ):
        answer = await site.post("contributions", {**body, **changed})
        refused(answer, 409, "E_DIFFERS", field)


async def test_the_same_document_shared_ten_times_at_once_is_told_once(site):
    body = document()
    answers = await asyncio.gather(*(site.post("contributions", body) for _ in range(10)))
    assert {one.status_code for one in answers} == {201}
    assert len(await site.facts_about(f"contribution/{body['id']}")) == 1


async def test_a_withdrawn_document_is_gone_and_its_subscribers_are_told(site):
    body = document()
    await site.made("contributions", body)
    address = site.address(f"contributions/{body['id']}")

    for _ in range(2):
        answer = await site.http.delete(address, headers=site.headers)
        assert answer.status_code == 204, answer.text

    assert (await site.read("contributions"))["items"] == []
    refused(await site.get(f"contributions/{body['id']}"), 404, "E_UNKNOWN", "id")
    refused(await site.post("contributions", {**body, "version": 2}), 409, "E_STATE", "id")
    told = [one["type"] for one in await site.facts_about(f"contribution/{body['id']}")]
    assert told == ["contribution_shared", "contribution_withdrawn"]
    kept = await site.pool.fetch(
        "SELECT v::text AS row FROM contribution_versions AS v WHERE coordination = $1",
        site.coordination,
    )
    assert kept == []


async def test_documents_are_found_by_kind_partner_theme_and_commune(site):
    strategy = document()
    news = {
        "id": str(uuid4()),
        "kind": "NEWS",
        "organization": "sicoval",
        "title": "Un bus numérique en mars (fictif)",
        "summary": "Il passe dans chaque commune.",
    }
    trouble = {**news, "id": str(uuid4()), "kind": "DIFFICULTY", "communes": [AUZEVILLE]}
    for body in (strategy, news, trouble):
        await site.made("contributions", body)

    async def listed(**kept):
        return {one["id"] for one in (await site.read("contributions", **kept))["items"]}

    assert await listed() == {strategy["id"], news["id"], trouble["id"]}
    assert await listed(kind="NEWS") == {news["id"]}
    assert await listed(organization="caf-31") == {strategy["id"]}
    assert await listed(theme="administrative_procedures") == {strategy["id"]}
    assert await listed(commune=AUZEVILLE) == {news["id"], trouble["id"]}, "news are of all"
    first = await site.read("contributions", limit=2)
    rest = await site.read("contributions", limit=2, cursor=first["cursor"])
    assert len(first["items"]) + len(rest["items"]) == 3


@pytest.mark.parametrize(
    ("changed", "status", "code", "field"),
    [
        ({"summary": "Joindre camille@exemple.test"}, 422, "E_PII", "summary"),
        ({"title": "Appeler le 0612345678"}, 422, "E_PII", "title"),
        ({"summary": "x" * 2001}, 400, "E_FIELD", "summary"),
        ({"sha256": None}, 422, "E_PROOF", "url"),
        ({"size_bytes": None}, 422, "E_PROOF", "url"),
        ({"theme": "fly"}, 422, "E_FIELD", "theme"),
        ({"communes": [ELSEWHERE]}, 422, "E_FIELD", "communes"),
        ({"communes": [LABEGE, LABEGE]}, 422, "E_FIELD", "communes"),
        ({"ends_on": "2025-12-31"}, 422, "E_FIELD", "ends_on"),
        ({"url": "http://exemple.test/"}, 400, "E_FIELD", "url"),
        ({"name": "x"}, 400, "E_FIELD", "name"),
    ],
)
async def test_a_document_that_does_not_fit_is_refused(site, changed, status, code, field):
    refused(await site.post("contributions", document(**changed)), status, code, field)
    assert (await site.read("contributions"))["items"] == []


async def test_a_partner_shares_and_withdraws_its_own_documents_alone(site):
    caf, cpam = site.as_role("institution", "caf-31"), site.as_role("institution", "cpam-31")
    body = document()
    await site.made("contributions", body, headers=caf)
    address = site.address(f"contributions/{body['id']}")
    refused(await site.http.delete(address, headers=cpam), 403, "E_ROLE", "organization")
    answer = await site.post("contributions", {**body, "version": 2}, cpam)
    refused(answer, 403, "E_ROLE", "organization")
    assert (await site.http.delete(address, headers=caf)).status_code == 204
    refused(
        await site.http.delete(site.address(f"contributions/{uuid4()}"), headers=caf),
        404,
        "E_UNKNOWN",
        "id",
    )
