"""One euro through every kind of act, over HTTP, and what the journal says of it afterwards."""

import json

from contracts.verify import ledger


async def test_a_euro_walks_from_pledge_to_paid_by_every_kind_and_the_auditor_agrees(world):
    await world.reach("earmarked", 1_000)
    await world.must("release", 400)
    await world.must("award", 600)
    await world.must("withdraw_award", 100)
    hold = await world.must("commit", 500)
    await world.must("post", 400, pending_id=hold)
    await world.must("void", None, pending_id=await world.must("commit", 100))
    for kind in ("liquidate", "mandate", "receive", "pay"):
        await world.must(kind, 300)
    paid = (await world.acts_of_kind("pay"))[0]
    earmark = (await world.acts_of_kind("earmark"))[0]
    post = (await world.acts_of_kind("post"))[0]
    recall = await world.must("claw_back", 50, reverses=paid)
    await world.must("receive", 50, reverses=recall)
    await world.must("lapse", 40, reverses=post)
    await world.must("earmark", 25)
    await world.must("carry_over", 25, reverses=earmark)

    found = ledger.audit((await world.journal()).splitlines())

    assert isinstance(found, ledger.Audited), found
    assert await world.stages() == {"available": 550, "awarded": 100, "committed": 60, "paid": 250}
    figures = await world.get("pool")
    assert (figures["received"], figures["left"]) == (300, 550)
    assert figures["reached"]["committed"] == 400


async def test_the_journal_is_what_the_facts_told(world, pool):
    await world.send([world.act("pledge", cents) for cents in range(1, 302)])
    await world.must("notify", 300)

    lines = [json.loads(line) for line in (await world.journal()).splitlines()]
    rows = await pool.fetch(
        "SELECT data FROM ev WHERE aggregate = $1 ORDER BY version", f"{world.coordination}/ledger"
    )

    facts = [json.loads(row["data"]) for row in rows]
    assert [(fact["block"], fact["part"], fact["parts"]) for fact in facts] == [
        (1, 1, 2),
        (1, 2, 2),
        (2, 1, 1),
    ]
    told = [(fact["block"], one["id"], one["n"]) for fact in facts for one in fact["transfers"]]
    written = [(one["block"], one["id"], one["n"]) for one in lines if one["type"] == "transfer"]
    assert told == written
    blocks = [one for one in lines if one["type"] == "block"]
    assert [fact["hash"] for fact in facts] == [blocks[0]["hash"]] * 2 + [blocks[1]["hash"]]
    assert blocks[0]["prev"] == "0" * 64
    assert (blocks[0]["seq"], blocks[0]["n"], facts[2]["previous"]) == (1, 301, blocks[0]["hash"])


async def test_a_journal_longer_than_a_page_is_whole(world):
    acts = [world.act("pledge", 1) for _ in range(4_500)]
    await world.send(acts[:3_000])
    await world.send(acts[3_000:])

    found = ledger.audit((await world.journal()).splitlines())

    assert isinstance(found, ledger.Audited), found
    assert (found.blocks, found.transfers) == (2, 4_500)


async def test_a_journal_nothing_was_written_in_is_empty_and_sound(world):
    assert await world.journal() == b""
    assert isinstance(ledger.audit([]), ledger.Audited)


async def test_the_command_line_auditor_names_the_line_that_was_altered(world, tmp_path, capsys):
    await world.reach("available", 1_000)
    export = tmp_path / "journal.ndjson"
    export.write_bytes(await world.journal())
    assert ledger.main(export) == 0

    lines = export.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b'"amount_cents":1000', b'"amount_cents":999')
    export.write_bytes(b"".join(lines))

    assert ledger.main(export) == 1
    assert "de la ligne 3 à la ligne 3" in capsys.readouterr().err
