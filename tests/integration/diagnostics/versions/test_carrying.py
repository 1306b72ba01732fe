"""What a version hid or told stays so until it is revised, wherever it is read."""

from uuid import uuid4

import asyncpg
import msgspec
import pytest

from contracts.events.diagnostics import AreaUpdated
from contracts.events.signals import SignalFamily, SignalWithdrawn
from contracts.values import AreaKind

HERE = "31113"
AGES = ("under_30", "from_30_to_59", "from_60")
PARTY = {"role": "institution", "organization": "cpam-31"}
EPCI = "243100633"


class Counts:
    """The counts of an institution, revised as it goes."""

    def __init__(self, world) -> None:
        self.world = world
        self.ids = {}

    async def send(self, counts, **more) -> None:
        """Send counts by commune (or EPCI) and age; what was sent before is a revision of it."""
        sent = []
        for (area, age), count in counts.items():
            signal_id, revision = self.ids.get((area, age), (uuid4(), 0))
            self.ids[area, age] = signal_id, revision + 1
            told = {"age_band": age} if age else {}
            kind = {"area_kind": AreaKind.EPCI} if area == EPCI else {}
            named = {"signal_id": signal_id, "revision": revision + 1, **told, **kind, **more}
            sent.append(self.world.exposure(area, count, **named))
        await self.world.received(sent)

    async def ages(self, total, *counts) -> None:
        """Send an undivided count of the commune and its categories; None is not sent again."""
        told = dict(
            zip(((HERE, ""), *((HERE, age) for age in AGES)), (total, *counts), strict=True)
        )
        await self.send({key: count for key, count in told.items() if count is not None})


def by_age(figures) -> list[int | None]:
    told = {one["breakdown"].get("age_band", ""): one["known"] for one in figures}
    return [told.get(age) for age in ("", *AGES)]


async def page(world, **options) -> list[int | None]:
    """Read the counts of the commune by age, the undivided one first."""
    return by_age((await world.get(f"areas/{HERE}", **options))["exposures"])


async def version(world, number, **options) -> list[int | None]:
    """Read the same of a version."""
    found = await world.get(f"diagnostics/{number}", **options)
    told = {
        one["about"].get("age_band", ""): one["value"]
        for one in found["elements"]
        if one["area"] == HERE
    }
    return [told.get(age) for age in ("", *AGES)]


async def everywhere(world, number) -> list[list[int | None]]:
    """Read the counts of the commune as each page tells them to the party of an agreement."""
    sheet = await world.get(f"areas/{HERE}/sheet", **PARTY)
    told = {
        one["figure"]["about"].get("age_band", ""): one["figure"]["value"]
        for one in sheet["exposures"]
    }
    points = (await world.get("map", **PARTY))["points"]
    (shown,) = [one["value"] for one in points if one["commune"] == HERE]
    paged = await page(world, **PARTY)
    assert shown == paged[0]
    return [paged, await version(world, number, **PARTY), [told.get(a) for a in ("", *AGES)]]


@pytest.fixture
async def counts(world) -> Counts:
    await world.agreed("cpam-31")
    return Counts(world)


async def test_a_count_that_a_version_hid_stays_hidden_while_it_is_not_revised(world, counts):
    """By itself the second version would hide the last category, and tell the one before."""
    await counts.ages(100, "s", 40, 53)
    await world.publish()
    assert await everywhere(world, 1) == [[100, None, None, 53]] * 3
    await counts.ages(67, None, None, 20)
    assert await page(world, **PARTY) == [67, None, None, 20]
    await world.publish()
    assert await everywhere(world, 2) == [[67, None, None, 20]] * 3
    assert await version(world, 2, role="observer") == [65, None, None, 20]
    await counts.ages(80, None, 53, None)
    await world.publish()
    assert await everywhere(world, 3) == [[80, None, None, 20]] * 3, "revised, it would tell it"


async def test_what_a_version_told_is_not_hidden_in_vain_and_what_changed_is(world, counts):
    """By itself the second version would hide the category that the first one tells."""
    await counts.ages(100, 15, 40, 45)
    await world.publish()
    assert await everywhere(world, 1) == [[100, 15, 40, 45]] * 3
    await counts.ages(92, "s", None, None)
    assert await page(world, **PARTY) == [None, None, 40, 45]
    await world.publish()
    assert await everywhere(world, 2) == [[None, None, 40, 45]] * 3
    assert await page(world) == [92, None, 40, 45]


async def test_a_withdrawal_opens_nothing_that_a_version_hid(world, counts):
    await counts.ages(100, "s", 40, 53)
    await world.publish()
    signal_id, revision = counts.ids[HERE, AGES[2]]
    gone = SignalWithdrawn(
        signal_id=signal_id,
        revision=revision + 1,
        licence="lov2",
        purpose="shared_diagnostic",
        withdraws=SignalFamily.EXPOSURE_COUNT,
    )
    await world.received(
        [msgspec.structs.replace(world.exposure(HERE, 1), exposure=None, withdrawal=gone)]
    )
    await world.publish()
    assert await everywhere(world, 2) == [[100, None, None, None]] * 3


async def test_an_update_tells_a_partner_no_more_than_the_page(world, counts, connection):
    await counts.ages(100, "s", 40, 53)
    await world.publish()
    await counts.ages(67, None, 40, 20)
    held = await connection.fetch(
        "SELECT data FROM ev WHERE type = $1 ORDER BY seq", AreaUpdated.TYPE
    )
    updates = [msgspec.json.decode(one["data"]) for one in held]
    last = [o for o in updates if o["coordination"] == world.coordination and o["exposures"]][-1]
    assert by_age(last["exposures"])[:1] == [67]
    assert AGES[1] not in {
        one["breakdown"].get("age_band") for one in last["exposures"] if one["known"] is not None
    }


async def test_an_epci_that_grew_by_what_one_commune_hid_is_not_told_again(world, counts):
    """By itself it could be: two communes stay secret, which have more than the threshold."""
    small = {(code, ""): "s" for code in ("31113", "31446", "31506")}
    await counts.send({**small, (EPCI, ""): 24})
    await world.publish()

    async def told():
        (area,) = (await world.get(f"wider-areas/{EPCI}", **PARTY))["items"]
        return area["exposures"][0]["known"]

    assert await told() == 24
    await counts.send({("31506", ""): 30, (EPCI, ""): 47})
    assert await told() is None, "47 - 30 is 17: the third had 24 - 17"
    await world.publish()
    assert await told() is None
    await counts.send({("31113", ""): 20, ("31446", ""): 20, (EPCI, ""): 70})
    assert await told() == 70


async def test_nothing_changes_what_versions_told(world, counts, connection):
    await counts.ages(100, "s", 40, 53)
    await world.publish()
    for change in ("UPDATE told_counts SET counts = '[]'", "DELETE FROM told_counts"):
        with pytest.raises(asyncpg.RestrictViolationError, match="frozen"):
            await connection.execute(change)
