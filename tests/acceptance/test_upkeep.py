"""Streams compared with tables, and made again, by the operator's own commands."""

import json

from tests.acceptance.conftest import Stack, publish, run_ctin, until
from tests.acceptance.signals import exposure
from tests.bench.main_job import diagnostics


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
    folder = str(stack.institution("la-poste"))

    def updated() -> bool:
        done = run_ctin("partner", "follow", "--once", "--credentials", folder)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        return any("2013" in json.dumps(one["data"]) for one in events)

    until(updated, 60)  # What partners read follows the stream by its numbers.


def shown(stack: Stack) -> dict[str, bytes]:
    """Every page of the diagnostic of a coordination, as it is answered."""
    found = {"map": stack.ask("diagnostics", "/v1/coordinations/sicoval/map").content}
    for point in json.loads(found["map"])["points"]:
        path = f"/v1/coordinations/sicoval/areas/{point['commune']}"
        found[point["commune"]] = stack.ask("diagnostics", path).content
    return found


async def test_the_diagnostic_folded_again_by_the_command_is_the_same_bytes(stack: Stack):
    before = shown(stack)
    folder = ("--data-dir", str(stack.data))
    done = run_ctin("rebuild", "diagnostics", "--coordination", "sicoval", *folder)
    told = json.loads(done.stdout)
    assert (done.returncode, told["coordination"], told["corrected"]) == (0, "sicoval", 0)
    assert told["figures"] > 50
    assert shown(stack) == before
    connection = await diagnostics(stack)
    await connection.execute(
        "UPDATE exposure_figures SET known_sum = known_sum + 1"
        " WHERE coordination = 'sicoval' AND commune = '31446' AND known_parts > 0"
    )
    await connection.close()
    assert shown(stack)["31446"] != before["31446"], "a wrong sum is seen"
    done = run_ctin("rebuild", "diagnostics", *folder)
    every = {one["coordination"]: one for one in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 1, "figures were not what signals fold to"
    assert every["sicoval"]["corrected"] > 0
    assert "sicoval" in done.stderr, "how far it is"

    def right() -> bool:
        now = shown(stack)
        aside = ("as_of", "as_of_seq", "updated_at")  # The update that tells it moves them.
        return all(
            {name: value for name, value in json.loads(now[page]).items() if name not in aside}
            == {name: value for name, value in json.loads(held).items() if name not in aside}
            for page, held in before.items()
        )

    until(right, 60)


def test_what_cannot_be_folded_again_is_said(tmp_path):
    done = run_ctin("rebuild", "stream", "--data-dir", str(tmp_path))
    assert (done.returncode, "service" in done.stderr) == (2, True)
    done = run_ctin("rebuild", "diagnostics", "--data-dir", str(tmp_path))
    assert (done.returncode, "Aucune pile" in done.stderr) == (3, True)


def test_a_stack_that_is_away_is_said(tmp_path):
    done = run_ctin("reconcile", "--data-dir", str(tmp_path))
    assert (done.returncode, "Aucune pile" in done.stderr) == (3, True)
