"""A stranger goes from an invitation to a live system, is confined, rotates its keys and is cut."""

import json
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from contracts.partner import joining
from contracts.partner.credentials import load
from tests.acceptance.conftest import run_ctin, until

COUNT = "fr.ctin.signals.exposure_count.v1"
UPDATED = "fr.ctin.diagnostics.area_updated.v1"


def join(stack, parent: Path) -> tuple[str, Path]:
    """Register the keys of a new partner with the code of an invitation."""
    institution = f"inst-{uuid4().hex[:10]}"
    asked = {"institution": institution, "name": "Institution (fictive)"}
    invited = stack.ask("exchange", "/v1/invitations", verb="POST", json=asked)
    assert invited.status_code == 201, invited.text
    folder = parent / institution
    exchange = stack.ready["services"]["exchange"]
    done = run_ctin(
        *("partner", "register", "--credentials", str(folder)),
        *("--exchange", exchange, "--code", "-"),
        text=invited.json()["code"] + "\n",
    )
    assert done.returncode == 0, done.stderr
    return institution, folder


@pytest.fixture
def joined(stack, tmp_path):
    """A partner that registered its own keys with the code of an invitation."""
    return join(stack, tmp_path)


def token_of(folder: Path) -> str:
    """Return a token, as soon as the tokens' service was told of the key."""

    def given():
        try:
            return joining.token(load(folder))
        except joining.NotJoined:
            return None

    return until(given)


def status(folder: Path, token: str) -> dict:
    own = load(folder)
    answer = httpx.get(
        f"{own.exchange_url}/v1/partners/{own.institution}/status",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_developer_joins_with_a_code_and_shows_that_all_works(joined):
    _, folder = joined
    for secret in ("seed.nk", "client.jwk"):
        assert (folder / secret).stat().st_mode & 0o077 == 0
    token = token_of(folder)
    until(lambda: status(folder, token)["access"]["in_force"])

    done = run_ctin("partner", "conformance", "--credentials", str(folder))

    steps = {one["name"]: one["passed"] for one in map(json.loads, done.stdout.splitlines())}
    assert (done.returncode, steps) == (0, dict.fromkeys(steps, True)), done.stderr
    assert len(steps) == 10
    kept = status(folder, token)["access"]["conformance"]
    assert kept["passed"]
    assert {one["name"] for one in kept["steps"]} == set(steps)


def test_a_system_that_does_little_does_not_pass(stack, joined):
    institution, folder = joined
    token = token_of(folder)
    path = f"/v1/partners/{institution}/conformance-runs"
    headers = {"Authorization": f"Bearer {token}"}
    exchange = stack.ready["services"]["exchange"]
    run = httpx.post(f"{exchange}{path}", headers=headers).json()["run_id"]
    claimed = ("connected", "recovered", "good_signal_accepted", "personal_data_refused")
    body = {"steps": [{"name": name, "passed": True} for name in claimed]}

    ended = httpx.post(f"{exchange}{path}/{run}/end", headers=headers, json=body).json()

    passed = {one["name"] for one in ended["steps"] if one["passed"]}
    assert (ended["passed"], passed) == (False, {"connected", "recovered"})
    again = httpx.post(f"{exchange}{path}/{run}/end", headers=headers, json={"steps": []}).json()
    assert again == ended
    strangers = httpx.post(f"{exchange}{path}/{uuid4()}/end", headers=headers, json={"steps": []})
    assert strangers.status_code == 404


def sign(
    stack, institution: str, agreement: str, coordination: str = "sicoval", **changes: object
) -> None:
    """Sign an agreement by which an institution sends counts and is told updates."""
    body = {
        "id": agreement,
        "institution": institution,
        "reference": f"Convention {institution} (fictive)",
        "parties": [institution, "departement-31"],
        "legal_basis": "Mission d'intérêt public (fictif)",
        "purposes": ["shared_diagnostic"],
        "publishes": [COUNT],
        "receives": [UPDATED],
        "areas": ["_all"],
        "valid_from": "2020-01-01",
        "valid_until": "2100-12-31",
        **changes,
    }
    here = f"/v1/coordinations/{coordination}/agreements"
    answer = stack.ask("members", here, verb="POST", json=body)
    assert answer.is_success, answer.text
    path, asked = f"/v1/agreements/{agreement}/sign", {"signed_on": "2020-01-01"}
    answer = stack.ask("members", path, verb="POST", json=asked)
    assert answer.is_success, answer.text


def live(folder: Path, coordination: str = "sicoval") -> Path:
    """Return the same credentials for the coordination of the agreement."""
    document = json.loads((folder / "partner.json").read_text())
    own = folder / f"live-{coordination}"
    own.mkdir(exist_ok=True)
    document["coordination"] = coordination
    (own / "partner.json").write_text(json.dumps(document))
    return own


MONTHS = (f"20{year}-{month:02}" for year in range(10, 100) for month in range(1, 13))
"""Each once: a count of a month that has one already is another's to revise."""


def count(agreement: str, commune: str = "31446") -> str:
    """Return a count as a line."""
    return json.dumps(
        {
            "type": "exposure_count",
            "signal_id": str(uuid4()),
            "agreement": agreement,
            "purpose": "shared_diagnostic",
            "period": next(MONTHS),
            "area_kind": "commune",
            "area_code": commune,
            "measure": "demandeurs_emploi",
            "unit": "person",
            "count": 1_000,
        }
    )


def publish(folder: Path, line: str):
    return run_ctin("partner", "publish", "-", "--credentials", str(folder), "--wait", text=line)


def test_an_agreement_opens_its_coordination_and_its_end_closes_it(stack, joined):
    institution, folder = joined
    agreement = str(uuid4())
    there = live(folder)
    token = token_of(folder)
    early = publish(there, count(agreement))
    assert (early.returncode, "refuse ce sujet" in early.stderr) == (1, True)
    with pytest.raises(joining.NotJoined):
        joining.token(load(there))

    sign(stack, institution, agreement)
    until(lambda: status(folder, token)["access"]["live"])
    until(lambda: status(folder, token)["access"]["in_force"])
    done = publish(there, count(agreement))
    answers = [json.loads(line)["status"] for line in done.stdout.splitlines()]
    assert (done.returncode, answers) == (0, ["kept", "accepted"]), done.stdout + done.stderr
    followed = run_ctin("partner", "follow", "--limit", "1", "--credentials", str(there))
    assert json.loads(followed.stdout)["type"] == UPDATED
    live_token = token_of(there)

    path, why = f"/v1/agreements/{agreement}/end", {"reason": "Fin (fictive)"}
    assert stack.ask("members", path, verb="POST", json=why).is_success
    until(lambda: not status(folder, token)["access"]["live"])
    until(lambda: status(folder, token)["access"]["in_force"])
    late = publish(there, count(agreement))
    assert (late.returncode, "refuse ce sujet" in late.stderr) == (1, True)

    def closed():
        try:
            return not joining.token(load(there))
        except joining.NotJoined:
            return True

    until(closed)
    own = load(there)
    event = {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": f"urn:ctin:institution:{institution}",
        "type": COUNT,
        "time": "2026-01-01T00:00:00Z",
        "data": {k: v for k, v in json.loads(count(agreement)).items() if v and k != "type"},
    }
    answer = httpx.post(
        f"{own.exchange_url}/v1/signals",
        headers={
            "Authorization": f"Bearer {live_token}",
            "Content-Type": "application/cloudevents+json",
        },
        json=event,
    )
    assert [one["code"] for one in answer.json()["items"]] == ["E_AGREEMENT"]
