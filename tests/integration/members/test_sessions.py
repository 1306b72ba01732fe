"""Sessions: their convocation, their agenda, their steps."""

import asyncio
from datetime import date
from uuid import uuid4

import pytest

from tests.integration.members.assembly import refusal


async def test_a_session_convened_ten_times_at_once_is_told_once(assembly, facts_about):
    body = assembly.later()

    answers = await asyncio.gather(
        *(assembly.post(assembly.at("sessions"), body) for _ in range(10))
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    (fact,) = await facts_about(body["id"])
    assert (fact["type"], fact["call"]) == ("session_convened", 1)
    assert [one["title"] for one in fact["agenda"]] == ["Feuille de route"]


async def test_a_session_asked_again_answers_what_it_has_become(assembly):
    body = assembly.meeting()
    await assembly.open(body)

    again = await assembly.post(assembly.at("sessions"), body)
    other = await assembly.post(assembly.at("sessions"), {**body, "title": "Une autre"})

    assert (again.status_code, again.json()["state"]) == (201, "OPEN")
    assert refusal(other) == (409, "E_DIFFERS", "id")


@pytest.mark.parametrize(
    ("days", "notice", "told"),
    [(8, None, 201), (6, None, 422), (3.01, 3, 201), (2.99, 3, 422), (0.01, 0, 201), (-1, 0, 422)],
)
async def test_the_notice_is_held_or_the_session_refused(assembly, days, notice, told):
    answer = await assembly.post(assembly.at("sessions"), assembly.later(days, notice_days=notice))

    assert answer.status_code == told
    if told == 422:
        assert refusal(answer) == (422, "E_NOTICE", "starts_at")


async def test_an_urgent_session_says_why_and_the_reason_is_kept(assembly):
    kept = await assembly.post(assembly.at("sessions"), assembly.meeting())
    mute = assembly.meeting(urgent_reason=None)
    calm = assembly.later(urgent_reason="Pour rien")

    assert kept.json()["urgent_reason"] == "Décision attendue par un financeur"
    for body in (mute, calm):
        answer = await assembly.post(assembly.at("sessions"), body)
        assert refusal(answer) == (422, "E_NOTICE", "urgent_reason")


async def test_a_presenter_is_elected_where_the_committee_wants_it(assembly):
    """S1-19: the presentation is given by an elected member, never by a director."""
    member = assembly.members["INSTITUTIONAL"][0]
    committee = await assembly.committee(presenter_is_elected=True)
    technical, _ = await assembly.seat(member, committee, rank="SUBSTITUTE")
    elected, _ = await assembly.seat(member, committee, kind="ELECTED")

    async def asked(**presenter):
        items = [{"title": "Axes prioritaires", **presenter}]
        body = assembly.later(committee=committee, agenda=items)
        return await assembly.post(assembly.at("sessions"), body)

    for presenter in ({}, {"presenter_member": member}, {"presenter_seat": technical}):
        found = refusal(await asked(**presenter))
        assert found == (422, "E_PRESENTER", "agenda[0].presenter_seat")
    answer = await asked(presenter_seat=elected)
    assert answer.status_code == 201
    assert answer.json()["agenda"][0]["presenter_member"] == member


async def test_a_presenter_sits_here_and_that_day(assembly):
    member = assembly.members["PRIVATE"][0]
    over, _ = await assembly.seat(member, until=date(2025, 6, 1))
    items = [
        ({"presenter_seat": over}, "agenda[0].presenter_seat"),
        ({"presenter_seat": str(uuid4())}, "agenda[0].presenter_seat"),
        ({"presenter_member": str(uuid4())}, "agenda[0].presenter_member"),
    ]
    for presenter, field in items:
        body = assembly.later(agenda=[{"title": "Point", **presenter}])
        answer = await assembly.post(assembly.at("sessions"), body)
        assert refusal(answer) == (422, "E_UNKNOWN", field)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"agenda": []}, (422, "E_AGENDA", "agenda")),
        ({"committee": "nobody"}, (422, "E_UNKNOWN", "committee")),
        ({"title": "Appeler le 06 12 34 56 78"}, (422, "E_PII", "title")),
        ({"place": "Salle\nbasse"}, (422, "E_FIELD", "place")),
        ({"first_call": str(uuid4())}, (404, "E_UNKNOWN", "id")),
        (
            {"agenda": [{"title": "Un", "documents": ["a" * 64, "a" * 64]}]},
            (422, "E_FIELD", "documents"),
        ),
    ],
)
async def test_a_convocation_that_does_not_fit_is_refused(assembly, changed, told):
    answer = await assembly.post(assembly.at("sessions"), assembly.later(**changed))

    assert refusal(answer) == told


async def test_the_agenda_changes_before_the_session_only(assembly, facts_about):
    early = await assembly.convene(assembly.later())
    begun = await assembly.convene(assembly.meeting())
    opened = await assembly.open()
    agenda = {"agenda": [{"title": "Deux"}, {"title": "Un", "kind": "INFORMATION"}]}
    headers = assembly.bearer()

    changed = await assembly.http.put(f"{early}/agenda", json=agenda, headers=headers)
    late = await assembly.http.put(f"{begun}/agenda", json=agenda, headers=headers)
    over = await assembly.http.put(f"{opened}/agenda", json=agenda, headers=headers)

    assert [one["title"] for one in changed.json()["agenda"]] == ["Deux", "Un"]
    assert refusal(late) == (409, "E_STATE", "agenda")
    assert refusal(over) == (409, "E_STATE", "state")
    facts = await facts_about(early.rpartition("/")[2])
    assert [fact["type"] for fact in facts] == ["session_convened", "agenda_changed"]


async def test_the_convocation_is_a_french_text_with_a_form_of_proxy(assembly):
    member = assembly.members["PRIVATE"][0]
    seat, _ = await assembly.seat(member, kind="ELECTED")
    body = assembly.later(
        starts_at="2030-10-01T12:05:00Z",
        agenda=[{"title": "Budget | 2030", "presenter_seat": seat, "documents": ["b" * 64]}],
    )

    address = await assembly.convene(body)
    answer = await assembly.get(f"{address}/convocation")

    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert "mardi 1er octobre 2030 à 14 h 05, heure de Paris" in answer.text
    assert "1. Budget \\| 2030 (débat) ; présenté par Organisme PRIVATE 0, siège élu" in answer.text
    assert "b" * 64 in answer.text
    assert "Organisme qui donne pouvoir" in answer.text
    assert "Camille" not in answer.text


async def test_a_session_opens_on_its_day_and_once(assembly):
    later = await assembly.convene(assembly.later())
    today = await assembly.open()

    assert refusal(await assembly.post(f"{later}/open")) == (409, "E_DAY", "starts_at")
    again = await assembly.post(f"{today}/open")
    assert (again.status_code, again.json()["state"]) == (200, "OPEN")


async def test_a_session_moves_only_along_its_steps(assembly):
    convened = await assembly.convene(assembly.later())
    held = await assembly.open()
    await assembly.post(f"{held}/close")
    reason = {"reason": "Salle fermée"}

    for address in (f"{convened}/close", f"{convened}/inquorate", f"{held}/open"):
        assert refusal(await assembly.post(address)) == (409, "E_STATE", "state")
    assert refusal(await assembly.post(f"{held}/cancel", reason)) == (409, "E_STATE", "state")
    assert refusal(await assembly.post(f"{held}/inquorate")) == (409, "E_STATE", "state")


async def test_a_cancelled_session_keeps_its_reason(assembly, facts_about):
    address = await assembly.convene(assembly.later())

    first, again = [await assembly.post(f"{address}/cancel", {"reason": "Neige"}) for _ in range(2)]
    other = await assembly.post(f"{address}/cancel", {"reason": "Grève"})

    assert first.json() == again.json()
    assert refusal(other) == (409, "E_DIFFERS", "reason")
    facts = await facts_about(address.rpartition("/")[2])
    assert [fact["type"] for fact in facts] == ["session_convened", "session_cancelled"]


async def test_a_second_call_has_the_agenda_of_the_first_and_comes_days_after(
    assembly, facts_about
):
    first = assembly.meeting(agenda=[{"title": "Un"}, {"title": "Deux", "kind": "VOTE"}])
    address = await assembly.open(first)
    ended = await assembly.post(f"{address}/inquorate", {"quorum": "1/2"})
    assert ended.json()["state"] == "INQUORATE"

    def called(days: float, **changes):
        body = assembly.later(days, first_call=first["id"], agenda=[], **changes)
        return assembly.post(assembly.at("sessions"), body)

    assert refusal(await called(2, notice_days=1)) == (422, "E_NOTICE", "starts_at")
    wrong = await called(4, committee=await assembly.committee())
    assert refusal(wrong) == (422, "E_AGENDA", "committee")
    body = assembly.later(4, first_call=first["id"], agenda=[{"title": "Trois"}])
    other = await assembly.post(assembly.at("sessions"), body)
    assert refusal(other) == (422, "E_AGENDA", "agenda")

    answer = await called(4)
    assert answer.status_code == 201, answer.text
    second = answer.json()
    assert (second["call"], second["first_call"]) == (2, first["id"])
    assert [one["title"] for one in second["agenda"]] == ["Un", "Deux"]
    assert refusal(await called(5)) == (409, "E_DIFFERS", "first_call")
    (fact,) = await facts_about(second["id"])
    assert fact["first_call"] == first["id"]
    told = [fact["type"] for fact in await facts_about(first["id"])]
    assert told == ["session_convened", "session_lacked_quorum"]
    fixed = await assembly.http.put(
        f"/v1/sessions/{second['id']}/agenda",
        json={"agenda": [{"title": "Trois"}]},
        headers=assembly.bearer(),
    )
    assert refusal(fixed) == (422, "E_AGENDA", "agenda")


async def test_a_second_call_follows_only_a_session_without_quorum(assembly):
    held = assembly.meeting()
    address = await assembly.open(held)
    await assembly.post(f"{address}/close")

    answer = await assembly.post(
        assembly.at("sessions"), assembly.later(first_call=held["id"], agenda=[])
    )

    assert refusal(answer) == (409, "E_STATE", "state")


async def test_a_session_that_has_its_quorum_is_not_found_without(assembly):
    address = await assembly.open()
    everyone = [one for members in assembly.members.values() for one in members]
    await assembly.attend(address, *everyone)

    answer = await assembly.post(f"{address}/inquorate")

    assert refusal(answer) == (409, "E_QUORUM", "state")


async def test_sessions_are_listed_by_their_beginning_page_by_page(assembly):
    committee = await assembly.committee()
    for days in (40, 20, 30):
        await assembly.convene(assembly.later(days, title=f"Dans {days}", committee=committee))
    await assembly.convene(assembly.later(10, title="Plénière"))

    found, cursor = [], ""
    while cursor is not None:
        page = await assembly.get(f"{assembly.at('sessions')}?limit=1{cursor}")
        found += [one["title"] for one in page.json()["items"]]
        cursor = page.json()["cursor"] and f"&cursor={page.json()['cursor']}"

    assert found == ["Plénière", "Dans 20", "Dans 30", "Dans 40"]
    only = await assembly.get(f"{assembly.at('sessions')}?committee={committee}&state=CONVENED")
    assert [one["title"] for one in only.json()["items"]] == found[1:]
    none = await assembly.get(f"{assembly.at('sessions')}?state=HELD")
    assert none.json() == {"items": [], "cursor": None}


STEPS = ["open", "close", "inquorate", "cancel", "minutes/sign", "minutes/correct", "attendances"]
READINGS = ["", "/convocation", "/attendances", "/quorum", "/proxies", "/minutes"]


async def test_a_session_of_another_coordination_is_neither_read_nor_moved(assembly):
    address = await assembly.open()
    stranger = {"role": "coordinator", "coordination": await assembly.elsewhere()}
    member = assembly.members["PRIVATE"][0]
    bodies = {
        "cancel": {"reason": "Non"},
        "minutes/sign": {"quality": "CHAIR"},
        "minutes/correct": {
            "corrects_sha256": "a" * 64,
            "reason": "Non",
            "corrections": ["Non"],
        },
        "attendances": {"items": [{"member": member}]},
        "proxies": {"giver": member, "holder": str(uuid4()), "given_on": "2026-01-01"},
    }

    for step in [*STEPS, "proxies", f"proxies/{member}/revoke"]:
        answer = await assembly.post(f"{address}/{step}", bodies.get(step), **stranger)
        assert answer.status_code == 403, f"{step}: {answer.text}"
    for reading in [*READINGS, "/minutes/versions"]:
        answer = await assembly.get(f"{address}{reading}", **stranger)
        assert answer.status_code == 403, f"{reading}: {answer.text}"
    body = {"agenda": [{"title": "Non"}]}
    changed = await assembly.http.put(
        f"{address}/agenda", json=body, headers=assembly.bearer(**stranger)
    )
    assert changed.status_code == 403


async def test_what_does_not_exist_is_said_so(assembly):
    nowhere = f"/v1/sessions/{uuid4()}"
    for path in (*READINGS, "/minutes/versions"):
        found = refusal(await assembly.get(f"{nowhere}{path}"))
        assert found == (404, "E_UNKNOWN", "id")
    cursor = await assembly.get(f"{assembly.at('sessions')}?cursor={uuid4()}")
    assert refusal(cursor) == (404, "E_UNKNOWN", "id")


@pytest.mark.parametrize("role", ["member", "elected", "funder", "observer", "institution"])
async def test_only_the_secretariat_convenes_and_moves_sessions(assembly, role):
    caller = {"role": role, "coordination": assembly.slug}
    address = await assembly.convene(assembly.later())

    assert (await assembly.post(assembly.at("sessions"), {}, **caller)).status_code == 403
    for step in ("open", "close", "inquorate", "cancel", "attendances", "minutes/correct"):
        assert (await assembly.post(f"{address}/{step}", {}, **caller)).status_code == 403
