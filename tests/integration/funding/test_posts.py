"""Adviser posts over HTTP: their programmes as data, their history, and the public example."""

import tomllib

import pytest

from tests.conftest import ROOT

STATE = {"name": "État", "level": "STATE", "legal_nature": "PUBLIC_PERSON"}
HOLDERS = ("haute-garonne", "sicoval", "lyon", "lille", "strasbourg", "rhone", "la-rochelle")
EXAMPLE = [
    ("haute-garonne-sicoval", ["haute-garonne", "sicoval"], 60, 300_000_000),
    ("lyon", ["lyon"], 50, 250_000_000),
    ("lille", ["lille"], 32, 160_000_000),
    ("strasbourg", ["strasbourg"], 20, 100_000_000),
    ("rhone", ["rhone"], 15, 75_000_000),
    ("la-rochelle", ["la-rochelle"], 8, 40_000_000),
]
"""The public example: who holds, how many posts, how many cents."""


def programmes():
    """Return the programmes of the demonstration, by slug."""
    text = (ROOT / "infra/demo/adviser_programmes.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)["programmes"]
    return {one.pop("slug"): {**one, "funder": "etat"} for one in found}


@pytest.fixture
async def posts(world):
    """A world with the programmes of the demonstration and the bodies of the public example."""
    for path, body in (
        ("funders/etat", STATE),
        *((f"payees/{one}", {"name": one.title()}) for one in (*HOLDERS, "hub")),
        *((f"programmes/{slug}", body) for slug, body in programmes().items()),
    ):
        answer = await world.put(path, body)
        assert answer.status_code == 200, answer.text
    return world


def opening(**changed):
    """Return a post as it is opened, for the Sicoval unless told otherwise."""
    return {
        "programme": "conum-v2",
        "employer": "sicoval",
        "host": "haute-garonne",
        "deployer": "hub",
        "employer_kind": "LOCAL_AUTHORITY",
        "starts_on": "2024-01-15",
        **changed,
    }


async def must(world, path, **body):
    answer = await world.put(path, body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def opened(world, post="p1", **changed):
    return await must(world, f"posts/{post}", **opening(**changed))


def refused(answer):
    """Return status, code and field of a refusal whose sentence is one."""
    body = answer.json()
    assert body["detail"].endswith(".")
    return answer.status_code, body["code"], body["errors"][0]["field"]


async def test_the_public_example_reconciles_to_the_post_and_to_the_cent(posts):
    for slug, holders, count, cents in EXAMPLE:
        await must(
            posts,
            f"allocations/{slug}",
            programme="conum-v1",
            holders=[{"holder": one} for one in holders],
            posts=count,
            amount_cents=cents,
        )

    found = await posts.get("allocations")

    assert (found["posts_total"], found["amount_cents_total"]) == (185, 925_000_000)
    assert {one["per_post_cents"] for one in found["items"]} == {5_000_000}
    shared = next(one for one in found["items"] if one["id"] == "haute-garonne-sicoval")
    assert [(one["holder"], one["amount_cents"]) for one in shared["holders"]] == [
        ("haute-garonne", 150_000_000),
        ("sicoval", 150_000_000),
    ]


async def test_four_parties_of_a_post_are_told_apart(posts):
    found = await opened(posts)

    names = ("funder", "employer", "host", "deployer")
    assert [found[name] for name in names] == ["etat", "sicoval", "haute-garonne", "hub"]
    assert (found["state"], found["since"], found["ends_on"]) == (
        "VACANT",
        "2024-01-15",
        "2027-01-14",
    )
    assert (found["granted_cents"], found["return_by"]) == (4_250_000, "2024-07-15")
