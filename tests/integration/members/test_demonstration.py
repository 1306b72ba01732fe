"""The facts of the demonstration fit the bodies of the routes, and tell what they should."""

import csv
import tomllib
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import msgspec
import pytest

from infra.cli.demo.territory import cog_of
from services.members.app import create_app

DEMO = Path(__file__).parents[3] / "infra" / "demo"
SEAT = ("name", "kind", "college", "section", "siret")
AGREEMENT = [
    "id",
    "institution",
    "reference",
    "parties",
    "legal_basis",
    "health_data",
    "purposes",
    "publishes",
    "receives",
    "areas",
    "threshold",
    "valid_from",
    "valid_until",
    "retention_months",
]
LICENCE = ("producer", "label", "text", "vintage", "threshold", "institutions")
OPINION = ("id", "reference", "title", "adopted_on", "awards")
DECISION = ("id", "funder", "body", "reference", "decided_on", "enforceable_since", "awards")


def some(found, names):
    """Return the named facts as JSON has them."""
    kept = {name: found[name] for name in names if name in found}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in kept.items()
    }


@pytest.fixture(scope="module")
async def alone(make_database, settings):
    """Settings of a database where no other test described the demonstration's organisations."""
    return msgspec.structs.replace(settings, database_url=await make_database("members"))


@pytest.fixture(scope="module")
async def http(alone):
    app, service = create_app(alone)
    await service.start()
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://membres.test") as client:
        yield client
    await service.stop()


@pytest.fixture(scope="module")
async def pool(alone):
    async with asyncpg.create_pool(alone.database_url, min_size=0, max_size=2) as opened:
        yield opened


@pytest.fixture(scope="session")
def demo():
    return tomllib.loads((DEMO / "coordination.toml").read_text(encoding="utf-8"))


async def test_the_demonstration_is_told_whole_and_only_once(http, bearer, demo, pool):
    home = demo["coordination"]
    with (DEMO / home["territory"]["communes_file"]).open(encoding="utf-8") as file:
        communes = [row["code"] for row in csv.DictReader(file)]
    base = f"/v1/coordinations/{home['slug']}"
    sent = [
        (
            "/v1/coordinations",
            {
                **some(home, ("slug", "name")),
                **some(home["territory"], ("level", "siren")),
                "communes": communes,
            },
        )
    ]
    for one in demo["organizations"]:
        seat = {"organization": one["slug"], "effective_on": "2026-01-01", **some(one, SEAT)}
        if "predecessor" in one:
            seat["formerly"] = one["predecessor"]
        sent.append((f"{base}/members", seat))
    for one in demo["sharing_agreements"]:
        sent.append((f"{base}/agreements", some(one, AGREEMENT)))
        sent.append((f"/v1/agreements/{one['id']}/sign", some(one, ["signed_on"])))
    sent += [
        (f"{base}/licences", {"licence": one["slug"], **some(one, LICENCE)})
        for one in demo["licences"]
    ]
    sent += [(f"{base}/opinions", some(one, OPINION)) for one in demo["opinions"]]
    sent += [(f"{base}/funder-decisions", some(one, DECISION)) for one in demo["funder_decisions"]]

    for _ in range(2):
        for path, body in sent:
            answer = await http.post(path, json=body, headers=bearer())
            assert answer.is_success, (path, body, answer.text)
            assert answer.json().get("warnings", []) == []

    told = await pool.fetch(
        "SELECT split_part(type, '.', 4) AS fact, count(*) AS n FROM ev"
        " WHERE subject LIKE 'evt.members.' || $1 || '.%' GROUP BY 1",
        home["slug"],
    )
    assert {row["fact"]: row["n"] for row in told} == {
        "coordination_founded": 1,
        "member_confirmed": len(demo["organizations"]),
        "agreement_signed": len(demo["sharing_agreements"]),
        "licence_recorded": len(demo["licences"]),
        "opinion_adopted": len(demo["opinions"]),
        "funder_decision_recorded": len(demo["funder_decisions"]),
    }


async def test_the_territory_of_the_demonstration_is_founded_from_its_siren(http, bearer, demo):
    territory = demo["coordination"]["territory"]
    with (DEMO / territory["communes_file"]).open(encoding="utf-8") as file:
        communes = list(csv.DictReader(file))
    table = cog_of(territory, communes).encode()

    brought = await http.post("/v1/imports/cog", content=table, headers=bearer())
    asked = {"slug": f"c-{uuid4().hex[:12]}", "siren": territory["siren"]}
    founded = await http.post("/v1/coordinations", json=asked, headers=bearer())

    assert brought.json()["refused"] == []
    assert founded.status_code == 201, founded.text
    assert founded.json()["communes"] == sorted(row["code"] for row in communes)
    assert founded.json()["name"] == "CTIN – CA du Sicoval"
    assert founded.json()["level"] == "EPCI"
