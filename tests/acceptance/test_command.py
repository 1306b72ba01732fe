"""The command `ctin`: start, stop, start again, beside another, as anyone; the README's own words."""

import json
import os
import pwd
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.acceptance.conftest import CTIN, Stack, free_port_base, run_ctin, until
from tests.conftest import ROOT

THIN = "\u202f"
STOP_SECONDS_MAX = 10


def test_two_stacks_run_side_by_side_and_keep_their_data(stack: Stack, ground: Path):
    other = Stack(ground / "other é", base=free_port_base())
    other.start()
    try:
        assert {one["pid"] for one in other.processes().values()}.isdisjoint(
            one["pid"] for one in stack.processes().values()
        )
        before = other.ask("funding", "/v1/coordinations/sicoval/journal").text
        assert before
        assert other.stop() < STOP_SECONDS_MAX
        other.start()
        assert "déjà jouée" in other.log.read_text()
        assert other.ask("funding", "/v1/coordinations/sicoval/journal").text == before
        assert other.area("31446")["exposures"]
    finally:
        assert other.stop() < STOP_SECONDS_MAX
    assert {one["pid"] for one in other.processes_of_files().values()} == {None}


def test_a_process_that_dies_is_started_again_and_counted(stack: Stack):
    before = stack.processes()["roadmap"]
    os.kill(before["pid"], signal.SIGKILL)
    until(lambda: stack.processes()["roadmap"]["restarts"] == before["restarts"] + 1)
    until(lambda: stack.processes()["roadmap"]["health"]["status"] == "ready")


def test_the_ready_file_is_private_and_complete(stack: Stack):
    assert stack.ready_file.stat().st_mode & 0o077 == 0
    assert set(stack.ready["institutions"]) == {"caf-31", "cpam-31", "la-poste", "ccas-ramonville"}
    roles = {"coordinator", "secretary", "elected", "member", "funder", "data_officer"}
    assert set(stack.ready["tokens"]) == roles | {"referrer", "observer"}
    for one in stack.ready["institutions"].values():
        seed = Path(one["nkey_seed_file"])
        assert seed.stat().st_mode & 0o077 == 0
        assert set(one["durables"]) == {"answers", "updates"}


def test_a_service_stays_up_without_nats_and_says_so(ground: Path):
    alone = Stack(ground / "alone", base=free_port_base())
    alone.start()
    try:
        nats = alone.processes()["nats"]["pid"]
        os.kill(nats, signal.SIGSTOP)
        try:
            until(lambda: alone.ask("roadmap", "/health/ready").status_code == 503, 60)
            assert alone.ask("roadmap", "/health/live").status_code == 200
            sheets = "/v1/coordinations/sicoval/action-sheets"
            told = {
                "action": "sans-nats",
                "number": 77,
                "title": "Écrite sans NATS",
                "category": "ASSIST",
                "leads": ["caf-31"],
            }
            assert alone.ask("roadmap", sheets, verb="POST", json=told).status_code == 201
        finally:
            os.kill(nats, signal.SIGCONT)
        until(lambda: alone.ask("roadmap", "/health/ready").status_code == 200, 60)
    finally:
        alone.stop()


def test_usage_is_refused_with_two_and_what_is_away_with_three(tmp_path: Path):
    assert run_ctin("up", "--port-base", "12").returncode == 2
    assert run_ctin("nothing").returncode == 2
    assert run_ctin("status", "--data-dir", str(tmp_path / "none")).returncode == 3
    assert run_ctin("budget", "--data-dir", str(tmp_path / "none")).returncode == 3


def test_every_command_has_its_line_of_help():
    told = run_ctin("--help").stdout
    for command in ("up", "status", "partner", "budget", "scan", "verify"):
        assert re.search(rf"^ +{command} +\S", told, re.MULTILINE), command


def test_scan_finds_and_never_repeats():
    text = "rien ici\nécrire à zoe@example.org ou au 06 12 34 56 78\n"
    done = run_ctin("scan", text=text)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["kind"], one["line"]) for one in found] == [("EMAIL", 2), ("PHONE", 2)]
    assert done.returncode == 1
    assert "zoe" not in done.stdout
    assert run_ctin("scan", text="rien du tout\n").returncode == 0


def test_the_readme_s_first_command_runs_in_a_fresh_clone(ground: Path):
    clone = ground / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```console\n\$ (make run)\n(.*?)```", readme, re.DOTALL)
    assert block is not None
    base = free_port_base()
    environment = {**os.environ, "CTIN_PORT_BASE": str(base)}
    log = ground / "make-run.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            block[1].split(),
            cwd=clone,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    expected = block[2].replace("8400", str(base)).splitlines()
    try:
        until(lambda: expected[-1] in log.read_text() or process.poll() is not None, 600)
    finally:
        os.killpg(process.pid, signal.SIGINT)  # As a terminal does on Ctrl-C.
        process.wait(30)
    told = log.read_text()
    position = -1
    for line in expected:
        found = told.find(line, position + 1)
        assert found > position, f"{line!r} is not there, in order: {told[-3000:]}"
        position = found
    assert "Tout est arrêté." in told


def test_the_readme_s_second_command_is_what_runs_this_suite():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "```console\n$ make test\n```" in readme
    done = subprocess.run(
        ["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    halves = re.findall(r"-m pytest (\S+)$", done.stdout, re.MULTILINE)
    assert halves == ["tests/acceptance", "--ignore=tests/acceptance"]


def test_an_ordinary_user_runs_it_too(ground: Path):
    if os.geteuid() != 0:
        pytest.skip("the whole suite is run by an ordinary user")
    nobody = pwd.getpwnam("nobody")
    reachable = subprocess.run(
        ["sh", "-c", '"$0" --help', CTIN],
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        check=False,
        capture_output=True,
    )
    if reachable.returncode != 0:
        pytest.skip("the interpreter of this environment is closed to other accounts")
    folder = ground / "ordinary"
    folder.mkdir()
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    command = [CTIN, "up", "--demo", "--data-dir", str(folder / "data")]
    command += ["--port-base", str(free_port_base()), "--ready-file", str(folder / "ready.json")]
    process = subprocess.Popen(
        command,
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.DEVNULL,
    )
    try:
        until(lambda: (folder / "ready.json").exists() or process.poll() is not None, 120)
        assert process.poll() is None
    finally:
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert time.monotonic() - began < STOP_SECONDS_MAX
