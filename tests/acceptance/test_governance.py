"""A stranger with one token founds a coordination, votes there, and proves the vote elsewhere."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.acceptance.conftest import Stack, run_ctin

SICOVAL = "243100633"
COLLEGES = {
    "PRIVATE": ("privé", 30),
    "DIGITAL_MEDIATION": ("médiation", 100),
    "INSTITUTIONAL": ("institutionnel", 30),
}
TODAY = datetime.now(UTC).date().isoformat()


class Stranger:
    """Knows the addresses and one token of the ready file, and nothing else."""

    def __init__(self, stack: Stack, role: str = "coordinator") -> None:
        self.stack, self.role = stack, role
        self.slug = f"essai-{uuid4().hex[:8]}"
        self.here = f"/v1/coordinations/{self.slug}"

    def _ask(self, verb: str, path: str, status: int, **options: Any) -> httpx.Response:
        answer = self.stack.ask("members", path, role=self.role, verb=verb, **options)
        assert answer.status_code == status, f"{verb} {path}: {answer.status_code} {answer.text}"
        return answer

    def get(self, path: str, status: int = 200) -> Any:
        return self._ask("GET", path, status).json()

    def post(self, path: str, body: object = None, status: int = 201) -> Any:
        return self._ask("POST", path, status, json=body).json()

    def members(self, college: str) -> list[dict[str, Any]]:
        """Every member of a college, page after page."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = self.get(f"{self.here}/members?college={college}&limit=200{cursor}")
            found += page["items"]
            if page["cursor"] is None:
                return found
            cursor = f"&cursor={page['cursor']}"


def members_file() -> bytes:
    """160 members as a spreadsheet saves them, and one line that is wrong."""
    lines = ["Organisme;Nom;Type;Collège;Depuis"]
    for word, count in COLLEGES.values():
        lines += [
            f"{word[:4]}-{n:03};Organisme {word} {n};ASSOCIATION;{word};2026-01-05"
            for n in range(count)
        ]
    lines.append("de-trop;Organisme de trop;ASSOCIATION;sénat;2026-01-05")
    return "\r\n".join(lines).replace("priv-", "prive-").replace("médi-", "med-").encode("cp1252")


@pytest.fixture(scope="module")
def stranger(stack: Stack) -> Stranger:
    """One that founded a coordination from an EPCI's code and imported its 160 members."""
    one = Stranger(stack)
    founded = one.post("/v1/coordinations", {"slug": one.slug, "siren": SICOVAL})
    assert len(founded["communes"]) == 36
    report = one._ask(
        "POST",
        f"{one.here}/imports/members",
        200,
        content=members_file(),
        headers={"Content-Type": "text/csv"},
    ).json()
    assert (report["read"], report["accepted"]) == (161, 160), report["refused"][:5]
    assert [(line["line"], line["column"]) for line in report["refused"]] == [(162, "college")]
    return one


def convene(stranger: Stranger) -> str:
    """Convene a session of all colleges and return its id."""
    starts = (datetime.now(UTC) + timedelta(days=20)).isoformat()
    body = {
        "title": "Comité des collèges",
        "starts_at": starts,
        "agenda": [{"title": "Un atelier par commune", "kind": "VOTE"}],
    }
    return stranger.post(f"{stranger.here}/sessions", body)["id"]


def ballots(members: list[dict[str, Any]], choice: str) -> list[dict[str, str]]:
    return [{"member": one["id"], "choice": choice} for one in members]


def test_a_stranger_votes_and_proves_it(stranger, tmp_path):
    private, mediation, institutional = (stranger.members(name) for name in COLLEGES)
    assert [len(one) for one in (private, mediation, institutional)] == [30, 100, 30]
    book = stranger.get(f"{stranger.here}/rule-books/model")
    model = {name: value for name, value in book.items() if value is not None}
    adopted = stranger.post(f"{stranger.here}/rule-books", {**model, "adopted_on": TODAY})
    session = convene(stranger)
    giver, holder = mediation[0]["id"], mediation[1]["id"]
    stranger.post(
        f"/v1/sessions/{session}/proxies", {"giver": giver, "holder": holder, "given_on": TODAY}
    )

    opened = stranger.post(
        f"{stranger.here}/resolutions",
        {
            "title": "Un atelier par commune",
            "text": "Ouvrir un atelier par commune.",
            "object": "PROPOSED_AWARD",
            "session": session,
            "rule_book": adopted["version"],
            "awards": [{"action": "atelier", "fund": "fonds", "amount_cents": 1_000_000}],
            "interested": [private[0]["organization"]],
        },
    )
    resolution = f"/v1/resolutions/{opened['id']}"
    assert opened["rule_book_sha256"] == adopted["sha256"]
    refused = stranger.post(f"{resolution}/ballots", ballots(private[:1], "for")[0], status=409)
    assert refused["code"] == "E_RECUSED", refused
    for cast in (
        ballots(private[1:19], "for") + ballots(private[19:26], "against"),
        ballots(mediation[1:60], "for")
        + ballots(mediation[60:80], "against")
        + ballots(mediation[80:90], "abstain"),
        ballots(institutional[:16], "for") + ballots(institutional[16:28], "against"),
        [{"member": giver, "choice": "for", "holder": holder}],
        ballots(institutional[:1], "against"),  # It changes its mind.
    ):
        told = stranger.post(f"{resolution}/ballots", cast)["items"]
        assert {one["status"] for one in told} == {"cast"}, told
    result = stranger.post(f"{resolution}/close", status=200)

    # 18 of 25, 60 of 80 and 15 of 28, of weights 2/5, 7/20 and 1/4: 36/125 + 21/80 + 15/112.
    assert (result["quorum"], result["adopted"], result["score"]) == (True, True, "4791/7000")
    assert stranger.get(f"{resolution}/result") == result
    assert stranger.post(f"{resolution}/close", status=200) == result
    late = stranger.post(f"{resolution}/ballots", ballots(private[1:2], "against")[0], status=409)
    assert late["code"] == "E_CLOSED"
    facts = stranger._ask("GET", f"{resolution}/facts", 200).text
    check(facts, result, tmp_path)
    the_simulator_agrees(facts, result)


def check(facts: str, result: dict[str, Any], folder) -> None:
    """Verify the facts apart from the services, then with one ballot changed."""
    file = folder / "facts.ndjson"
    file.write_text(facts)
    done = run_ctin("verify", "decision", str(file))
    assert done.returncode == 0, done.stderr
    assert result["score"] in done.stdout

    lines = [json.loads(line) for line in facts.splitlines()]
    cast = next(one for one in lines if one["type"].endswith("ballot_cast.v1"))
    changed = cast["data"]["ballots"][3]
    changed["choice"] = "against" if changed["choice"] == "for" else "for"
    file.write_text("".join(json.dumps(one) + "\n" for one in lines))
    done = run_ctin("verify", "decision", str(file))
    assert done.returncode == 1
    assert changed["member"] in done.stderr, done.stderr
    assert str(changed["seq"]) in done.stderr


def the_simulator_agrees(facts: str, result: dict[str, Any]) -> None:
    """Give `ctin tally` the case that the facts tell, and compare what it answers."""
    told = [json.loads(line) for line in facts.splitlines()]
    opened = told[0]["data"]
    roll = [one for fact in told for one in fact["data"].get("roll", [])]
    parts = [fact["data"] for fact in told if fact["type"].endswith("ballot_cast.v1")]
    cast = [one for part in parts for one in part["ballots"]]
    rule = {
        name: opened["rule_book"][name]
        for name in (
            "mode",
            "base",
            "empty",
            "quorum",
            "quorum_per_college",
            "threshold",
            "majority_of_colleges",
        )
    }
    case = {
        "colleges": {
            name: {"weight": weight} for name, weight in opened["rule_book"]["colleges"].items()
        },
        "members": [
            {"id": one["member"], "college": one["college"], "units": one["units"]} for one in roll
        ],
        "recused": [one["member"] for one in roll if one["recusal"]],
        "ballots": [
            {"seq": one["seq"], "member": one["member"], "choice": one["choice"]} for one in cast
        ],
        "rule": rule,
    }
    done = run_ctin("tally", text=json.dumps(case))
    assert done.returncode == 0, done.stderr
    counted = json.loads(done.stdout)
    assert {name: result[name] for name in counted} == counted


def test_the_same_list_again_changes_nothing(stranger):
    content = members_file()
    report = stranger._ask(
        "POST",
        f"{stranger.here}/imports/members",
        200,
        content=content,
        headers={"Content-Type": "text/csv"},
    ).json()
    assert (report["accepted"], report["unchanged"], len(report["refused"])) == (0, 160, 1)


def test_the_token_opens_what_it_founded_and_nothing_more(stack, stranger):
    other = Stranger(stack, "member")
    assert other.get(f"{stranger.here}/members", 403)["code"] == "E_ROLE"
    rest = stack.ask("funding", f"{stranger.here}/pool")
    assert rest.status_code == 403, (
        "the money of a coordination asks for a token of that coordination"
    )
    given = stranger.post("/v1/me/token", {"coordination": stranger.slug}, status=200)
    pool = httpx.get(
        f"{stack.ready['services']['funding']}{stranger.here}/pool",
        headers={"Authorization": f"Bearer {given['access_token']}"},
        trust_env=False,
        verify=stack.trust,
    )
    assert pool.status_code == 200, pool.text
