"""Streams compared with tables, and made again, by the operator's own commands."""

import json

from tests.acceptance.conftest import Stack, publish, run_ctin
from tests.acceptance.signals import exposure


def rounds(stack: Stack, *arguments: str) -> list[dict]:
    done = run_ctin("reconcile", "--data-dir", str(stack.data), *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_stream_of_a_played_demonstration_holds_every_fact_once(stack: Stack):
    found = rounds(stack)
    streams = {one["stream"]: one for one in found}
    assert {"EVT_MEMBERS", "EVT_EXCHANGE", "PUB"} <= streams.keys()
    assert all((one["missing"], one["doubled"]) == (0, 0) for one in found), found
    assert streams["EVT_MEMBERS"]["found"] > 0


def test_a_stream_made_again_holds_the_same_facts_and_the_stack_goes_on(stack: Stack):
    (before,) = rounds(stack, "--service", "diagnostics")
    done = run_ctin("rebuild", "stream", "diagnostics", "--data-dir", str(stack.data))
    assert done.returncode == 0, done.stderr

    def whole() -> dict:
        (found,) = rounds(stack, "--service", "diagnostics")
        return found

    after = whole()
    assert after["found"] >= before["found"]
    assert (after["missing"], after["doubled"], after["strangers"]) == (0, 0, 0)
    publish(stack, "cpam-31", [exposure(period="2013", area_code="31448")])
    area = stack.area("31448")
    assert any(one["period"] == "2013" for one in area["exposures"]), "its consumers go on"


def test_a_stack_that_is_away_is_said(tmp_path):
    done = run_ctin("reconcile", "--data-dir", str(tmp_path))
    assert (done.returncode, "Aucune pile" in done.stderr) == (3, True)
