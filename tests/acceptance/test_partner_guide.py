"""The guide's own examples, taken from its page and run as they are written."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from contracts.values import Role
from infra.cli.folder import DataFolder
from infra.cli.operator_token import token
from tests.acceptance.conftest import CTIN, Stack, publish, run_ctin, until
from tests.acceptance.signals import exposure
from tests.conftest import NODE, ROOT

GUIDE = (ROOT / "docs" / "partner-guide.md").read_text(encoding="utf-8")
CLIENT = "cpam-31.sicoval"


def examples(language: str) -> list[str]:
    """Return the examples of a language, in the order of the page."""
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def keys(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys that `ctin partner keys new` made, the public half for HTTP registered."""
    folder = tmp_path_factory.mktemp("partner") / "keys"
    made = run_ctin("partner", "keys", "new", str(folder))
    assert made.returncode == 0, made.stderr
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        "seed.nk": 0o600,
        "client.jwk": 0o600,
    }
    public = json.loads(made.stdout)
    assert "d" not in public["jwk"]
    answer = httpx.post(
        f"{stack.ready['services']['exchange']}/v1/partners/cpam-31/keys",
        json={"jwk": public["jwk"]},
        headers={"Authorization": f"Bearer {token(DataFolder(stack.data), Role.OPERATOR)}"},
        trust_env=False,
        verify=stack.trust,
    )
    assert answer.is_success, answer.text
    until(lambda: run_ctin("partner", "token", *told(stack, folder)).returncode == 0)
    return folder


def told(stack: Stack, keys: Path) -> list[str]:
    members = stack.ready["services"]["members"]
    return ["--keys", str(keys), "--members", members, "--client", CLIENT]


def environment(stack: Stack, keys: Path) -> dict[str, str]:
    services = stack.ready["services"]
    return {
        **os.environ,
        "PATH": f"{Path(CTIN).parent}:{os.environ['PATH']}",
        "KEYS": str(keys),
        "MEMBERS": services["members"],
        "EXCHANGE": services["exchange"],
        "CLIENT": CLIENT,
    }


def test_keys_are_never_written_over_and_list_shows_public_halves(keys: Path):
    again = run_ctin("partner", "keys", "new", str(keys))
    assert (again.returncode, "existe déjà" in again.stderr) == (1, True)
    shown = json.loads(run_ctin("partner", "keys", "list", str(keys)).stdout)
    assert shown["nkey"].startswith("U")
    assert "d" not in shown["jwk"]


def test_the_curl_example_sends_what_its_file_holds(stack: Stack, keys: Path, tmp_path: Path):
    (script,) = examples("sh")
    body = exposure(period="2016", area_code="31448")
    body.pop("type")
    event = {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "urn:ctin:institution:cpam-31",
        "type": "fr.ctin.signals.exposure_count.v1",
        "time": "2026-03-01T12:00:00Z",
        "data": body,
    }
    (tmp_path / "events.ndjson").write_text(json.dumps(event) + "\n", encoding="utf-8")

    def run() -> dict:
        done = subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=tmp_path,
            env=environment(stack, keys),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    answer = run()
    assert [(one["ce_id"], one["status"]) for one in answer["items"]] == [(event["id"], "kept")]
    assert run() == answer, "the same key, the same answer"
    path = f"/v1/coordinations/sicoval/signals/{body['signal_id']}"
    until(lambda: stack.ask("exchange", path).json()["status"] == "accepted")


def test_status_says_how_the_exchange_goes(stack: Stack, keys: Path):
    publish(stack, "cpam-31", [exposure(period="2015", area_code="31448")])
    named = ["--institution", "cpam-31", "--coordination", "sicoval"]
    exchange = ["--exchange", stack.ready["services"]["exchange"]]
    done = run_ctin("partner", "status", *told(stack, keys), *exchange, *named)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["institution"] == "cpam-31"
    assert found["accepted"] >= 1
    (own,) = found["exchanges"]["partners"]
    assert own["delays"]["decided"] >= 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"--client": "personne.sicoval"}, 1), ({"--members": "http://127.0.0.1:1"}, 3)],
    ids=["unknown-client", "away"],
)
def test_exit_codes_are_those_of_the_guide(stack: Stack, keys: Path, changed, code):
    arguments = told(stack, keys)
    for name, value in changed.items():
        arguments[arguments.index(name) + 1] = value
    done = run_ctin("partner", "token", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert f"| {code} |" in GUIDE


def test_the_python_examples_run(stack: Stack, tmp_path: Path):
    code = examples("python")[0]
    (tmp_path / "example.py").write_text(code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "example.py"), str(stack.institution("caf-31"))],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.startswith("kept "), done.stderr
    assert "E_SMALL" in done.stdout


def test_the_javascript_example_follows(stack: Stack, tmp_path: Path):
    code = examples("js")[0]
    (tmp_path / "example.mjs").write_text(code, encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(ROOT / "tests" / "node" / "node_modules")
    with subprocess.Popen(
        [NODE, "example.mjs", str(stack.institution("la-poste"))],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    ) as following:
        try:
            publish(stack, "cpam-31", [exposure(period="2014", area_code="31448")])
            assert following.stdout is not None
            seq, commune, _ = following.stdout.readline().split()
        finally:
            following.kill()
    assert int(seq) > 0
    assert re.fullmatch(r"\d{5}", commune)
