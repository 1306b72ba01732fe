"""What services set aside, seen and dealt with over HTTP: in order, once, with who and why."""

import json
from uuid import uuid4

import msgspec
import pytest

from contracts.events.members import AgreementSuspended
from services.chassis.streams import Message
from tests.integration.conftest import COORDINATION, until
from tests.integration.edge.conftest import AGREEMENT, Edge, attributes, exposure, signed

WHY = "La panne est levée (fictif)"
CONSUMER = "exchange-evt_members"
SUSPENDED = AgreementSuspended(
    coordination=COORDINATION, agreement_id=AGREEMENT, institution="caf-31", reason="Contrôle"
)


@pytest.fixture
async def faulty(edge: Edge):
    """An exchange in which an agreement's suspension cannot be written; two events wait."""
    pool = edge.service.pool
    await pool.execute(
        "ALTER TABLE agreements ADD CONSTRAINT fault CHECK (NOT suspended) NOT VALID"
    )
    first, second = await edge.tell("members", SUSPENDED, signed(reference="Seconde (fictif)"))

    async def both() -> bool:
        return await pool.fetchval("SELECT count(*) FROM parked") == 2

    await until(both)
    edge.parked = [first, second]
    return edge


async def mend(edge: Edge) -> None:
    await edge.service.pool.execute("ALTER TABLE agreements DROP CONSTRAINT fault")


async def redrive(edge: Edge, **asked):
    body = {"id": str(uuid4()), "why": WHY, **asked}
    answer = await edge.ask("/v1/parked/redrive", verb="POST", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def chosen(event_id: str) -> list[dict[str, str]]:
    return [{"service": "exchange", "consumer": CONSUMER, "event_id": event_id}]


async def is_suspended(edge: Edge) -> bool:
    query = "SELECT suspended FROM agreements WHERE agreement_id = $1"
    return await edge.service.pool.fetchval(query, AGREEMENT)


async def test_what_is_set_aside_is_on_one_page_by_reason_without_content(faulty: Edge):
    page = (await faulty.ask("/v1/parked")).json()
    assert [one["event"]["event_id"] for one in page["items"]] == faulty.parked
    assert "data" not in page["items"][0]["event"]
    groups = (await faulty.ask("/v1/parked/groups")).json()["items"]
    told = {(one["group"]["reason"].split(":")[0], one["count"]) for one in groups}
    assert told == {
        ("CheckViolationError", 1),
        ("attend un événement mis de côté avant lui", 1),
    }


async def test_pages_of_one_give_every_event_once(faulty: Edge):
    first = (await faulty.ask("/v1/parked?limit=1")).json()
    second = (await faulty.ask(f"/v1/parked?limit=1&cursor={first['cursor']}")).json()
    found = [one["event"]["event_id"] for page in (first, second) for one in page["items"]]
    assert (found, second["cursor"]) == (faulty.parked, None)


async def test_a_group_is_tried_again_once_the_fault_is_gone_and_those_behind_follow(faulty: Edge):
    groups = (await faulty.ask("/v1/parked/groups")).json()["items"]
    (group,) = (one["group"] for one in groups if "Check" in one["group"]["reason"])
    told = await redrive(faulty, group=group)
    assert [one["outcome"] for one in told["items"]] == ["parked"], "the fault is still there"
    assert not await is_suspended(faulty)

    await mend(faulty)
    told = await redrive(faulty, group=(await regroup(faulty))[0])

    (item,) = told["items"]
    assert (item["outcome"], item["behind"], told["left"]) == ("redriven", 1, 0)
    assert await is_suspended(faulty)
    assert (await faulty.ask("/v1/parked")).json()["items"] == []
    log = (await faulty.ask("/v1/parked/redrives?limit=2")).json()["items"]
    assert [(one["who"], one["why"], one["events"]) for one in log] == [("operator:*", WHY, 1)] * 2


async def regroup(edge: Edge) -> list[dict[str, str]]:
    groups = (await edge.ask("/v1/parked/groups")).json()["items"]
    return [one["group"] for one in groups if "Check" in one["group"]["reason"]]


async def test_the_same_set_again_changes_nothing(faulty: Edge):
    await mend(faulty)
    body = {"id": str(uuid4()), "group": (await regroup(faulty))[0]}
    first = await redrive(faulty, **body)
    again = await redrive(faulty, **body)
    assert first == again
    log = (await faulty.ask("/v1/parked/redrives")).json()["items"]
    assert [one["id"] for one in log] == [body["id"]]


async def test_a_set_of_both_tells_what_became_of_each(faulty: Edge):
    await mend(faulty)
    told = await redrive(faulty, events=chosen(faulty.parked[0]) + chosen(faulty.parked[1]))
    assert [one["outcome"] for one in told["items"]] == ["redriven", "redriven"]
    gone = await redrive(faulty, events=chosen(faulty.parked[0]))
    assert [one["outcome"] for one in gone["items"]] == ["gone"]


async def test_what_is_dropped_never_happens_and_is_kept_in_the_log(faulty: Edge):
    told = await redrive(faulty, verb="drop", events=chosen(faulty.parked[0]))
    assert [one["outcome"] for one in told["items"]] == ["dropped"]
    assert not await is_suspended(faulty)
    row = await faulty.service.pool.fetchrow(
        "SELECT state, told FROM parked WHERE event_id = $1", faulty.parked[0]
    )
    assert (row["state"], row["told"]) == ("dropped", f"operator:* : {WHY}")


async def test_an_edit_is_another_event_that_cites_the_first(faulty: Edge):
    other = {**msgspec.to_builtins(SUSPENDED), "agreement_id": str(uuid4())}
    told = await redrive(
        faulty, verb="edit", events=chosen(faulty.parked[0]), edited=json.dumps(other)
    )
    assert [(one["outcome"], one["behind"]) for one in told["items"]] == [("dropped", 1)]
    assert not await is_suspended(faulty), "it was another agreement's"


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"verb": "edit", "edited": "pas du JSON"}, 422, "E_FIELD"),
        ({"verb": "edit"}, 422, "E_FIELD"),
        ({"edited": "{}"}, 422, "E_FIELD"),
        ({"verb": "edit", "edited": '{"x": "jeanne.martin@exemple.fr"}'}, 422, "E_REFUSED"),
        ({"why": ""}, 400, "E_FIELD"),
        ({"events": None}, 400, "E_FIELD"),
    ],
    ids=str,
)
async def test_what_does_not_go_together_is_refused_and_nothing_is_done(
    faulty: Edge, asked, status, code
):
    body = {"id": str(uuid4()), "why": WHY, "events": chosen(faulty.parked[0]), **asked}
    answer = await faulty.ask("/v1/parked/redrive", verb="POST", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len((await faulty.ask("/v1/parked")).json()["items"]) == 2


async def test_an_institution_sees_nothing_and_a_coordinator_its_own(faulty: Edge):
    system = await faulty.ask("/v1/parked", headers=faulty.system_of("caf-31"))
    assert system.status_code == 403
    for home, count in ((COORDINATION, 2), ("ailleurs", 0)):
        headers = faulty.bearer("coordinator", home=home)
        page = await faulty.ask("/v1/parked", headers=headers)
        assert len(page.json()["items"]) == count
    foreign = faulty.bearer("coordinator", home="ailleurs")
    body = {"id": str(uuid4()), "why": WHY, "events": chosen(faulty.parked[0])}
    await mend(faulty)
    answer = await faulty.ask("/v1/parked/redrive", verb="POST", json=body, headers=foreign)
    assert [one["outcome"] for one in answer.json()["items"]] == ["gone"]
    assert not await is_suspended(faulty)


async def test_a_service_that_is_away_is_named(open_edge):
    edge = await open_edge(roadmap_url="http://127.0.0.1:1")
    page = (await edge.ask("/v1/parked")).json()
    assert (page["items"], page["away"]) == ([], ["roadmap"])


async def test_a_poisonous_signal_waits_while_others_are_received(edge: Edge):
    """A message no handler survives is set aside with its place; redriven, it is received."""
    pool = edge.service.pool
    await pool.execute("ALTER TABLE receipts ADD CONSTRAINT fault CHECK (area <> '32132')")
    caf = await edge.user("caf-31")
    subject = f"in.caf-31.{COORDINATION}.exposure_count.v1"
    for area in ("32132", "32013"):
        headers = {f"ce-{name}": value for name, value in attributes().items()}
        body = json.dumps(exposure(area_code=area)).encode()
        await caf.publish(Message(subject, body, headers))

    async def received() -> bool:
        return await pool.fetchval("SELECT count(*) FROM receipts") == 1

    await until(received)
    await pool.execute("ALTER TABLE receipts DROP CONSTRAINT fault")
    (item,) = (await edge.ask("/v1/parked")).json()["items"]
    event = {name: item["event"][name] for name in ("consumer", "event_id")}
    told = await redrive(edge, events=[{"service": "exchange", **event}])
    assert told["items"][0]["outcome"] == "redriven"
    areas = await pool.fetch("SELECT area, in_seq FROM receipts ORDER BY in_seq")
    assert [(row["area"], row["in_seq"]) for row in areas] == [("32132", 1), ("32013", 2)]
