"""Frozen versions over HTTP: numbered, hashed, told, compared, and never changed."""

import asyncio
import csv
import hashlib
import io
import json
import re
from itertools import pairwise
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from contracts.events.diagnostics.versions import DiagnosticPublished
from contracts.verify import diagnostic as verifier
from infra.cli.main import main
from tests.integration.diagnostics.versions.conftest import AGREED, COMMUNES, World


def own_hash(version: dict) -> str:
    """Work a version's hash out as its documentation says, with the standard library."""
    bare = {name: value for name, value in version.items() if name != "hash"}
    text = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def of(version: dict, area: str, **about: str) -> list[dict]:
    return [
        one
        for one in version["elements"]
        if one["area"] == area and about.items() <= one["about"].items()
    ]


async def test_a_version_holds_what_is_known_with_source_period_status_and_hash(world):
    await world.counted({"area": "31113", "count": 120}, {"area": "31446", "count": "s"})
    await world.met({"area": "31113", "count": 40})
    made = await world.publish("Diagnostic 2026")
    version = await world.get("diagnostics/1")

    assert (version["number"], version["tier"], version["previous"]) == (1, "agreement", None)
    assert version["hash"] == made["hash"] == own_hash(version)
    assert version["changes"] is None
    assert [one["commune"] for one in version["areas"]] == sorted(COMMUNES)
    (count,) = of(version, "31113", measure="rsa_socle")
    assert (count["value"], count["status"], count["source"], count["period"]) == (
        120,
        "complete",
        AGREED,
        "2025",
    )
    assert (count["freshness"], count["confidence"]) == ("1.00", "1.00")
    (secret,) = of(version, "31446", measure="rsa_socle")
    assert (secret["value"], secret["status"], secret["confidence"]) == (None, "secret", "0.00")
    (absent,) = of(version, "31506", measure="rsa_socle")
    assert (absent["status"], absent["reading"]) == ("not_covered", "non diffusé à cette maille")
    (whole,) = of(version, "_all", measure="rsa_socle")
    assert (whole["value"], whole["status"]) == (120, "partial")
    assert whole["reading"] == "≥ 120, 1 compte masqué ; 2 communes sur 3"
    (need,) = of(version, "31113", problem="online_procedure")
    assert (need["value"], need["chapter"]) == (40, "needs")
    assert {one["source"] for one in version["sources"]} == {AGREED, need["source"]}


async def test_what_a_version_says_does_not_depend_on_the_order_it_was_learnt_in(
    running, bearer, world
):
    counts = [
        *({"area": f"31113010{n}", "count": 20 + n} for n in range(5)),
        {"area": "314460101", "count": "s"},
        {"area": "31506", "count": 77, "signal_id": uuid4(), "revision": 2},
    ]
    needs = [{"area": code, "count": 30} for code in COMMUNES for _ in range(3)]
    first = {**counts[-1], "revision": 1, "count": 60}
    other = World(running, bearer)
    await other.founded()
    await world.counted(first)
    await world.counted(*counts)
    await world.met(*needs)
    await other.met(*reversed(needs))
    for one in reversed(counts):
        await other.counted({**one, "signal_id": one.get("signal_id", uuid4())})
    told = []
    for place in (world, other):
        await place.publish()
        version = await place.get("diagnostics/1")
        told.append({name: version[name] for name in ("elements", "sources", "areas")})
    assert told[0] == told[1]


async def test_a_projection_folded_again_gives_the_same_version(world):
    await world.counted({"area": "31113", "count": 120}, {"area": "31446", "count": "s"})
    await world.met({"area": "31506", "count": 30})
    await world.publish()
    answer = await world.ask("rebuild", verb="POST", role="operator")
    assert answer.status_code == 200, answer.text
    await world.publish()
    first, second = [await world.get(f"diagnostics/{number}") for number in (1, 2)]
    assert first["elements"] == second["elements"]
    assert second["changes"] == {"appeared": 0, "gone": 0, "revised": 0, "status": 0, "areas": []}


async def test_a_version_never_changes_whatever_comes_after(world):
    await world.counted({"area": "31113", "count": 120})
    await world.publish()
    before = await world.ask("diagnostics/1")
    await world.counted({"area": "31113", "count": 500, "period": "2026"})
    await world.publish()
    assert (await world.ask("diagnostics/1")).content == before.content
    second = await world.get("diagnostics/2")
    assert second["previous"] == {"number": 1, "hash": before.json()["hash"]}
    assert second["changes"]["appeared"] > 0
    assert second["changes"]["areas"] == sorted(COMMUNES)


FORBIDDEN = (
    "UPDATE versions SET title = 'autre' WHERE coordination = $1",
    "UPDATE versions SET document = public_document WHERE coordination = $1",
    "DELETE FROM versions WHERE coordination = $1",
)


@pytest.mark.parametrize("statement", FORBIDDEN)
async def test_the_database_refuses_to_change_a_version(world, connection, statement):
    await world.counted({"area": "31113", "count": 120})
    await world.publish()
    with pytest.raises(asyncpg.RestrictViolationError, match="frozen"):
        await connection.execute(statement, world.coordination)


async def test_the_database_refuses_to_empty_versions_and_a_hash_that_is_not_its_document(
    world, connection
):
    with pytest.raises(asyncpg.RestrictViolationError, match="frozen"):
        await connection.execute("TRUNCATE versions")
    with pytest.raises(asyncpg.CheckViolationError):
        await connection.execute(
            "INSERT INTO versions VALUES ($1, 1, $2, 't', now(), $3, $3, 0, '{}', '{}')",
            world.coordination,
            uuid4(),
            "0" * 64,
        )


async def test_the_same_id_and_the_same_key_publish_once(world):
    named = str(uuid4())
    asked = {"json": {"title": "Diagnostic", "id": named}, "verb": "POST"}
    first, again = [await world.ask("diagnostics", **asked) for _ in range(2)]
    assert first.json() == again.json()
    other = {"title": "Autre titre", "id": named}
    refused = await world.ask("diagnostics", verb="POST", json=other)
    assert (refused.status_code, refused.json()["code"]) == (409, "E_DIFFERS")
    keyed = [await world.publish(headers={"Idempotency-Key": "un"}) for _ in range(2)]
    assert keyed[0] == keyed[1]
    assert keyed[0]["number"] == 2


async def test_versions_published_at_once_have_following_numbers(world):
    await world.counted({"area": "31113", "count": 120})
    made = await asyncio.gather(*(world.publish(f"Version {n}") for n in range(5)))
    assert sorted(one["number"] for one in made) == [1, 2, 3, 4, 5]
    versions = [await world.get(f"diagnostics/{number}") for number in range(1, 6)]
    for before, after in pairwise(versions):
        assert after["previous"] == {"number": before["number"], "hash": before["hash"]}


async def test_versions_are_listed_by_pages_the_latest_first(world):
    for number in range(3):
        await world.publish(f"Version {number + 1}")
    first = await world.get("diagnostics", params={"limit": 2})
    assert [one["number"] for one in first["items"]] == [3, 2]
    rest = await world.get("diagnostics", params={"limit": 2, "cursor": first["cursor"]})
    assert ([one["number"] for one in rest["items"]], rest["cursor"]) == ([1], None)


async def test_subscribers_are_told_number_hashes_and_changed_communes(world, connection):
    await world.counted({"area": "31113", "count": 120})
    await world.publish()
    await world.met({"area": "31446", "count": 60})
    made = await world.publish("Revue annuelle")
    rows = await connection.fetch(
        "SELECT subject, data FROM ev WHERE type = $1 AND aggregate = $2 ORDER BY version",
        DiagnosticPublished.TYPE,
        f"{world.coordination}/diagnostic",
    )
    first, second = (msgspec.json.decode(row["data"], type=DiagnosticPublished) for row in rows)
    assert rows[1]["subject"] == (
        f"pub.diagnostics.{world.coordination}._all.diagnostic_published.v1"
    )
    assert first.changed_areas == sorted(COMMUNES)
    assert second.changed_areas == ["31446"]
    assert (second.number, second.title) == (2, "Revue annuelle")
    assert (second.hash, second.public_hash) == (made["hash"], made["public_hash"])


async def test_a_yearly_review_tells_what_was_not_known_before_from_what_changed(world):
    counted = {"area": "31113", "count": 120, "signal_id": uuid4()}
    await world.counted(counted, {"area": "31446", "count": "s"})
    await world.publish()
    await world.counted({**counted, "count": 150, "revision": 2})
    await world.met({"area": "31113", "count": 30})
    await world.publish()
    found = await world.get("diagnostics/2/changes", params={"since": 1})
    by_kind = {one["kind"]: one for one in found["items"] if one["area"] == "31113"}
    assert (by_kind["revised"]["before"], by_kind["revised"]["after"]) == (120, 150)
    assert (by_kind["appeared"]["before"], by_kind["appeared"]["after"]) == (None, 30)
    assert found["not_known_before"] == ["needs : Besoins exprimés auprès des partenaires"]
    assert found["no_longer_known"] == []
    assert found["counts"]["revised"] == 2  # The commune, and the whole.
    one = await world.get("diagnostics/2/changes", params={"since": 1, "limit": 1})
    two = await world.get(
        "diagnostics/2/changes", params={"since": 1, "limit": 1, "cursor": one["cursor"]}
    )
    assert one["items"] + two["items"] == found["items"][:2]


async def test_what_is_not_there_or_out_of_order_is_refused_with_a_sentence(world):
    await world.publish()
    missing = await world.ask("diagnostics/7")
    assert (missing.status_code, missing.json()["code"]) == (404, "E_UNKNOWN")
    for since in (1, 2):
        late = await world.ask("diagnostics/1/changes", params={"since": since})
        assert (late.status_code, late.json()["errors"][0]["field"]) == (422, "since")
    assert (await world.ask("diagnostics/9/changes", params={"since": 1})).status_code == 404
    for number in ("0", "9999999999999999999999"):
        for path in ("", "/public.json", "/public.csv", "/changes?since=1"):
            assert (await world.ask(f"diagnostics/{number}{path}")).status_code in {400, 404}


async def test_a_coordination_without_communes_publishes_nothing(running, bearer):
    refused = await World(running, bearer).ask("diagnostics", verb="POST", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "E_EMPTY")


@pytest.mark.parametrize("role", ["observer", "member", "elected", "institution", "funder"])
async def test_only_a_coordinator_publishes(world, role):
    refused = await world.ask("diagnostics", verb="POST", json={}, role=role)
    assert (refused.status_code, refused.json()["code"]) == (403, "E_ROLE")


async def test_anyone_takes_the_public_tier_away_as_json_and_as_a_table(world):
    await world.counted({"area": "31113", "count": 123})
    await world.publish()
    version = (await world.ask("diagnostics/1/public.json", role="")).json()
    assert (version["tier"], version["rounded_to"]) == ("public", 5)
    assert version["hash"] == own_hash(version)
    answer = await world.ask("diagnostics/1/public.csv", role="")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == len(version["elements"])
    (row,) = [one for one in rows if one["territoire"] == "31113"]
    assert (row["valeur"], row["unité"], row["source"]) == ("125", "household", AGREED)
    assert (await world.ask("diagnostics/2/public.csv", role="")).status_code == 404


@pytest.fixture
def verify(tmp_path, capsys):
    """Return a function that runs `ctin verify diagnostic` on a text."""

    def run(text: str) -> tuple[int, str, str]:
        path = tmp_path / "version.json"
        path.write_text(text)
        code = main(["verify", "diagnostic", str(path)])
        return code, *capsys.readouterr()

    return run


async def test_a_stranger_verifies_a_version_with_the_command(world, verify):
    await world.counted({"area": "31113", "count": 120})
    await world.met({"area": "31446", "count": 60})
    await world.publish()
    for path, role in (("diagnostics/1", "coordinator"), ("diagnostics/1/public.json", "")):
        version = (await world.ask(path, role=role)).json()
        code, told, _ = verify(json.dumps(version, indent=2, ensure_ascii=False))
        assert code == 0
        assert version["hash"] in told


ALTERED = (
    (r'"value": 120', '"value": 121', "l'empreinte annoncée"),
    (r'"title": "[^"]*"', '"title": "Autre"', "l'empreinte annoncée"),
    (r'"threshold": 11', '"threshold": 11.0', "n'est pas entier"),
    (r'"number": 1', '"number": 1, "number": 1', "deux fois"),
    (r"\}\s*$", "", "n'est pas une version"),
)


@pytest.mark.parametrize(("pattern", "other", "said"), ALTERED)
async def test_a_version_that_was_altered_is_told_apart(world, verify, pattern, other, said):
    await world.counted({"area": "31113", "count": 120})
    await world.publish()
    text = json.dumps(await world.get("diagnostics/1"), indent=1, ensure_ascii=False)
    altered = re.sub(pattern, other, text, count=1)
    assert altered != text
    code, _, why = verify(altered)
    assert (code, said in why) == (1, True), why


def resealed(version: dict) -> bytes:
    return json.dumps({**version, "hash": own_hash(version)}).encode()


async def test_a_version_sealed_on_something_untrue_is_told_apart(world):
    await world.met({"area": "31113", "count": 60})
    await world.publish()
    version = await world.get("diagnostics/1")
    assert verifier.check(resealed(version))
    small = json.loads(json.dumps(version))
    small["elements"][0]["value"] = 4
    twice = {**version, "elements": version["elements"] * 2}
    fewer = {**version, "elements": version["elements"][:-1]}
    shown = json.loads(json.dumps(version))
    shown["elements"][0]["status"] = "secret"
    for wrong, said in ((small, "seuil"), (twice, "2 fois"), (fewer, "sources"), (shown, "montre")):
        with pytest.raises(verifier.Differs, match=said):
            verifier.check(resealed(wrong))
