"""Alerts, and figures about how a coordination meets and decides."""

import asyncio
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.chassis import ids
from services.members.commands.definitions import tell_late_committees

PARIS = ZoneInfo("Europe/Paris")


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=PARIS)


async def tell(pool, at: datetime) -> None:
    """Look once at every committee, as the job does, at an instant of our choice."""
    async with pool.acquire() as connection:
        after = ("", "")
        while after:
            after = await tell_late_committees(
                connection, after=after, most=7, now=at, new_id=ids.new_id
            )


async def test_a_committee_that_missed_a_period_is_told_once_per_period(
    assembly, pool, facts_about
):
    """S1-23: a committee meets several times a year, or someone is told."""
    late = await assembly.committee("copil", meets_every_days=90, since=date(2031, 1, 1))
    await assembly.committee("calme", meets_every_days=400, since=date(2031, 1, 1))
    await assembly.committee("libre", since=date(2031, 1, 1))

    await tell(pool, noon("2031-04-01"))
    assert await facts_about(f"{assembly.slug}/{late}/rhythm") == []
    for day in ("2031-04-02", "2031-04-02", "2031-06-30"):
        await tell(pool, noon(day))
    await asyncio.gather(*(tell(pool, noon("2031-07-01")) for _ in range(3)))

    facts = await facts_about(f"{assembly.slug}/{late}/rhythm")
    assert [(one["type"], one["due_on"], one["missed_periods"]) for one in facts] == [
        ("committee_is_late", "2031-04-01", 1),
        ("committee_is_late", "2031-06-30", 2),
    ]
    for name in ("calme", "libre"):
        assert await facts_about(f"{assembly.slug}/{name}/rhythm") == []


async def test_alerts_name_late_committees_and_mandates_that_end(assembly):
    today = datetime.now(PARIS).date()
    committee = await assembly.committee(meets_every_days=30, since=today - timedelta(days=40))
    await assembly.committee("calme", meets_every_days=30, since=today - timedelta(days=30))
    member = assembly.members["PRIVATE"][0]
    ending, _ = await assembly.seat(member, until=today + timedelta(days=60))
    await assembly.seat(member, until=today + timedelta(days=61))
    coming = await assembly.convene(assembly.later(committee=committee))

    answer = (await assembly.get(assembly.at("alerts"))).json()
    first = (await assembly.get(f"{assembly.at('alerts')}?limit=1")).json()
    second = (
        await assembly.get(f"{assembly.at('alerts')}?limit=1&cursor={first['cursor']}")
    ).json()

    found = [(one["kind"], one["is_late"], one["days"]) for one in answer["items"]]
    assert found == [("COMMITTEE_IS_LATE", True, 10), ("MANDATE_ENDS", False, 60)]
    assert answer["items"][0]["committee"] == committee
    convened = (await assembly.get(coming)).json()["starts_at"]
    assert answer["items"][0]["convened_for"] == convened
    assert answer["items"][1]["seat"] == ending
    assert first["items"] + second["items"] == answer["items"]
    assert second["cursor"] is None


async def test_a_committee_that_met_is_late_no_more(assembly):
    today = datetime.now(PARIS).date()
    committee = await assembly.committee(meets_every_days=30, since=today - timedelta(days=400))
    address = await assembly.open(assembly.meeting(committee=committee))
    assert (await assembly.get(assembly.at("alerts"))).json()["items"][0]["days"] == 370

    await assembly.post(f"{address}/close")

    assert (await assembly.get(assembly.at("alerts"))).json()["items"] == []


async def test_lead_times_run_from_the_first_convocation_to_the_adoption(assembly):
    """S0-02: how long a decision takes, opinion by opinion, and the median."""
    today = datetime.now(PARIS).date()
    for days in (2, 10, 5):
        body = assembly.meeting()
        await assembly.open(body)
        await assembly.pool.execute(
            "UPDATE sessions SET convened_at = $2 WHERE session_id = $1",
            UUID(body["id"]),
            noon((today - timedelta(days=days)).isoformat()),
        )
        opinion = {"title": f"En {days} jours", "adopted_on": today.isoformat()}
        await assembly.post(assembly.at("opinions"), {**opinion, "session": body["id"]})
    alone = {"title": "Sans séance", "adopted_on": today.isoformat()}
    await assembly.post(assembly.at("opinions"), alone)

    answer = (await assembly.get(assembly.at("metrics/lead-times"))).json()

    assert [one["days"] for one in answer["items"]] == [2, 10, 5]
    assert (answer["count"], answer["median_days"]) == (3, 5)


async def test_a_second_call_takes_its_time_from_the_first(assembly):
    first = assembly.meeting(starts_at="2026-01-10T09:00:00Z")
    address = await assembly.open(first)
    await assembly.post(f"{address}/inquorate")
    second = assembly.meeting(starts_at="2026-01-20T09:00:00Z", first_call=first["id"], agenda=[])
    await assembly.open(second)
    await assembly.pool.execute(
        "UPDATE sessions SET convened_at = $2 WHERE session_id = $1",
        UUID(first["id"]),
        noon("2026-01-01"),
    )
    opinion = {"title": "Enfin", "adopted_on": "2026-01-21", "session": second["id"]}
    await assembly.post(assembly.at("opinions"), opinion)

    answer = (await assembly.get(assembly.at("metrics/lead-times"))).json()

    assert [one["days"] for one in answer["items"]] == [20]


async def test_attendance_tells_who_came_and_who_came_back_by_college(assembly):
    """S1-12, S1-14: attendance by college, and how many return naturally."""
    private, mediation, _ = assembly.members.values()
    for day, members in (
        ("2026-01-10", [*private[:3], *mediation[:2]]),
        ("2026-03-10", [*private[1:4], mediation[5]]),
    ):
        address = await assembly.open(assembly.meeting(starts_at=f"{day}T09:00:00Z"))
        await assembly.attend(address, *members)
        await assembly.post(f"{address}/close")
    cancelled = await assembly.convene(assembly.later())
    await assembly.post(f"{cancelled}/cancel", {"reason": "Neige"})

    first, second = (await assembly.get(assembly.at("metrics/attendance"))).json()["items"]

    assert (first["present"], first["retention"]) == (5, None)
    assert (second["present"], second["returned"], second["retention"]) == (4, 2, "2/5")
    found = {
        one["college"]: (one["roll"], one["present"], one["share"], one["retention"])
        for one in second["colleges"]
    }
    assert found == {
        "PRIVATE": (4, 3, "3/4", "2/3"),
        "DIGITAL_MEDIATION": (6, 1, "1/6", "0"),
        "INSTITUTIONAL": (5, 0, "0", None),
    }


async def test_figures_of_a_coordination_without_sessions_are_empty(assembly):
    lead = (await assembly.get(assembly.at("metrics/lead-times"))).json()
    came = (await assembly.get(assembly.at("metrics/attendance"))).json()

    assert lead == {"items": [], "count": 0, "median_days": None, "cursor": None}
    assert came == {"items": [], "cursor": None}
