"""A need that someone met is followed to its end, and its sender sees what became of it."""

import asyncio
import base64
import json
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from contracts.events.members import OrganizationMerged, OrganizationRenamed
from services.chassis import ids
from services.diagnostics.commands import follow_up
from services.diagnostics.model.follow_up import PARIS
from tests.integration.conftest import until
from tests.integration.signals.conftest import CAF

REPORT = {
    "reporter_kind": "town_hall",
    "period": "2026-03",
    "area_code": "31446",
    "problem": "find_job",
    "theme": "daily_tools",
    "public": "young",
    "count": 2,
}


def report(**changes):
    """Return what a person reports; None takes a field out."""
    told = {"signal_id": str(uuid4()), **REPORT, **changes}
    return {name: value for name, value in told.items() if value is not None}


async def facts_of(rig, kind, signal_id):
    """Return the facts that the diagnostic told of a need, in order."""
    async with rig.services["diagnostics"].read() as connection:
        rows = await connection.fetch(
            "SELECT convert_from(data, 'UTF8') AS data FROM ev"
            " WHERE type = $1 AND aggregate LIKE '%' || $2 || '%' ORDER BY version",
            f"fr.ctin.diagnostics.{kind}.v1",
            str(signal_id),
        )
    return [json.loads(row["data"]) for row in rows]


async def test_a_need_is_taken_in_charge_then_closed_and_its_sender_is_told(territory):
    told = territory.need()
    assert (await territory.deliver("nats", told))["code"] is None
    path = f"/needs/{told['signal_id']}"
    shown = (await territory.get(path)).json()
    assert (shown["state"], shown["organization"], shown["source"]) == (
        "reported",
        None,
        "Convention FICTIF-1",
    )
    early = await territory.post(f"{path}/outcome", {"outcome": "resolved"})
    assert (early.status_code, early.json()["code"]) == (409, "E_STATE")

    taken = await territory.post(f"{path}/take-charge", {"organization": "ccas-labege"})
    assert (taken.status_code, taken.json()["state"]) == (200, "taken_in_charge"), taken.text
    again = await territory.post(f"{path}/take-charge", {"organization": "ccas-labege"})
    assert again.json() == taken.json()
    closed = await territory.post(
        f"{path}/outcome", {"outcome": "referred"}, role="member", organization="ccas-labege"
    )
    assert (closed.status_code, closed.json()["outcome"]) == (200, "referred"), closed.text
    repeated = await territory.post(f"{path}/outcome", {"outcome": "referred"})
    assert repeated.json() == closed.json()
    other = await territory.post(f"{path}/outcome", {"outcome": "resolved"})
    assert (other.status_code, other.json()["code"]) == (409, "E_STATE")
    late = await territory.post(f"{path}/take-charge", {"organization": "mission-locale"})
    assert (late.status_code, late.json()["code"]) == (409, "E_STATE")

    async def followed():
        found = await territory.told(f"out.{CAF}.{territory.slug}.need_followed.v1")
        return len(found) >= 2 and found

    steps = await until(followed)
    assert [(one["state"], one["organization"], one.get("outcome")) for one in steps] == [
        ("taken_in_charge", "ccas-labege", None),
        ("closed", "ccas-labege", "referred"),
    ]
    own = await territory.get(path, role="institution", organization=CAF)
    assert own.json()["state"] == "closed"
    assert (
        await territory.get(path, role="institution", organization="la-poste")
    ).status_code == 404


@pytest.mark.parametrize(
    ("role", "organization", "asked", "status", "code"),
    [
        ("coordinator", None, "nobody-here", 422, "E_UNKNOWN"),
        ("member", "ccas-labege", "mission-locale", 403, "E_ROLE"),
        ("member", "ccas-labege", "ccas-labege", 200, None),
        ("referrer", None, "ccas-labege", 200, None),
        ("secretary", None, "ccas-labege", 200, None),
        ("institution", CAF, "ccas-labege", 403, "E_ROLE"),
        ("observer", None, "ccas-labege", 403, "E_ROLE"),
    ],
)
async def test_who_may_take_a_need_in_charge(territory, role, organization, asked, status, code):
    made = await territory.post("/needs", report())
    path = f"/needs/{made.json()['signal_id']}/take-charge"
    answer = await territory.post(
        path, {"organization": asked}, role=role, organization=organization
    )
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text


async def test_an_organisation_does_not_close_what_another_answers_for(territory):
    made = (await territory.post("/needs", report())).json()
    path = f"/needs/{made['signal_id']}"
    await territory.post(f"{path}/take-charge", {"organization": "mission-locale"})
    for asked, body in (
        ("outcome", {"outcome": "given_up"}),
        ("take-charge", {"organization": "ccas-labege"}),
    ):
        answer = await territory.post(
            f"{path}/{asked}", body, role="member", organization="ccas-labege"
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "E_ROLE")
    moved = await territory.post(f"{path}/take-charge", {"organization": "ccas-labege"})
    assert moved.json()["organization"] == "ccas-labege", "the coordination may entrust it anew"


@pytest.mark.parametrize("role", ["coordinator", "secretary", "referrer", "elected", "member"])
async def test_people_report_needs_that_count_like_the_machines_ones(territory, role):
    told = report()
    first = await territory.post("/needs", told, role=role, organization="ccas-labege")
    assert first.status_code == 200, first.text
    assert first.json()["source"] == "Organisme ccas-labege (fictif)"
    again = await territory.post("/needs", told, role=role, organization="ccas-labege")
    assert again.json() == first.json()
    assert [one["count"] for one in (await territory.area("31446"))["needs"]] == [2]
    more = await territory.post(
        "/needs", {**told, "revision": 2, "count": 7}, role=role, organization="ccas-labege"
    )
    assert (more.json()["revision"], more.json()["count"]) == (2, 7)
    assert [one["count"] for one in (await territory.area("31446"))["needs"]] == [7]

    async def told_to_partners():
        return await territory.updates("31446")

    figures = (await until(told_to_partners))[-1]["needs"]
    assert [(one["count"], one["status"]) for one in figures] == [(None, "secret")]


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"area_code": "75056"}, 422, "E_AREA", "area_code"),
        ({"area_code": "311130101"}, 422, "E_AREA", "area_code"),
        ({"problem": "anything"}, 422, "E_VOCABULARY", "problem"),
        ({"theme": "anything"}, 422, "E_VOCABULARY", "theme"),
        ({"place_kind": "anything"}, 422, "E_VOCABULARY", "place_kind"),
        ({"count": 0}, 400, "E_FIELD", "count"),
        ({"comment": "Madame Dupont"}, 400, "E_FIELD", "comment"),
        ({"reporter_kind": "neighbour"}, 400, "E_FIELD", "reporter_kind"),
    ],
)
async def test_a_report_follows_the_rules_of_signals(territory, changes, status, code, field):
    answer = await territory.post("/needs", report(**changes))
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["errors"][0]["field"] == field
    assert (await territory.get("/needs")).json()["items"] == []


async def test_a_report_told_otherwise_needs_a_revision(territory):
    told = report(revision=2)
    await territory.post("/needs", told)
    for changes, code in (({"count": 9}, "E_DIFFERS"), ({"revision": 1}, "E_REVISION")):
        answer = await territory.post("/needs", {**told, **changes})
        assert (answer.status_code, answer.json()["code"]) == (409, code)


async def test_a_key_names_a_report_that_has_no_id(territory):
    headers = {**territory.rig.bearer("coordinator", territory.slug), "Idempotency-Key": "k1"}
    url = f"{territory.base}/needs"
    one, two = [
        (await territory.rig.diagnostics.post(url, json=report(signal_id=None), headers=headers))
        for _ in range(2)
    ]
    assert one.json() == two.json()
    assert len((await territory.get("/needs")).json()["items"]) == 1


async def test_the_same_report_ten_times_at_once_counts_once(territory):
    told = report()
    answers = await asyncio.gather(*(territory.post("/needs", told) for _ in range(10)))
    assert {one.status_code for one in answers} == {200}
    assert [one["count"] for one in (await territory.area("31446"))["needs"]] == [2]


async def test_needs_are_listed_by_page_and_narrowed(territory):
    made = []
    for number in range(5):
        told = report(
            theme="daily_tools" if number % 2 else "safe_use",
            public="young" if number < 3 else "seniors",
            area_code="31446" if number < 4 else "31506",
        )
        await territory.post("/needs", told, organization="ccas-labege")
        made.append(told["signal_id"])
    await territory.post(f"/needs/{made[0]}/take-charge", {"organization": "mission-locale"})

    found, cursor = [], ""
    for _ in range(3):
        page = (await territory.get("/needs", params={"limit": 2, "cursor": cursor})).json()
        found += [one["signal_id"] for one in page["items"]]
        cursor = page["cursor"]
    assert found == made[::-1]
    assert cursor is None

    async def listed(role="coordinator", organization=None, **params):
        answer = await territory.get("/needs", role, organization=organization, params=params)
        assert answer.status_code == 200, answer.text
        return {made.index(one["signal_id"]) for one in answer.json()["items"]}

    assert await listed(theme="safe_use") == {0, 2, 4}
    assert await listed(public="seniors") == {3, 4}
    assert await listed(area="31506") == {4}
    assert await listed(state="taken_in_charge") == {0}
    assert await listed(state="reported", public="young") == {1, 2}
    assert await listed("member", "mission-locale") == {0}
    assert await listed("member", "ccas-labege") == {0, 1, 2, 3, 4}
    assert await listed("observer") == set()


@pytest.mark.parametrize(
    "written",
    [
        "x",
        "[]",
        '["2026-01-01T00:00:00", "0192f3a0-0000-7000-8000-000000000000", "caf-31"]',
        '["0001-01-01T00:00:00+23:00", "0192f3a0-0000-7000-8000-000000000000", "caf-31"]',
        '["2026-01-01T00:00:00Z", "0192f3a0-0000-7000-8000-000000000000", "a\\u0000b"]',
    ],
)
async def test_a_cursor_that_no_page_gave_is_refused(territory, written):
    cursor = base64.urlsafe_b64encode(written.encode()).decode()
    for asked in (cursor, cursor[:-1]):
        answer = await territory.get("/needs", params={"cursor": asked})
        assert (answer.status_code, answer.json()["code"]) == (422, "E_FIELD"), answer.text


async def test_a_withdrawn_need_is_listed_no_more_and_changes_no_more(territory):
    told = territory.need()
    await territory.deliver("http", told)
    await territory.deliver("http", territory.withdrawal(told))
    assert (await territory.get("/needs")).json()["items"] == []
    path = f"/needs/{told['signal_id']}"
    assert (await territory.get(path)).json()["state"] == "withdrawn"
    answer = await territory.post(f"{path}/take-charge", {"organization": "ccas-labege"})
    assert answer.status_code == 404


async def test_each_reminder_is_told_once_with_the_state_of_its_day(rig, territory):
    """Days pass by the argument of the job, never by waiting."""
    made = (await territory.post("/needs", report())).json()
    signal_id, path = UUID(made["signal_id"]), f"/needs/{made['signal_id']}"
    today = ids.now().astimezone(PARIS).date()

    async def days(number):
        async with rig.services["diagnostics"].write() as connection:
            while await follow_up.remind(
                connection, today=today + timedelta(days=number), now=ids.now(), new_id=ids.new_id
            ):
                pass
        return [
            (one["days"], one["state"])
            for one in await facts_of(rig, "need_reminder_due", signal_id)
        ]

    assert await days(6) == []
    assert await days(7) == [(7, "reported")]
    assert await days(13) == [(7, "reported")]
    await territory.post(f"{path}/take-charge", {"organization": "ccas-labege"})
    assert await days(14) == [(7, "reported"), (14, "taken_in_charge")]
    assert len(await days(14)) == 2
    assert (await days(29))[2:] == [(21, "taken_in_charge")], "the day that was missed is told late"
    await territory.post(f"{path}/outcome", {"outcome": "resolved"})
    assert len(await days(40)) == 3, "nothing is recalled once it is closed"


async def test_the_last_reminder_is_that_of_day_thirty(rig, territory):
    made = (await territory.post("/needs", report())).json()
    today = ids.now().astimezone(PARIS).date()
    async with rig.services["diagnostics"].write() as connection:
        for number in (45, 60, 90):
            await follow_up.remind(
                connection, today=today + timedelta(days=number), now=ids.now(), new_id=ids.new_id
            )
    told = await facts_of(rig, "need_reminder_due", made["signal_id"])
    assert [one["days"] for one in told] == [30]


async def test_needs_are_summed_by_domain_and_by_public_in_one_group_each(territory):
    for changes in (
        {"problem": "find_job", "public": "young", "count": 8},
        {"problem": "find_job", "public": "seniors", "count": 5, "area_code": "31506"},
        {"problem": "practise_hobby", "theme": "leisure_creation", "count": 4},
        {"problem": "buy_online", "theme": "leisure_creation", "public": "seniors", "count": 2},
    ):
        assert (await territory.post("/needs", report(**changes))).status_code == 200

    async def groups(by, role="coordinator", **params):
        answer = await territory.get(f"/needs/by-{by}", role, params=params)
        assert answer.status_code == 200, answer.text
        return {
            one["code"]: [part["count"] for part in one["sums"]] for one in answer.json()["items"]
        }

    assert await groups("domain") == {"culture": [4], "digital": [2], "employment": [13]}
    assert await groups("public") == {"seniors": [7], "young": [12]}
    assert await groups("domain", period="2025") == {}
    outside = await groups("domain", role="observer")
    assert outside == {"culture": [None], "digital": [None], "employment": [15]}
    # By public as well, the two would give small needs away.
    assert await groups("public", role="observer") == {"seniors": [None], "young": [None]}


async def test_a_renamed_organisation_reports_under_its_new_name(rig, territory):
    before = await territory.post("/needs", report(), role="member", organization="ccas-labege")
    await rig.tell(
        OrganizationRenamed(
            coordination=territory.slug,
            organization="ccas-labege",
            name="Organisme renommé (fictif)",
            formerly="Organisme ccas-labege (fictif)",
            renamed_on=date(2026, 6, 1),
        )
    )

    async def renamed():
        told = await territory.post("/needs", report(), role="member", organization="ccas-labege")
        return told.json()["source"] == "Organisme renommé (fictif)"

    await until(renamed)
    kept = (await territory.get(f"/needs/{before.json()['signal_id']}")).json()
    assert kept["source"] == "Organisme ccas-labege (fictif)"


async def test_a_merged_organisation_hands_over_what_it_answered_for(rig, territory):
    made = (await territory.post("/needs", report())).json()
    path = f"/needs/{made['signal_id']}"
    await territory.post(f"{path}/take-charge", {"organization": "mission-locale"})
    await rig.tell(
        OrganizationMerged(
            coordination=territory.slug,
            organization="ccas-labege",
            name="Organisme ccas-labege (fictif)",
            merged="mission-locale",
            merged_on=date(2026, 6, 1),
        )
    )

    async def handed_over():
        return (await territory.get(path)).json()["organization"] == "ccas-labege"

    await until(handed_over)
