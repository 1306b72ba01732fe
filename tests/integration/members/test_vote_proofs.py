"""The facts of a vote prove it: any change in them is seen, and named; a storm leaves one result."""

import asyncio
import copy
import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from contracts.verify import decision
from infra.cli.main import main
from tests.conftest import ROOT
from tests.integration.members.known_votes import Assembly, organization_of, seat_members
from tests.integration.members.test_votes import convene, give_proxy

STORM_MEMBERS = {"PRIVATE": 80, "DIGITAL_MEDIATION": 200, "INSTITUTIONAL": 120}
STORM_BALLOTS = 2_000
CLOSES_IN_SECONDS = 4.0


@pytest.fixture
async def facts(http, bearer, coordination, pool) -> list[dict[str, Any]]:
    """The facts of a vote with everything a vote may have."""
    made = Assembly(http, bearer("secretary", coordination), coordination)
    made.members = await seat_members(
        pool, coordination, {"PRIVATE": 3, "DIGITAL_MEDIATION": 4, "INSTITUTIONAL": 3}
    )
    await made.adopt(second_call={"days": 3, "quorum": "1/4"}, casting_vote=True)
    session = await convene(pool, coordination)
    (p, *_), (a, b, c, d), (i, j, k) = made.members.values()
    await give_proxy(pool, coordination, session, a, b)
    resolution = await made.open(
        session=session,
        chair=p,
        object="PROPOSED_AWARD",
        awards=[{"action": "bus", "fund": "etat", "amount_cents": 1}],
        interested=[await organization_of(pool, d)],
    )
    await made.cast(
        resolution,
        [
            {"member": a, "holder": b, "choice": "for"},
            {"member": b, "choice": "against"},
            {"member": b, "choice": "for"},
            {"member": p, "choice": "for"},
            {"member": made.members["PRIVATE"][1], "choice": "blank"},
            {"member": k, "choice": "against"},
        ],
    )
    await made.post(f"/v1/resolutions/{resolution}/recusals", {"member": k})
    await made.cast(
        resolution,
        [
            {"member": i, "choice": "for"},
            {"member": j, "choice": "abstain"},
            {"member": c, "choice": "against"},
        ],
    )
    result = await made.close(resolution)
    assert result["adopted"], result
    return [json.loads(line) for line in (await made.facts(resolution)).splitlines()]


def audit(facts: list[dict[str, Any]]) -> decision.Audited | decision.Difference:
    return decision.audit(json.dumps(one).encode() for one in facts)


def leaves(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value of a document that holds no other."""
    if isinstance(document, dict):
        for name, inner in document.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(document, list):
        for n, inner in enumerate(document):
            yield from leaves(inner, (*path, n))
    else:
        yield path


def changed(value: Any) -> Any:
    """Return another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if value is None:
        return "for"
    swaps = {"for": "against", "against": "for", "blank": "for", "abstain": "for"}
    return swaps.get(value) or (value[:-1] + ("0" if value[-1] != "0" else "1"))


def tampered(facts: list[dict[str, Any]], path: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Return the facts with one value changed."""
    copied = copy.deepcopy(facts)
    inside: Any = copied
    for part in path[:-1]:
        inside = inside[part]
    inside[path[-1]] = changed(inside[path[-1]])
    return copied


def forged(facts: list[dict[str, Any]], *, rule_book: bool = True) -> list[dict[str, Any]]:
    """Return the facts with every digest made again, as a forger who knows the rules would."""

    def sealed(previous: str, content: dict[str, Any]) -> str:
        bare = {name: value for name, value in content.items() if name != "digest"}
        text = json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(bytes.fromhex(previous) + text.encode()).hexdigest()

    made = [copy.deepcopy(one) for one in facts]  # One that is there twice is two.
    fact_head = entry_head = "0" * 64
    for step, one in enumerate(made, start=1):
        data = one["data"]
        if "step" not in data:
            continue
        data["step"] = step
        if rule_book and "rule_book" in data:
            text = json.dumps(data["rule_book"], sort_keys=True, separators=(",", ":"))
            data["rule_book_sha256"] = hashlib.sha256(text.encode()).hexdigest()
        for entry in (
            (*data.get("roll", []), *(data.get("ballots") or []))
            if not isinstance(data.get("ballots"), int)
            else ()
        ):
            entry["digest"] = entry_head = sealed(entry_head, entry)
        data["prev"] = fact_head
        data["digest"] = fact_head = sealed(fact_head, data)
    return made


async def test_the_facts_as_they_are_hold(facts):
    found = audit(facts)
    assert isinstance(found, decision.Audited), found
    assert found.ballots == 9
    assert audit(forged(facts)) == found, "the forger of these tests knows the rules"


async def test_any_value_that_is_changed_is_seen(facts):
    seen = 0
    for number, fact in enumerate(facts):
        for path in leaves(fact["data"]):
            found = audit(tampered(facts, (number, "data", *path)))
            assert isinstance(found, decision.Difference), (number, path)
            seen += 1
    assert seen > 200


async def test_any_value_changed_by_who_makes_the_digests_again_changes_the_last_one(facts):
    true = audit(facts)
    for number, fact in enumerate(facts):
        for path in leaves(fact["data"]):
            if path[-1] in {"digest", "prev", "step", "rule_book_sha256"}:
                continue
            found = audit(forged(tampered(facts, (number, "data", *path))))
            if isinstance(found, decision.Audited):
                assert found.digest != true.digest, (number, path)


async def test_a_forged_ballot_that_would_count_contradicts_the_result(facts):
    for number, fact in enumerate(facts):
        ballots = fact["data"].get("ballots")
        if not isinstance(ballots, list):
            continue
        for n, one in enumerate(ballots):
            found = audit(forged(tampered(facts, (number, "data", "ballots", n, "choice"))))
            replaced = one["seq"] == 2  # The same member voted again.
            void = one["seq"] == 6  # Its member left the roll.
            assert isinstance(found, decision.Audited) == (replaced or void), one


async def test_an_altered_ballot_is_named_with_its_member_and_its_number(facts):
    ballot = facts[2]["data"]["ballots"][3]
    found = audit(tampered(facts, (2, "data", "ballots", 3, "choice")))
    assert found.line == 3
    assert found.detail.startswith(f"le bulletin {ballot['seq']} du membre {ballot['member']}")


async def test_an_altered_unit_is_named_with_its_member(facts):
    voter = facts[0]["data"]["roll"][4]["member"]
    found = audit(tampered(facts, (0, "data", "roll", 4, "units")))
    assert found.line == 1
    assert found.detail.startswith(f"le votant {voter} a été modifié")


async def test_a_fact_that_is_dropped_doubled_or_moved_is_seen(facts):
    for n in range(len(facts)):
        less = facts[:n] + facts[n + 1 :]
        twice = [*facts[: n + 1], *facts[n:]]
        for other in (less, twice):
            assert isinstance(audit(other), decision.Difference), n
            renumbered = [{**one, "sequence": str(m)} for m, one in enumerate(other, start=1)]
            assert isinstance(audit(renumbered), decision.Difference), n
            assert isinstance(audit(forged(renumbered)), decision.Difference), n
    for n in range(len(facts) - 1):
        moved = [*facts[:n], facts[n + 1], facts[n], *facts[n + 2 :]]
        assert isinstance(audit(moved), decision.Difference), n


def voter_of(facts, member):
    return next(one for one in facts[0]["data"]["roll"] if one["member"] == member)


def a_member_votes_before_its_proxy(facts: list[dict[str, Any]]) -> None:
    ballots = facts[2]["data"]["ballots"]
    proxy, own = ballots[:2]
    own["member"] = proxy["member"]
    own["seq"], proxy["seq"] = 1, 2
    ballots[:2] = [own, proxy]


def a_proxy_is_turned(facts: list[dict[str, Any]]) -> None:
    ballot = facts[2]["data"]["ballots"][0]
    ballot["member"], ballot["holder"] = ballot["holder"], ballot["member"]


def its_college_changes(facts: list[dict[str, Any]]) -> None:
    voter_of(facts, facts[1]["data"]["giver"])["college"] = "PRIVATE"


def its_holder_is_recused(facts: list[dict[str, Any]]) -> None:
    voter_of(facts, facts[1]["data"]["holder"])["recusal"] = "INTERESTED"


def the_recused_votes(facts: list[dict[str, Any]]) -> None:
    facts[4]["data"]["ballots"][0]["member"] = facts[3]["data"]["member"]


def somebody_is_on_the_roll_twice(facts: list[dict[str, Any]]) -> None:
    roll = facts[0]["data"]["roll"]
    roll[1] = dict(roll[0])


def the_hour_was_past(facts: list[dict[str, Any]]) -> None:
    facts[0]["data"]["closes_at"] = facts[4]["data"]["cast_at"]


def puts(value: Any, *path: Any) -> Callable[[list[dict[str, Any]]], None]:
    """Return what puts a value in the facts, at the fact and under the names of `path`."""

    def put(facts: list[dict[str, Any]]) -> None:
        inside: Any = facts[path[0]]["data"]
        for part in path[1:-1]:
            inside = inside[part]
        inside[path[-1]] = value

    return put


RULES, BALLOT = (0, "rule_book"), (2, "ballots", 0)
SPOILT: list[tuple[Callable[[list[dict[str, Any]]], None], str]] = [
    (puts(0, *RULES, "proxies_max_per_holder"), "est de trop : son porteur en a 1, 0 au plus"),
    (its_college_changes, "passe d'un collège à un autre"),
    (puts(None, 0, "session_id"), "n'est d'aucune séance"),
    (a_proxy_is_turned, "aucune procuration"),
    (a_member_votes_before_its_proxy, "avait voté lui-même"),
    (the_recused_votes, "ce membre s'est déporté"),
    (its_holder_is_recused, "s'est déporté"),
    (puts(str(uuid4()), *BALLOT, "member"), "n'est pas sur la liste"),
    (puts(7, 2, "ballots", 5, "seq"), "le rang 6 est attendu"),
    (puts("maybe", *BALLOT, "choice"), "dit « maybe »"),
    (the_hour_was_past, "suit la clôture"),
    (puts("2020-01-01T00:00:00Z", 2, "cast_at"), "précède"),
    (puts("2020-01-01T00:00:00Z", 5, "closed_at"), "précède"),
    (puts("1/2", *RULES, "colleges", "PRIVATE"), "ne font pas 1"),
    (puts("1/4", *RULES, "threshold"), "sort de 1/2 à 1"),
    (puts(2, 0, "call"), "la convocation ne dit pas la précédente"),
    (somebody_is_on_the_roll_twice, "est inscrit deux fois"),
    (puts(11, 0, "roll_members"), "la liste annonce 11 votants"),
    (puts(9, 0, "roll_members"), "trop de votants"),
    (puts(0, 0, "roll", 0, "units"), "a 0 voix"),
    (puts("ELSEWHERE", 0, "roll", 0, "college"), "d'un collège sans poids"),
    (puts("1", 5, "result", "score"), "« score » vaut"),
    (puts(9, 5, "result", "colleges", "PRIVATE", "roll"), "« roll » vaut 9, 3 est recalculé"),
    (puts(1, 5, "result", "quorum"), "« quorum » vaut 1, true est recalculé"),
    (puts("for", 5, "casting_vote"), "la voix prépondérante"),
    (puts(8, 5, "ballots"), "la clôture annonce 8 bulletins, 9 sont là"),
    (puts([], 6, "awards"), "l'avis, « awards »"),
    (puts("2020-01-01", 6, "adopted_on"), "l'avis, « adopted_on »"),
    (puts(str(uuid4()), 2, "resolution_id"), "d'un autre vote"),
    (puts("2020-01-01T00:00:00Z", 3, "declared_at"), "précède"),
]


@pytest.mark.parametrize(("spoil", "said"), SPOILT)
async def test_what_no_vote_may_hold_is_said_even_with_right_digests(facts, spoil, said):
    spoil(facts)

    found = audit(forged(facts))

    assert isinstance(found, decision.Difference)
    assert said in found.detail


@pytest.mark.parametrize("name", ["specversion", "type", "subject", "sequence"])
async def test_an_envelope_that_is_another_is_seen(facts, name):
    for number in range(len(facts)):
        found = audit(tampered(facts, (number, name)))
        assert isinstance(found, decision.Difference), number


async def test_a_fact_that_follows_another_is_seen_even_under_its_own_digest(facts):
    data = facts[4]["data"]
    head, data["prev"] = data["prev"], "f" * 64
    bare = {name: value for name, value in data.items() if name != "digest"}
    text = json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    data["digest"] = hashlib.sha256(bytes.fromhex(head) + text.encode()).hexdigest()

    found = audit(facts)

    assert isinstance(found, decision.Difference)
    assert "ne suit pas l'empreinte" in found.detail


async def test_a_rule_book_under_the_hash_of_another_is_seen(facts):
    facts[0]["data"]["rule_book"]["proxies_max_per_holder"] = 9

    found = audit(forged(facts, rule_book=False))

    assert isinstance(found, decision.Difference)
    assert found.detail.startswith("le règlement a pour empreinte ")


async def test_the_command_says_yes_or_names_the_difference(facts, tmp_path, capsys):
    file = tmp_path / "FACTS.ndjson"
    file.write_text("".join(f"{json.dumps(one)}\n" for one in facts))

    assert main(["verify", "decision", str(file)]) == 0
    assert capsys.readouterr().out.startswith("Décision vérifiée : adoptée (ADOPTED), score ")
    wrong = tampered(facts, (2, "data", "ballots", 0, "choice"))
    file.write_text("".join(f"{json.dumps(one)}\n" for one in wrong))
    assert main(["verify", "decision", str(file)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("ligne 3 : le bulletin 1 du membre ")
    for text in ("", "nothing\n", "[]\n", '{"type": 1}\n', f"{json.dumps(facts[0])}\n"):
        file.write_text(text)
        assert main(["verify", "decision", str(file)]) == 1
        assert "Traceback" not in capsys.readouterr().err
    assert main(["verify", "decision", str(tmp_path / "absent")]) == 1


async def test_the_check_by_hand_of_the_guide_finds_the_last_digest(
    facts, tmp_path, monkeypatch, capsys
):
    (tmp_path / "FACTS.ndjson").write_text("".join(f"{json.dumps(one)}\n" for one in facts))
    monkeypatch.chdir(tmp_path)
    program = (ROOT / "docs/votes.md").read_text().partition("```python\n")[2].partition("```")[0]

    exec(program, {})

    assert f"facts {audit(facts).digest}\n" in capsys.readouterr().out


async def storm(assembly: Assembly, resolution: str) -> list[dict[str, Any]]:
    """Cast until the close, all at once: members vote again and again, some leave."""
    address = f"/v1/resolutions/{resolution}/ballots"
    everyone = assembly.everyone()
    choices = ("for", "against", "blank", "abstain", "for")
    answers: list[dict[str, Any]] = []

    async def answered(body: dict[str, Any]) -> httpx.Response:
        answer = await assembly.post(address, body)
        while answer.status_code == 503:  # As it says: the same ballot, in a moment.
            answer = await assembly.post(address, body)
        return answer

    async def vote(n: int) -> None:
        body = {
            "id": str(uuid4()),
            "member": everyone[n % len(everyone)],
            "choice": choices[(n * 7 + n // len(everyone)) % len(choices)],
        }
        said = [await answered(body)]
        if n % 5 == 0:  # A caller that lost its answer asks again.
            said.append(await answered(body))
        answers.extend({"http": one.status_code, "asked": body["id"], **one.json()} for one in said)

    async def leave(n: int) -> None:
        await assembly.post(f"/v1/resolutions/{resolution}/recusals", {"member": everyone[n * 40]})

    wave = 0
    while wave < STORM_BALLOTS or not any(one.get("code") == "E_CLOSED" for one in answers):
        votes = [vote(n) for n in range(wave, wave + 400)]
        await asyncio.gather(*votes, leave(wave // 400 % 10))
        wave += 400
    return answers


async def assert_one_result(assembly, pool, resolution, answers):
    """Check what a storm left: dense numbers, one result, the auditor's own."""
    closers = await asyncio.gather(*(assembly.close(resolution) for _ in range(5)))
    result = closers[0]
    assert all(one == result for one in closers)
    rows = await pool.fetch(
        "SELECT seq, ballot_id, cast_at FROM ballots WHERE resolution_id = $1 ORDER BY seq",
        UUID(resolution),
    )
    assert [row["seq"] for row in rows] == list(range(1, result["ballots"] + 1))
    kept = {str(row["ballot_id"]): row["seq"] for row in rows}
    taken = {one["asked"]: one["seq"] for one in answers if one["http"] == 201}
    assert taken == kept, "every ballot taken was answered, and none answered was lost"
    assert {one["http"] for one in answers} <= {201, 409}
    assert {one["code"] for one in answers if one["http"] == 409} <= {"E_CLOSED", "E_RECUSED"}
    found = decision.audit((await assembly.facts(resolution)).encode().splitlines())
    assert isinstance(found, decision.Audited), found
    assert (found.digest, found.ballots) == (result["digest"], len(rows))
    assert (found.adopted, found.score) == (result["adopted"], result["score"])
    told = await pool.fetchval(
        "SELECT count(*) FROM ev WHERE aggregate = $1 AND type LIKE '%resolution_closed%'",
        resolution,
    )
    assert told == 1
    return rows


@pytest.fixture
async def crowd(http, bearer, coordination, pool) -> Assembly:
    made = Assembly(http, bearer("secretary", coordination), coordination)
    made.members = await seat_members(pool, coordination, STORM_MEMBERS)
    await made.adopt(quorum_per_college=None)
    return made


async def test_a_storm_in_the_closing_second_leaves_one_result_that_the_auditor_finds(crowd, pool):
    now: datetime = await pool.fetchval("SELECT clock_timestamp()")
    closes_at = now + timedelta(seconds=CLOSES_IN_SECONDS)
    resolution = await crowd.open(closes_at=closes_at.isoformat())

    answers = await storm(crowd, resolution)

    assert "E_CLOSED" in {one.get("code") for one in answers}
    rows = await assert_one_result(crowd, pool, resolution, answers)
    assert rows, "some came in time"
    assert all(row["cast_at"] < closes_at for row in rows)


async def test_a_storm_around_a_close_by_hand_leaves_no_ballot_after_it(crowd, pool):
    resolution = await crowd.open()

    async def close_when_some_came() -> None:
        while True:
            found = (await crowd.get(f"/v1/resolutions/{resolution}")).json()
            if found["ballots"] > 500:
                await crowd.close(resolution)
                return

    answers, _ = await asyncio.gather(storm(crowd, resolution), close_when_some_came())

    await assert_one_result(crowd, pool, resolution, answers)
