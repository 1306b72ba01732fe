"""Help that is no cash, what is asked of who dematerialises, and what an action is tagged with."""

import pytest

from tests.integration.funding.test_rules import must

PREMISES = {
    "funder": "region-occitanie",
    "kind": "premises",
    "what": "Salle de permanence (fictif)",
    "value_cents": 240_000,
    "method": "20 jours à 120 € de location habituelle",
    "received_on": "2026-05-18",
    "action": "bus",
}
ASKED = {
    "organisation": "Banque de la place (fictif)",
    "sector": "PRIVATE",
    "dematerialises": "Fermeture de guichets",
    "asked_on": "2026-03-02",
    "asked_cents": 1_000_000,
}


async def test_help_in_kind_has_a_value_and_is_never_cash(world):
    before = await world.get("pool")
    await must(world, "in-kind/salle", **PREMISES)
    await must(world, "in-kind/salle", **PREMISES)
    await must(world, "in-kind/agent", **{**PREMISES, "kind": "staff_time", "value_cents": 60_000})

    found = await world.get("in-kind", limit=1)

    assert found["value_cents_total"] == 300_000
    assert (found["items"][0]["id"], found["cursor"]) == ("agent", "agent")
    assert await world.get("pool") == before


async def test_a_fund_in_kind_is_tracked_by_stage_and_receives_no_cash(make_world):
    world = await make_world(custody="IN_KIND")
    await world.reach("available", 1_000)

    answer = await world.do("receive", 1)

    assert answer["code"] == "E_UNKNOWN"
    assert (await world.get("pool"))["received"] == 0


async def test_who_dematerialises_is_asked_and_each_answer_is_kept(world):
    await must(world, "solicitations/banque", **ASKED)
    promise = {"status": "promised", "answered_on": "2026-04-01", "amount_cents": 500_000}
    receipt = {**promise, "status": "received", "answered_on": "2026-06-01", "fund": "region"}
    await must(world, "solicitations/banque/answers/a2", **receipt)
    await must(world, "solicitations/banque/answers/a1", **promise)
    await must(world, "solicitations/banque/answers/a1", **promise)

    (found,) = (await world.get("solicitations"))["items"]

    assert found["dematerialises"] == "Fermeture de guichets"
    assert [(one["status"], one["amount_cents"]) for one in found["answers"]] == [
        ("promised", 500_000),
        ("received", 500_000),
    ]
    other = await world.put("solicitations/banque/answers/a1", {**promise, "amount_cents": 1})
    assert (other.status_code, other.json()["code"]) == (409, "E_DIFFERS")
    unknown = await world.put("solicitations/autre/answers/a1", promise)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "E_UNKNOWN")


TAGS = {
    "programme": "aap-2026",
    "instrument": "market",
    "procedure": "call_for_interest",
    "frameworks": ["CTG", "PEDT"],
    "lapses_on": "2026-12-31",
}
CASES = [
    ("funds/region/tags", TAGS, {"procedure": "call_for_projects"}),
    (
        "actions/bus/tags",
        {"nature": "operation", "delivery": "mandate", "frameworks": ["projet_de_territoire"]},
        {"delivery": "grant"},
    ),
    ("payees/transporteur/tags", {"sector": "PRIVATE"}, {"sector": "PUBLIC"}),
    (
        "payee-conventions/c1",
        {"payee": "transporteur", "signed_on": "2026-01-01", "ends_on": "2026-12-31"},
        {"ends_on": "2027-12-31"},
    ),
    (
        "proofs/facture",
        {
            "kind": "invoice",
            "amount_cents": 5,
            "issued_on": "2026-01-01",
            "agreement": "convention",
        },
        {"amount_cents": 6},
    ),
    ("in-kind/salle", PREMISES, {"value_cents": 1}),
    ("solicitations/banque", ASKED, {"asked_cents": 1}),
    (
        "funding-agreements/convention/schedule",
        {"ends_on": "2027-12-31", "report_due_on": "2028-06-30", "guaranteed": True},
        {"guaranteed": False},
    ),
]


@pytest.mark.parametrize(("path", "body", "changed"), CASES)
async def test_the_same_content_again_changes_nothing_and_another_is_refused(
    world, path, body, changed
):
    first, again = await world.put(path, body), await world.put(path, body)
    other = await world.put(path, {**body, **changed})

    assert (first.status_code, first.json()) == (200, again.json()), first.text
    assert body.items() <= first.json().items()
    assert (other.status_code, other.json()["code"]) == (409, "E_DIFFERS")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("funds/inconnu/tags", TAGS, "fund"),
        ("actions/bus/tags", {"nature": "operation", "owner": "inconnu"}, "owner"),
        ("payees/inconnu/tags", {"sector": "PRIVATE"}, "payee"),
        ("payee-conventions/c", {**CASES[3][1], "payee": "inconnu"}, "payee"),
        ("proofs/p", {**CASES[4][1], "agreement": "inconnue"}, "agreement"),
        ("in-kind/i", {**PREMISES, "funder": "inconnu"}, "funder"),
        ("funding-agreements/inconnue/schedule", CASES[7][1], "agreement"),
        (
            "claims/c",
            {
                "fund": "inconnu",
                "claimed_on": "2026-01-01",
                "proofs": [{"proof": "p", "eligible_cents": 1}],
            },
            "fund",
        ),
    ],
)
async def test_what_is_cited_exists(world, path, body, field):
    answer = await world.put(path, body)

    assert (answer.status_code, answer.json()["code"]) == (404, "E_UNKNOWN")
    assert answer.json()["errors"][0]["field"] == field
