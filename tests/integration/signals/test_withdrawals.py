"""What an institution sent, it may revise and take back, by NATS and by HTTP."""

from uuid import uuid4

import pytest

from tests.integration.conftest import until

WAYS = ("nats", "http")


@pytest.mark.parametrize("way", WAYS)
async def test_a_revision_replaces_the_figure_whether_it_is_more_or_less(territory, way):
    told = territory.signal(count=120)
    assert (await territory.deliver(way, told))["code"] is None
    for revision, count, reading in ((2, 40, "40"), (3, 900, "900"), (4, "s", None)):
        answer = await territory.deliver(way, {**told, "revision": revision, "count": count})
        assert answer["code"] is None
        assert await territory.reading() == [reading or "secret statistique"]
    late = await territory.deliver(way, {**told, "revision": 2, "count": 41})
    assert (late["code"], late["field"]) == ("E_REVISION", "revision")


@pytest.mark.parametrize("way", WAYS)
async def test_what_is_withdrawn_counts_no_more_and_partners_are_told(territory, way):
    kept, gone = territory.signal(count=50), territory.signal(measure="apl", count=70)
    for one in (kept, gone):
        assert (await territory.deliver(way, one))["code"] is None
    assert await territory.reading(measure="apl") == ["70"]
    answer = await territory.deliver(way, territory.withdrawal(gone))
    assert answer["code"] is None

    assert await territory.reading(measure="apl") == [], "nobody has any of it: it disappears"
    assert await territory.reading() == ["50"]

    async def last_told():
        figures = [
            one
            for update in await territory.updates()
            for one in update["exposures"]
            if one["measure"] == "apl"
        ]
        return figures and figures[-1]["status"] == "not_covered" and figures[-1]

    told = await until(last_told)
    assert (told["known"], told["reading"]) == (None, "non diffusé à cette maille")
    area = await territory.area()
    assert area["as_of"] is not None


async def test_a_commune_reads_not_covered_while_another_still_has_the_measure(territory):
    here, there = (territory.signal(area_code=code, count=80) for code in ("31113", "31446"))
    for one in (here, there):
        await territory.deliver("nats", one)
    await territory.deliver("nats", territory.withdrawal(here))
    assert await territory.reading("31113") == ["non diffusé à cette maille"]
    assert await territory.reading("31446") == ["80"]


@pytest.mark.parametrize("way", WAYS)
async def test_a_withdrawal_of_nothing_is_refused_and_twice_is_free(territory, way):
    told = territory.signal()
    unknown = await territory.deliver(way, territory.withdrawal(told))
    assert (unknown["code"], unknown["field"]) == ("E_UNKNOWN", "signal_id")
    await territory.deliver(way, told)
    other = await territory.deliver(way, territory.withdrawal(told, withdraws="reported_need"))
    assert other["code"] == "E_UNKNOWN", "it is of the other family"
    first = await territory.deliver(way, territory.withdrawal(told))
    again = await territory.deliver(way, territory.withdrawal(told))
    assert (first["code"], again["code"]) == (None, None)
    assert again["detail"] == "Déjà retiré : rien ne change."


@pytest.mark.parametrize("way", WAYS)
async def test_a_later_revision_fills_the_cell_again_and_an_old_one_does_not(territory, way):
    told = territory.signal(revision=3, count=60)
    await territory.deliver(way, told)
    early = await territory.deliver(way, territory.withdrawal(told, revision=2))
    assert (early["code"], early["field"]) == ("E_REVISION", "revision")
    assert await territory.reading() == ["60"]
    await territory.deliver(way, territory.withdrawal(told))
    for revision in (2, 3):
        late = await territory.deliver(way, {**told, "revision": revision})
        assert late["code"] == "E_REVISION"
        assert "retirées" in late["detail"]
    assert await territory.reading() == []
    await territory.deliver(way, {**told, "revision": 4, "count": 65})
    assert await territory.reading() == ["65"]


@pytest.mark.parametrize("way", WAYS)
async def test_a_reported_need_is_revised_and_withdrawn_too(territory, way):
    one, two = territory.need(count=4), territory.need(count=9)
    for told in (one, two):
        await territory.deliver(way, told)

    async def sums():
        return [need["count"] for need in (await territory.area())["needs"]]

    assert await sums() == [13]
    await territory.deliver(way, {**one, "revision": 2, "count": 1})
    assert await sums() == [10]
    moved = {**one, "revision": 3, "area_code": "31446"}
    await territory.deliver(way, moved)
    assert await sums() == [9]
    await territory.deliver(way, territory.withdrawal(two, purpose="need_follow_up"))
    assert await sums() == []


async def test_a_withdrawal_needs_the_right_that_the_signal_needed(territory):
    told = territory.signal()
    await territory.deliver("http", told)
    for changes, code in (
        ({"agreement": str(uuid4())}, "E_AGREEMENT"),
        ({"purpose": "elsewhere"}, "E_PURPOSE"),
        ({"withdraws": "all"}, "E_FIELD"),
        ({"comment": "plus rien"}, "E_TEXT"),
        ({"agreement": None}, "E_AGREEMENT"),
    ):
        answer = await territory.deliver("http", territory.withdrawal(told, **changes))
        assert answer["code"] == code, changes
    assert await territory.reading() == ["120"]


async def test_an_iris_withdrawn_leaves_the_sum_of_the_others(territory):
    parts = [
        territory.signal(area_kind="iris", area_code=f"31113010{n}", count=count)
        for n, count in ((1, 30), (2, "s"), (3, 25))
    ]
    for one in parts:
        await territory.deliver("http", one)
    assert await territory.reading() == ["≥ 55, 1 IRIS masqué"]
    await territory.deliver("http", territory.withdrawal(parts[1]))
    assert await territory.reading() == ["55"]
    area = await territory.area()
    known = {one["area_code"]: one["exposures"][0]["known"] for one in area["parts"]}
    assert known == {"311130101": 30, "311130103": 25}
