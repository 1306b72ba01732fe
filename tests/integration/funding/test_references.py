"""Funders, funds, agreements and payees: written once, whatever is repeated."""

import asyncio

import pytest

FUNDER = {"name": "Commune de Ramonville", "level": "COMMUNE", "legal_nature": "PUBLIC_PERSON"}
FUND = {
    "name": "Budget participatif",
    "funder": "region-occitanie",
    "custody": "POOLED",
    "mode": "advance",
    "restriction": "soft",
    "valid_from": "2026-01-01",
    "valid_until": "2026-12-31",
    "ceiling_cents": 0,
}
AGREEMENT = {
    "fund": "region",
    "amount_cents": 100,
    "signed_on": "2026-03-06",
    "action": "bus",
    "reference": "FICTIF-1",
}
PAYEE = {"name": "Garage du canal (fictif)", "siren": "123456782"}
CASES = [
    ("funders/ramonville", FUNDER, {"name": "Une autre"}),
    ("funds/participatif", FUND, {"ceiling_cents": 1}),
    ("funding-agreements/019b76da-8000-7000-8c00-00000000fa01", AGREEMENT, {"action": None}),
    ("payees/garage", PAYEE, {"siren": None}),
]


@pytest.mark.parametrize(("path", "body", "changed"), CASES)
async def test_the_same_content_again_changes_nothing_and_another_is_refused(
    world, path, body, changed
):
    first, again = await world.put(path, body), await world.put(path, body)
    other = await world.put(path, {**body, **changed})

    assert (first.status_code, first.json()) == (200, again.json())
    assert first.json()["id"] == path.partition("/")[2]
    assert body.items() <= first.json().items()
    assert (other.status_code, other.json()["code"]) == (409, "E_DIFFERS")


async def test_a_fund_written_by_ten_at_once_is_written_once(world):
    answers = await asyncio.gather(*(world.put("funds/participatif", FUND) for _ in range(10)))

    assert {answer.status_code for answer in answers} == {200}
    assert len((await world.get("funds"))["items"]) == 2


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("funds/participatif", {**FUND, "funder": "inconnu"}, 404, "E_UNKNOWN"),
        ("funds/participatif", {**FUND, "valid_until": "2025-12-31"}, 400, "E_FIELD"),
        ("funds/participatif", {**FUND, "custody": "POCKET"}, 400, "E_FIELD"),
        ("funds/participatif", {**FUND, "extra": 1}, 400, "E_FIELD"),
        ("funds/Majuscule", FUND, 400, "E_FIELD"),
        ("funding-agreements/une", {**AGREEMENT, "fund": "inconnu"}, 404, "E_UNKNOWN"),
        ("funding-agreements/une", {**AGREEMENT, "amount_cents": 0}, 400, "E_FIELD"),
        ("payees/garage", {"name": "a\u0000b"}, 400, "E_FIELD"),
    ],
)
async def test_what_does_not_follow_the_contract_is_refused_with_its_code(
    world, path, body, status, code
):
    answer = await world.put(path, body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["errors"][0]["field"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("funders/ramonville", {**FUNDER, "siret": "35600000000049"}),
        ("payees/garage", {"name": "Garage", "siret": "35600000000049"}),
        ("payees/garage", {"name": "Garage", "siren": "123456782", "siret": "35600000000048"}),
    ],
)
async def test_a_siret_that_is_not_the_body_s_is_refused_before_it_is_published(world, path, body):
    answer = await world.put(path, body)

    assert (answer.status_code, answer.json()["code"]) == (422, "E_SIRET")
    assert answer.json()["errors"][0]["field"] == "siret"
    assert answer.json()["detail"].endswith(".")


async def test_a_siret_is_kept_with_its_body(world):
    body = {"name": "La Poste", "siren": "356000000", "siret": "35600000000048"}

    answer = await world.put("payees/la-poste", {**body, "rna": "W123456789"})

    assert answer.json() == {"id": "la-poste", **body, "rna": "W123456789"}


async def test_funds_are_read_page_by_page(world):
    for number in range(5):
        await world.put(f"funds/f{number}", FUND)

    first = await world.get("funds", limit=4)
    second = await world.get("funds", limit=4, cursor=first["cursor"])

    slugs = [one["id"] for one in first["items"] + second["items"]]
    assert slugs == ["f0", "f1", "f2", "f3", "f4", "region"]
    assert second["cursor"] is None
