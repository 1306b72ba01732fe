"""The commands by which a partner's developer reads feeds, run as processes."""

import asyncio
import json
import sys

import pytest

from contracts.partner.feeds import Hole, follows
from tests.conftest import ROOT
from tests.integration.subscriptions.test_feeds import all_of


async def partner(exchange, institution, tmp_path, *arguments):
    """Run `ctin partner …` and return its exit code, output lines and error output."""
    token = tmp_path / "token"
    token.write_text(exchange.headers(institution)["Authorization"].removeprefix("Bearer "))
    doors = ["--exchange", exchange.url, "--token-file", str(token)]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "infra.cli.main", "partner", *arguments, *doors),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(40):
        out, err = await process.communicate()
    return process.returncode, [json.loads(line) for line in out.splitlines()], err.decode()


async def test_feeds_are_listed_replayed_and_followed(exchange, names, tmp_path):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination)
    await exchange.publish(coordination, "31113", 7)
    first = await all_of(exchange, institution, made["id"], 7)

    code, listed, _ = await partner(exchange, institution, tmp_path, "feeds")
    assert (code, [one["id"] for one in listed]) == (0, [made["id"]])
    asked = ("replay", made["id"], "--after", "2", "--until", "5")
    code, replayed, said = await partner(exchange, institution, tmp_path, *asked)
    assert (code, replayed) == (0, first[2:5])
    assert "3 événements relus" in said
    asked = ("follow", "--feed", made["id"], "--limit", "4")
    code, followed, _ = await partner(exchange, institution, tmp_path, *asked)
    assert (code, followed) == (0, first[:4])
    asked = ("follow", "--feed", made["id"], "--once")
    code, rest, _ = await partner(exchange, institution, tmp_path, *asked)
    assert (code, rest) == (0, first[4:])  # What was followed before is confirmed.


async def test_a_refusal_and_an_absence_have_their_exit_codes(exchange, names, tmp_path):
    institution, _ = names
    asked = ("replay", "019b76da-8000-7000-8a00-00000000ca01")
    code, _, said = await partner(exchange, institution, tmp_path, *asked)
    assert code == 1
    assert "Aucun abonnement" in said
    asked = ("feeds", "--exchange", "http://127.0.0.1:1")
    token = tmp_path / "token"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "infra.cli.main", "partner", *asked, "--token-file", str(token)),
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    _, err = await process.communicate()
    assert (process.returncode, "ne répond pas" in err.decode()) == (3, True)


def test_a_hole_is_seen_and_a_gap_notice_stands_for_its_numbers():
    one = {"type": "x", "data": {}}
    gap = {"type": "fr.ctin.exchange.gap.v1", "data": {"from_subseq": 3}, "subseq": 6}
    assert follows([{**one, "subseq": 2}, gap, {**one, "subseq": 7}], after=1) == 7
    with pytest.raises(Hole) as hole:
        follows([{**one, "subseq": 2}, {**one, "subseq": 4}], after=1)
    assert (hole.value.after, hole.value.before) == (2, 4)
