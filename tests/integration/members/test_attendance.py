"""Who is in the room, who votes for whom, and whether that is a quorum."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from tests.integration.members.assembly import refusal

TODAY = date.today


async def give(assembly, address, giver, holder, given_on="2026-01-05", **caller):
    body = {"giver": giver, "holder": holder, "given_on": given_on}
    return await assembly.post(f"{address}/proxies", body, **caller)


async def quorum(assembly, address, asked="?quorum=1/2&quorum_per_college=1/3"):
    answer = await assembly.get(f"{address}/quorum{asked}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_list_is_answered_item_by_item(assembly):
    address = await assembly.open()
    one, other = assembly.members["PRIVATE"][:2]
    others_seat, _ = await assembly.seat(other)
    over, _ = await assembly.seat(one, until=date(2025, 2, 1))
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    items = [
        {"member": one},
        {"member": one},
        {"member": str(uuid4())},
        {"member": one, "seat": others_seat},
        {"member": one, "seat": over},
        {"member": one, "person": str(uuid4())},
        {"member": other, "present_from": tomorrow},
        {"member": other, "left_at": tomorrow},
    ]

    answer = await assembly.post(f"{address}/attendances", {"items": items})

    found = [(one["status"], one["code"], one["field"]) for one in answer.json()["items"]]
    assert found == [
        ("recorded", None, None),
        ("exists", None, None),
        ("refused", "E_UNKNOWN", "member"),
        ("refused", "E_FIELD", "seat"),
        ("refused", "E_UNKNOWN", "seat"),
        ("refused", "E_UNKNOWN", "person"),
        ("refused", "E_FIELD", "present_from"),
        ("refused", "E_FIELD", "left_at"),
    ]
    assert [one["index"] for one in answer.json()["items"]] == list(range(8))
    assert all(one["detail"].endswith(".") for one in answer.json()["items"][2:])
    kept = (await assembly.get(f"{address}/attendances")).json()["items"]
    assert [one["member"] for one in kept] == [one]


async def test_a_substitute_counts_while_no_holder_is_in_the_room(assembly):
    """S1-04: someone always follows; a member never counts twice."""
    address = await assembly.open()
    member = assembly.members["PRIVATE"][0]
    holder, _ = await assembly.seat(member)
    substitute, person = await assembly.seat(member, rank="SUBSTITUTE")

    async def record(**item):
        items = {"items": [{"member": member, **item}]}
        (found,) = (await assembly.post(f"{address}/attendances", items)).json()["items"]
        return found["status"], found["rank"], found["counts"]

    assert await record(person=person) == ("recorded", "SUBSTITUTE", True)
    assert await record(seat=holder) == ("recorded", "HOLDER", True)
    assert await record(seat=substitute) == ("exists", "SUBSTITUTE", False)
    now = datetime.now(UTC).isoformat()
    assert await record(seat=holder, left_at=now) == ("recorded", "HOLDER", False)
    assert await record(seat=substitute) == ("exists", "SUBSTITUTE", True)
    counted = {
        one["college"]: one["present"] for one in (await quorum(assembly, address))["colleges"]
    }
    assert counted == {"PRIVATE": 1, "DIGITAL_MEDIATION": 0, "INSTITUTIONAL": 0}


async def test_one_that_left_and_came_back_has_both_its_stays(assembly):
    address = await assembly.open()
    member = assembly.members["PRIVATE"][0]
    now = datetime.now(UTC)
    came, left = (now - timedelta(hours=2)).isoformat(), (now - timedelta(hours=1)).isoformat()

    async def record(**item):
        items = {"items": [{"member": member, **item}]}
        (found,) = (await assembly.post(f"{address}/attendances", items)).json()["items"]
        return found["status"], found["code"]

    assert await record(present_from=came) == ("recorded", None)
    assert await record(present_from=came, left_at=left) == ("recorded", None)
    assert await record(present_from=came, left_at=left) == ("exists", None)
    assert await record(present_from=came, left_at=now.isoformat()) == ("refused", "E_DIFFERS")
    assert await record() == ("recorded", None)
    kept = (await assembly.get(f"{address}/attendances")).json()["items"]
    assert [one["left_at"] is None for one in kept] == [False, True]


async def test_attendances_are_read_page_by_page(assembly):
    address = await assembly.open()
    everyone = [one for members in assembly.members.values() for one in members]
    await assembly.attend(address, *everyone)

    found, cursor = [], ""
    while cursor is not None:
        page = (await assembly.get(f"{address}/attendances?limit=4{cursor}")).json()
        found += [one["member"] for one in page["items"]]
        cursor = page["cursor"] and f"&cursor={page['cursor']}"

    assert sorted(found) == sorted(everyone)


async def test_attendance_is_recorded_in_an_open_session_only(assembly):
    address = await assembly.convene(assembly.later())
    body = {"items": [{"member": assembly.members["PRIVATE"][0]}]}

    assert refusal(await assembly.post(f"{address}/attendances", body)) == (
        409,
        "E_STATE",
        "state",
    )


async def test_the_quorum_is_live_and_exact(assembly):
    private, mediation, institutional = assembly.members.values()
    address = await assembly.open()

    await assembly.attend(address, *private[:2], *mediation[:2], institutional[0])
    low = await quorum(assembly, address)
    await give(assembly, address, institutional[1], institutional[0])
    await give(assembly, address, mediation[5], mediation[0])
    high = await quorum(assembly, address)

    assert (low["score"], low["holds"]) == ("31/90", False)
    shares = {one["college"]: (one["share"], one["reached"]) for one in low["colleges"]}
    assert shares == {
        "PRIVATE": ("1/2", True),
        "DIGITAL_MEDIATION": ("1/3", True),
        "INSTITUTIONAL": ("1/5", False),
    }
    assert (high["score"], high["holds"]) == ("7/15", False)
    assert (await quorum(assembly, address, "?quorum=7/15&quorum_per_college=2/5"))["holds"]
    assert not (await quorum(assembly, address, "?quorum=8/15"))["holds"]


async def test_a_proxy_counts_while_its_holder_is_there_and_its_giver_is_not(assembly):
    giver, holder = assembly.members["PRIVATE"][:2]
    address = await assembly.open()
    await give(assembly, address, giver, holder)

    async def counted():
        (one,) = [
            one
            for one in (await quorum(assembly, address))["colleges"]
            if one["college"] == "PRIVATE"
        ]
        return one["present"], one["represented"]

    assert await counted() == (0, 0)
    await assembly.attend(address, holder)
    assert await counted() == (1, 1)
    await assembly.attend(address, giver)
    assert await counted() == (2, 0)


async def test_a_quorum_above_one_or_of_another_form_is_refused(assembly):
    address = await assembly.open()

    above = await assembly.get(f"{address}/quorum?quorum=3/2")
    badly = await assembly.get(f"{address}/quorum?quorum=half")

    assert refusal(above) == (422, "E_FIELD", "quorum")
    assert refusal(badly)[:2] == (400, "E_FIELD")


async def test_a_committee_counts_the_members_that_sit_in_it(assembly):
    committee = await assembly.committee()
    sitting = assembly.members["PRIVATE"][0]
    guest = assembly.members["PRIVATE"][1]
    await assembly.seat(sitting, committee)
    address = await assembly.open(assembly.meeting(committee=committee))

    answers = await assembly.attend(address, sitting, guest)

    assert [one["counts"] for one in answers] == [True, False]
    found = await quorum(assembly, address)
    assert [(one["roll"], one["present"]) for one in found["colleges"]] == [(0, 0), (0, 0), (1, 1)]


async def test_the_roll_is_that_of_the_opening(assembly):
    address = await assembly.open()
    await assembly.fill({"PRIVATE": 3})

    found = await quorum(assembly, address)

    assert [one["roll"] for one in found["colleges"]] == [6, 5, 4]


async def test_a_proxy_is_told_once_and_revoked_once(assembly, facts_about):
    giver, holder, other = assembly.members["PRIVATE"][:3]
    address = await assembly.convene(assembly.later())

    first, again = [await give(assembly, address, giver, holder) for _ in range(2)]
    elsewhere = await give(assembly, address, giver, other)
    revoked = [await assembly.post(f"{address}/proxies/{giver}/revoke") for _ in range(2)]
    given = await give(assembly, address, giver, other)

    assert first.json() == again.json()
    assert refusal(elsewhere) == (409, "E_DIFFERS", "giver")
    assert revoked[0].json() == revoked[1].json()
    assert revoked[0].json()["revoked_at"] is not None
    assert (given.status_code, given.json()["holder"]) == (201, other)
    facts = await facts_about(address.rpartition("/")[2])
    assert [(one["type"], one["holder"]) for one in facts[1:]] == [
        ("proxy_given", holder),
        ("proxy_revoked", holder),
        ("proxy_given", other),
    ]
    listed = (await assembly.get(f"{address}/proxies")).json()["items"]
    assert listed == [given.json()]


async def test_three_proxies_at_once_to_one_holder_make_two(assembly):
    holder, *givers = assembly.members["DIGITAL_MEDIATION"]
    for _ in range(5):
        address = await assembly.convene(assembly.later())

        answers = await asyncio.gather(
            *(give(assembly, address, giver, holder) for giver in givers[:3])
        )

        assert sorted(answer.status_code for answer in answers) == [201, 201, 422]
        assert len((await assembly.get(f"{address}/proxies")).json()["items"]) == 2


async def test_two_members_that_give_to_each_other_at_once_make_one_proxy(assembly):
    one, other = assembly.members["PRIVATE"][:2]
    for _ in range(5):
        address = await assembly.convene(assembly.later())

        answers = await asyncio.gather(
            give(assembly, address, one, other), give(assembly, address, other, one)
        )

        assert sorted(answer.status_code for answer in answers) == [201, 422]


async def test_a_proxy_outside_the_rules_is_refused(assembly):
    private, mediation, _ = assembly.members.values()
    address = await assembly.convene(assembly.later())
    await give(assembly, address, private[0], private[1])
    await give(assembly, address, private[2], private[1])
    tomorrow = (TODAY() + timedelta(days=2)).isoformat()

    refused = [
        ((private[3], private[1]), "holder"),  # Two already.
        ((private[1], private[3]), "giver"),  # It holds some.
        ((private[3], private[0]), "holder"),  # It gave its own.
        ((private[3], mediation[0]), "holder"),  # Another college.
        ((private[3], private[3]), "holder"),
        ((str(uuid4()), private[3]), "giver"),
        ((private[3], str(uuid4())), "holder"),
    ]
    for (giver, holder), field in refused:
        found = refusal(await give(assembly, address, giver, holder))
        assert found == (422, "E_PROXY", field)
    dated = await give(assembly, address, private[3], private[3], given_on=tomorrow)
    assert refusal(dated) == (422, "E_DAY", "given_on")
    nobody = await assembly.post(f"{address}/proxies/{mediation[0]}/revoke")
    assert refusal(nobody) == (404, "E_UNKNOWN", "giver")


async def test_a_proxy_dated_after_its_session_is_refused(assembly):
    past = assembly.meeting(starts_at="2026-01-10T09:00:00Z")
    address = await assembly.convene(past)

    late = await give(assembly, address, *assembly.members["PRIVATE"][:2], given_on="2026-01-11")
    same = await give(assembly, address, *assembly.members["PRIVATE"][:2], given_on="2026-01-10")

    assert refusal(late) == (422, "E_DAY", "given_on")
    assert same.status_code == 201


async def test_a_withdrawn_member_gives_and_holds_no_proxy(assembly):
    gone, other = assembly.members["PRIVATE"][:2]
    await assembly.pool.execute(
        "UPDATE members SET state = 'WITHDRAWN' WHERE member_id = $1::text::uuid", gone
    )
    address = await assembly.convene(assembly.later())

    assert refusal(await give(assembly, address, gone, other)) == (422, "E_PROXY", "giver")
    assert refusal(await give(assembly, address, other, gone)) == (422, "E_PROXY", "holder")


async def test_a_proxy_is_of_one_session_and_not_carried_to_the_second_call(assembly):
    first = assembly.meeting()
    address = await assembly.open(first)
    await give(assembly, address, *assembly.members["PRIVATE"][:2])
    await assembly.post(f"{address}/inquorate")

    second = await assembly.convene(assembly.later(4, first_call=first["id"], agenda=[]))

    assert (await assembly.get(f"{second}/proxies")).json()["items"] == []
    late = await give(assembly, address, *assembly.members["PRIVATE"][2:4])
    assert refusal(late) == (409, "E_STATE", "state")


@pytest.mark.parametrize("role", ["member", "elected", "funder"])
async def test_a_member_gives_and_revokes_its_own_proxy_only(assembly, role):
    own, other = assembly.members["PRIVATE"][:2]
    address = await assembly.convene(assembly.later())
    caller = {
        "role": role,
        "coordination": assembly.slug,
        "organization": assembly.organizations[own],
    }

    assert refusal(await give(assembly, address, other, own, **caller)) == (403, "E_ROLE", "giver")
    assert (await give(assembly, address, own, other, **caller)).status_code == 201
    anothers = {**caller, "organization": assembly.organizations[other]}
    found = await assembly.post(f"{address}/proxies/{own}/revoke", **anothers)
    assert refusal(found) == (403, "E_ROLE", "giver")
    assert (await assembly.post(f"{address}/proxies/{own}/revoke", **caller)).status_code == 200


async def test_the_rule_book_says_the_weights_the_quorum_and_how_many_proxies(assembly):
    private, mediation, _ = assembly.members.values()
    rules = {
        "adopted_on": "2026-01-01",
        "colleges": {"PRIVATE": "2/5", "DIGITAL_MEDIATION": "7/20", "INSTITUTIONAL": "1/4"},
        "quorum": "1/2",
        "quorum_per_college": None,
        "proxies_max_per_holder": 1,
        "second_call": {"days": 6, "quorum": "1/10"},
    }
    adopted = await assembly.post(assembly.at("rule-books"), rules)
    assert adopted.status_code == 201, adopted.text
    first = assembly.meeting()
    address = await assembly.open(first)
    await assembly.attend(address, private[0], mediation[0])

    one = await give(assembly, address, private[1], private[0])
    two = await give(assembly, address, private[2], private[0])
    found = await quorum(assembly, address, "")
    ended = await assembly.post(f"{address}/inquorate")
    early = await assembly.post(
        assembly.at("sessions"),
        assembly.later(5, notice_days=1, first_call=first["id"], agenda=[]),
    )
    second = await assembly.convene(
        assembly.meeting(
            starts_at=assembly.later(6)["starts_at"], first_call=first["id"], agenda=[]
        )
    )

    assert one.status_code == 201
    assert refusal(two) == (422, "E_PROXY", "holder")
    assert (found["quorum"], found["quorum_per_college"]) == ("1/2", None)
    assert (found["score"], found["holds"]) == ("31/120", False)  # 2/5 of 1/2, 7/20 of 1/6.
    assert ended.json()["state"] == "INQUORATE"
    assert refusal(early) == (422, "E_NOTICE", "starts_at")
    assert (await quorum(assembly, second, ""))["quorum"] == "1/10"


async def test_members_that_do_not_vote_and_units_count_as_in_votes(assembly):
    heavy, adviser = assembly.members["PRIVATE"][:2]
    await assembly.pool.execute(
        "UPDATE members SET units = 5 WHERE member_id = $1::text::uuid", heavy
    )
    await assembly.pool.execute(
        "UPDATE members SET roles = '{ADVISER}' WHERE member_id = $1::text::uuid", adviser
    )
    address = await assembly.open()

    answers = await assembly.attend(address, heavy, adviser)

    assert [one["counts"] for one in answers] == [True, False]
    (private,) = [
        one for one in (await quorum(assembly, address))["colleges"] if one["college"] == "PRIVATE"
    ]
    assert (private["present"], private["roll"], private["share"]) == (5, 7, "5/7")


async def test_a_caller_with_rights_here_beyond_its_token_acts_here(assembly, allow):
    address = await assembly.open()
    elsewhere = await assembly.elsewhere()
    caller = {"role": "secretary", "coordination": elsewhere}
    body = {"items": [{"member": assembly.members["PRIVATE"][0]}]}

    before = await assembly.post(f"{address}/attendances", body, **caller)
    await allow(assembly.slug, f"secretary@{elsewhere}", "secretary")
    after = await assembly.post(f"{address}/attendances", body, **caller)

    assert (before.status_code, after.status_code) == (403, 200)
