"""Two programs written from the guide alone, in two languages, join a running stack."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.conftest import Stack, until
from tests.acceptance.signals import exposure
from tests.conftest import NODE, ROOT

FOLDER = ROOT / "tests" / "acceptance" / "partners"
PROGRAMS = {
    "python": [sys.executable, str(FOLDER / "partner.py")],
    "javascript": [NODE, str(FOLDER / "partner.mjs")],
}
ENVIRONMENT = {**os.environ, "CTIN_NODE_MODULES": str(ROOT / "tests" / "node" / "node_modules")}


def run(command: list[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
        env=ENVIRONMENT,
    )


def written(folder: Path, signals: list[dict]) -> Path:
    path = folder / "signals.ndjson"
    path.write_text("".join(json.dumps(one) + "\n" for one in signals), encoding="utf-8")
    return path


@pytest.mark.parametrize("language", PROGRAMS)
def test_a_program_written_from_the_guide_publishes(stack: Stack, tmp_path: Path, language: str):
    year = {"python": "2017", "javascript": "2018"}[language]
    good = exposure(period=year, area_code="31402")
    small = exposure(period=f"{year}-01", area_code="31402", count=2)
    path = written(tmp_path, [good, small])
    folder = str(stack.institution("cpam-31"))
    done = run(PROGRAMS[language], "publish", folder, str(path), "--idle", "30")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["signal_id"], one["status"], one["code"]) for one in told] == [
        (good["signal_id"], "accepted", None),
        (small["signal_id"], "refused", "E_SMALL"),
    ], done.stderr
    assert done.returncode == 1
    again = run(PROGRAMS[language], "publish", folder, str(written(tmp_path, [good])))
    assert again.returncode == 0, again.stderr


@pytest.mark.parametrize(
    ("language", "institution", "year"),
    [("python", "la-poste", 2030), ("javascript", "caf-31", 2032)],
)
def test_a_program_written_from_the_guide_follows_and_resumes(
    stack: Stack, tmp_path: Path, language: str, institution: str, year: int
):
    state = tmp_path / "state.json"
    folder = str(stack.institution(institution))
    following = [*PROGRAMS[language], "follow", folder, str(state)]

    def reading(count: int):
        found = json.loads(state.read_text()) if state.exists() else {"areas": {}}
        area = found["areas"].get("31448", {"readings": {}})
        return (
            area["readings"].get(f"cpam-31/c2s/{count}/insured_person/commune")
            == f"{count:,}".replace(",", "\u202f")
            and found
        )

    first = subprocess.Popen(following, env=ENVIRONMENT)
    try:
        publish_one(stack, tmp_path, count=year)
        before = until(lambda: reading(year), 60)
    finally:
        first.kill()
        first.wait()
    publish_one(stack, tmp_path, count=year + 1)  # Nobody follows meanwhile.
    second = subprocess.Popen(following, env=ENVIRONMENT)
    try:
        after = until(lambda: reading(year + 1), 60)
    finally:
        second.kill()
        second.wait()
    assert after["applied"] > before["applied"]
    assert after["last_seq"] > before["last_seq"]


def publish_one(stack: Stack, folder: Path, *, count: int) -> None:
    signal_id = f"00000000-0000-4000-8000-00000000{count}"
    told = exposure(period=str(count), area_code="31448", count=count, signal_id=signal_id)
    path = written(folder, [told])
    done = run(PROGRAMS["python"], "publish", str(stack.institution("cpam-31")), str(path))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("language", PROGRAMS)
def test_a_key_on_a_foreign_subject_is_told_in_french(stack: Stack, tmp_path: Path, language: str):
    folder = tmp_path / "folder"
    folder.mkdir()
    own = json.loads((stack.institution("cpam-31") / "partner.json").read_text())
    own["institution"] = "caf-31"  # Another's name under its own key.
    (folder / "partner.json").write_text(json.dumps(own))
    path = written(tmp_path, [exposure(period="2019")])
    done = run(PROGRAMS[language], "publish", str(folder), str(path), "--idle", "20")
    assert done.returncode == 3
    assert re.search(r"[éèà]", done.stderr)


def test_the_python_example_of_the_guide_runs_as_written(stack: Stack, tmp_path: Path):
    guide = (ROOT / "docs" / "partner-guide.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", guide, re.DOTALL)
    assert code is not None
    (tmp_path / "example.py").write_text(code[1], encoding="utf-8")
    done = run([sys.executable, str(tmp_path / "example.py")], str(stack.institution("caf-31")))
    assert done.stdout.startswith("kept "), done.stderr
    assert "E_SMALL" in done.stdout
