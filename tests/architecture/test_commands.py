"""`make` and its locks: short, the same on every machine, naming no host."""

import json
import os
import re
import subprocess
import tomllib

import pytest

from tests.architecture import real_data_is_read
from tests.conftest import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = (
    "setup",
    "run",
    "test",
    "test-tls",
    "test-cluster",
    "check",
    "bench",
    "clean",
    "contracts",
    "lock",
)
RECIPES_MAX = 12


def test_every_command_has_a_recipe_of_one_line_at_most():
    recipes = re.findall(r"^\S[^=\n]*:.*\n((?:\t.*\n)*)", MAKEFILE, re.MULTILINE)
    assert all(one.count("\n") <= 1 for one in recipes)
    assert sum(bool(one) for one in recipes) <= RECIPES_MAX
    for target in TARGETS:
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), target


@pytest.mark.parametrize("target", TARGETS)
def test_a_command_can_be_shown_without_being_run(target):
    environment = {**os.environ, "MAKEFLAGS": ""}
    shown = subprocess.run(
        ["make", "-n", target],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env=environment,
    )
    assert shown.returncode == 0, shown.stderr


def empty_checkout(folder):
    """Put in `folder` what `make setup` starts from, with nothing to install."""
    (folder / "Makefile").write_text(MAKEFILE)
    (folder / "tests/node").mkdir(parents=True)
    for name in ("requirements-dev.lock", "pyproject.toml", "tests/node/package-lock.json"):
        (folder / name).write_text("")


def test_a_python_that_is_absent_or_too_old_is_said_in_one_sentence(tmp_path):
    empty_checkout(tmp_path)
    done = subprocess.run(
        ["make", "setup", "PYTHON=no-such-python"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "MAKEFLAGS": ""},
    )
    assert done.returncode != 0
    assert "Python 3.11 or later is needed; no-such-python is absent or older." in done.stderr


def test_a_python_without_virtual_environments_is_said_in_one_sentence(tmp_path):
    empty_checkout(tmp_path)
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n')
    python.chmod(0o755)
    done = subprocess.run(
        ["make", "setup", f"PYTHON={python}"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "MAKEFLAGS": ""},
    )
    assert done.returncode != 0
    assert "apt install python3-venv" in done.stderr


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_python_lock_holds_a_digest_of_everything_and_no_host(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "--index-url" not in text
    named = re.findall(r"^([a-z0-9._-]+)==.*\\$", text, re.MULTILINE)
    assert len(named) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) > 20


def test_the_services_lock_covers_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = set(
        re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    )
    asked = {re.match(r"[a-z0-9._-]+", one)[0] for one in project["dependencies"]}
    assert asked <= locked


def test_the_npm_lock_holds_exact_versions_and_no_host():
    package = json.loads((ROOT / "tests/node/package.json").read_text())
    text = (ROOT / "tests/node/package-lock.json").read_text()
    assert "://" not in text
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", one) for one in package["dependencies"].values())
    entries = json.loads(text)["packages"]
    assert entries[""]["dependencies"] == package["dependencies"]
    assert all("integrity" in entry for path, entry in entries.items() if path)


def test_ci_checks_then_tests_and_reads_real_data_where_it_is():
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    lines = script.read_text().splitlines()
    assert lines[-2:] == ["make check", "make test"]
    assert real_data_is_read.__name__ in script.read_text()


def test_a_skipped_test_on_real_data_fails_where_the_data_is(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        "@pytest.mark.real_data\n"
        "def test_a(): pytest.skip('no folder')\n"
        "def test_b(): pytest.skip('another reason')\n"
    )
    done = subprocess.run(
        [
            ROOT / ".venv/bin/python",
            "-m",
            "pytest",
            "-q",
            "-p",
            real_data_is_read.__name__,
            "-c",
            ROOT / "pyproject.toml",
            "--rootdir",
            tmp_path,
            tmp_path,
        ],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert "1 failed, 1 skipped" in done.stdout, done.stdout
