"""Opinions in session, ballots on priorities, definitions, validations by other bodies."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from tests.integration.members.assembly import refusal


def opinion(**changes):
    return {
        "id": str(uuid4()),
        "title": "Avis des collèges (fictif)",
        "adopted_on": "2026-03-19",
        **changes,
    }


async def test_a_strategic_committee_cites_the_diagnostic_it_read(assembly):
    strategic = await assembly.committee("strategie", type="STRATEGIC")
    session = await assembly.open(assembly.meeting(committee=strategic))
    of_session = {"session": session.rpartition("/")[2]}

    for where in ({"committee": strategic}, of_session):
        mute = await assembly.post(assembly.at("opinions"), opinion(**where))
        assert refusal(mute) == (422, "E_DIAGNOSTIC", "diagnostic_version")
    cited = opinion(**of_session, diagnostic_version=3)
    answer = await assembly.post(assembly.at("opinions"), cited)
    assert answer.status_code == 201
    assert answer.json()["committee"] == strategic


async def test_a_rejected_opinion_is_told_as_such_and_listed_apart(assembly, facts_about):
    rejected = opinion(outcome="REJECTED", diagnostic_version=2, object="ROADMAP")
    adopted = opinion(object="DEFINITION")
    for body in (rejected, adopted):
        assert (await assembly.post(assembly.at("opinions"), body)).status_code == 201

    (fact,) = await facts_about(rejected["id"])

    assert (fact["type"], fact["rejected_on"]) == ("opinion_rejected", "2026-03-19")
    for asked, body in (("outcome=REJECTED", rejected), ("about=DEFINITION", adopted)):
        listed = (await assembly.get(f"{assembly.at('opinions')}?{asked}")).json()["items"]
        assert [one["id"] for one in listed] == [body["id"]]
    awards = [{"action": "bus", "fund": "region", "amount_cents": 1}]
    paid = await assembly.post(assembly.at("opinions"), opinion(outcome="REJECTED", awards=awards))
    assert refusal(paid) == (422, "E_FIELD", "awards")


async def test_objections_are_kept_as_they_were_worded_and_by_whom(assembly):
    member = assembly.members["PRIVATE"][0]
    remarks = [
        {"kind": "OBJECTION", "member": member, "text": "Le calendrier est trop court."},
        {"kind": "RESERVATION", "member": None, "text": "Le budget n'est pas bouclé."},
    ]
    body = opinion(remarks=remarks, reservations=3)

    first, again = [await assembly.post(assembly.at("opinions"), body) for _ in range(2)]
    changed = {**body, "remarks": [{**remarks[0], "text": "Autrement dit."}, remarks[1]]}
    other = await assembly.post(assembly.at("opinions"), changed)

    assert first.json() == again.json()
    assert (first.json()["objections"], first.json()["reservations"]) == (1, 3)
    assert first.json()["remarks"] == remarks
    assert refusal(other) == (409, "E_DIFFERS", "id")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"objections": 1, "remarks": [{"kind": "OBJECTION", "text": "a"}] * 2},
            (422, "E_FIELD", "objections"),
        ),
        (
            {"remarks": [{"kind": "OBJECTION", "member": str(uuid4()), "text": "a"}]},
            (422, "E_UNKNOWN", "remarks[0].member"),
        ),
        (
            {"remarks": [{"kind": "OBJECTION", "text": "Voir moi@exemple.fr"}]},
            (422, "E_PII", "text"),
        ),
        ({"committee": "nobody"}, (422, "E_UNKNOWN", "committee")),
    ],
)
async def test_an_opinion_that_does_not_fit_is_refused(assembly, changes, told):
    answer = await assembly.post(assembly.at("opinions"), opinion(**changes))

    assert refusal(answer) == told


async def test_an_opinion_is_of_the_committee_that_sat(assembly):
    committee = await assembly.committee()
    session = (await assembly.open()).rpartition("/")[2]

    answer = await assembly.post(
        assembly.at("opinions"), opinion(session=session, committee=committee)
    )

    assert refusal(answer) == (422, "E_FIELD", "committee")


async def test_funders_decisions_are_listed_by_funder(assembly):
    for funder in ("etat", "region"):
        body = {
            "id": str(uuid4()),
            "funder": funder,
            "body": "Assemblée (fictive)",
            "reference": "FICTIF-2026-01",
            "decided_on": "2026-04-02",
            "enforceable_since": "2026-04-09",
            "awards": [{"action": "bus", "fund": funder, "amount_cents": 100}],
        }
        assert (await assembly.post(assembly.at("funder-decisions"), body)).status_code == 201

    listed = await assembly.get(f"{assembly.at('funder-decisions')}?funder=region")

    assert [one["funder"] for one in listed.json()["items"]] == ["region"]
    nothing = await assembly.get(f"{assembly.at('funder-decisions')}?funder=%00")
    assert refusal(nothing)[:2] == (400, "E_FIELD")


def ballot(**changes):
    return {
        "id": str(uuid4()),
        "title": "Actions à mener d'abord",
        "actions": ["bus", "cafe", "wifi"],
        "closes_at": (datetime.now(UTC) + timedelta(days=7)).isoformat(),
        **changes,
    }


async def test_action_sheets_are_ranked_by_college_and_the_ranks_told_once(assembly, facts_about):
    """S1-19, S1-21: priorities are chosen and their ranks kept."""
    private, mediation, institutional = assembly.members.values()
    body = ballot()
    opened = await assembly.post(assembly.at("prioritisations"), body)
    address = f"/v1/prioritisations/{body['id']}"
    cast = [
        (private[0], ["bus", "cafe", "wifi"]),
        (private[1], ["cafe"]),
        (mediation[0], ["wifi", "bus"]),
        (institutional[0], ["bus", "wifi", "cafe"]),
    ]
    for member, actions in cast:
        answer = await assembly.post(f"{address}/rankings", {"member": member, "actions": actions})
        assert answer.status_code == 201, answer.text
    before = (await assembly.get(address)).json()
    closed, again = [await assembly.post(f"{address}/close") for _ in range(2)]

    assert opened.status_code == 201
    assert (before["state"], before["ranks"], before["colleges"]) == ("OPEN", [], [])
    assert closed.json() == again.json() == (await assembly.get(address)).json()
    # Private: bus (4 + 1) / 8, cafe (2 + 4) / 8, wifi (0 + 1) / 8.
    found = [(one["action"], one["rank"], one["score"]) for one in closed.json()["ranks"]]
    assert found == [("bus", 1, "17/24"), ("wifi", 2, "13/24"), ("cafe", 3, "1/4")]
    (fact,) = await facts_about(body["id"])
    assert fact["type"] == "prioritisation_closed"
    assert fact["ranks"] == closed.json()["ranks"]
    late = await assembly.post(f"{address}/rankings", {"member": private[0], "actions": ["bus"]})
    assert refusal(late) == (409, "E_STATE", "closes_at")


async def test_the_last_ranking_of_a_member_counts(assembly):
    member = assembly.members["PRIVATE"][0]
    body = ballot()
    await assembly.post(assembly.at("prioritisations"), body)
    address = f"/v1/prioritisations/{body['id']}"

    times = []
    for actions in (["bus"], ["bus"], ["wifi"]):
        asked = {"member": member, "actions": actions}
        times.append((await assembly.post(f"{address}/rankings", asked)).json()["times"])
    closed = await assembly.post(f"{address}/close")

    assert times == [1, 1, 2]
    assert [(one["action"], one["rank"]) for one in closed.json()["ranks"]] == [
        ("wifi", 1),
        ("bus", 2),
        ("cafe", 2),
    ]


async def test_no_ranking_is_taken_after_the_hour_of_the_close(assembly):
    body = ballot()
    await assembly.post(assembly.at("prioritisations"), body)
    await assembly.pool.execute(
        "UPDATE prioritisations SET closes_at = now() WHERE prioritisation_id = $1",
        UUID(body["id"]),
    )
    asked = {"member": assembly.members["PRIVATE"][0], "actions": ["bus"]}

    answer = await assembly.post(f"/v1/prioritisations/{body['id']}/rankings", asked)

    assert refusal(answer) == (409, "E_STATE", "closes_at")


async def test_a_ranking_outside_the_rules_is_refused(assembly):
    committee = await assembly.committee()
    sitting, absent = assembly.members["PRIVATE"][:2]
    await assembly.seat(sitting, committee)
    body = ballot(committee=committee)
    await assembly.post(assembly.at("prioritisations"), body)
    address = f"/v1/prioritisations/{body['id']}/rankings"

    for asked, told in (
        ({"member": absent, "actions": ["bus"]}, (422, "E_ROLL", "member")),
        ({"member": sitting, "actions": ["bus", "bus"]}, (422, "E_FIELD", "actions")),
        ({"member": sitting, "actions": ["train"]}, (422, "E_FIELD", "actions")),
    ):
        assert refusal(await assembly.post(address, asked)) == told
    caller = {"role": "member", "coordination": assembly.slug, "organization": "nobody"}
    anothers = await assembly.post(address, {"member": sitting, "actions": ["bus"]}, **caller)
    assert refusal(anothers) == (403, "E_ROLE", "member")
    own = {**caller, "organization": assembly.organizations[sitting]}
    mine = await assembly.post(address, {"member": sitting, "actions": ["bus"]}, **own)
    assert mine.status_code == 201


async def test_a_ballot_on_priorities_that_does_not_fit_is_refused(assembly):
    first = ballot()
    await assembly.post(assembly.at("prioritisations"), first)

    for changes, told in (
        ({"closes_at": "2026-01-01T00:00:00Z"}, (422, "E_FIELD", "closes_at")),
        ({"actions": ["bus", "bus"]}, (422, "E_FIELD", "actions")),
        ({"committee": "nobody"}, (422, "E_UNKNOWN", "committee")),
        ({"id": first["id"], "title": "Autre"}, (409, "E_DIFFERS", "id")),
    ):
        answer = await assembly.post(assembly.at("prioritisations"), ballot(**changes))
        assert refusal(answer) == told
    again = await assembly.post(assembly.at("prioritisations"), first)
    assert again.status_code == 201
    nowhere = await assembly.get(f"/v1/prioritisations/{uuid4()}")
    assert refusal(nowhere) == (404, "E_UNKNOWN", "id")


async def test_a_definition_is_in_force_once_an_opinion_adopted_it(assembly, facts_about):
    """S1-10: a definition shared with all, in versions, adopted by decision."""
    texts = ["Ce n'est pas uniquement la fibre.", "Un accès, des compétences, un accueil."]
    written = [
        (await assembly.post(assembly.at("definitions"), {"text": text})).json() for text in texts
    ]
    adopted, about_else, rejected = (
        opinion(object="DEFINITION"),
        opinion(object="ROADMAP"),
        opinion(object="DEFINITION", outcome="REJECTED"),
    )
    for body in (adopted, about_else, rejected):
        await assembly.post(assembly.at("opinions"), body)
    address = f"/v1/definitions/{written[0]['id']}/adopt"

    for one in (about_else["id"], rejected["id"], str(uuid4())):
        answer = await assembly.post(address, {"opinion": one})
        assert refusal(answer) == (422, "E_DECISION", "opinion")
    first, again = [await assembly.post(address, {"opinion": adopted["id"]}) for _ in range(2)]
    other = await assembly.post(address, {"opinion": about_else["id"]})

    assert [one["version"] for one in written] == [1, 2]
    assert first.json() == again.json()
    assert (first.json()["in_force"], first.json()["adopted_on"]) == (True, "2026-03-19")
    assert refusal(other) == (409, "E_STATE", "opinion")
    (fact,) = await facts_about(written[0]["id"])
    assert (fact["type"], fact["text"]) == ("definition_adopted", texts[0])
    listed = (await assembly.get(assembly.at("definitions"))).json()["items"]
    assert [one["in_force"] for one in listed] == [True, False]
    nowhere = await assembly.post(f"/v1/definitions/{uuid4()}/adopt", {"opinion": adopted["id"]})
    assert refusal(nowhere) == (404, "E_UNKNOWN", "id")


async def test_a_definition_written_again_is_the_same_and_otherwise_refused(assembly):
    body = {"id": str(uuid4()), "text": "Un accueil de proximité."}

    first, again = [await assembly.post(assembly.at("definitions"), body) for _ in range(2)]
    other = await assembly.post(assembly.at("definitions"), {**body, "text": "Autre chose."})

    assert first.json() == again.json()
    assert refusal(other) == (409, "E_DIFFERS", "id")


async def test_what_was_adopted_may_be_validated_by_another_body(assembly, facts_about):
    """S1-20, S1-21: validated by the community council, with day and reference."""
    adopted, rejected = opinion(object="ROADMAP"), opinion(outcome="REJECTED")
    for body in (adopted, rejected):
        await assembly.post(assembly.at("opinions"), body)
    asked = {
        "id": str(uuid4()),
        "opinion": adopted["id"],
        "body": "Conseil communautaire (fictif)",
        "reference": "FICTIF-2026-DELIB-112",
        "validated_on": "2026-12-08",
    }

    first, again = [await assembly.post(assembly.at("validations"), asked) for _ in range(2)]

    assert first.json() == again.json()
    (fact,) = await facts_about(asked["id"])
    assert (fact["type"], fact["reference"]) == (
        "external_validation_recorded",
        "FICTIF-2026-DELIB-112",
    )
    listed = await assembly.get(f"{assembly.at('validations')}?opinion={adopted['id']}")
    assert listed.json()["items"] == [first.json()]
    for changes, told in (
        ({"body": "Autre"}, (409, "E_DIFFERS", "id")),
        ({"id": str(uuid4()), "opinion": rejected["id"]}, (422, "E_DECISION", "opinion")),
        ({"id": str(uuid4()), "validated_on": "2026-03-18"}, (422, "E_DAY", "validated_on")),
    ):
        answer = await assembly.post(assembly.at("validations"), {**asked, **changes})
        assert refusal(answer) == told


async def test_what_is_another_coordinations_is_neither_read_nor_changed(assembly):
    body = ballot()
    await assembly.post(assembly.at("prioritisations"), body)
    written = await assembly.post(assembly.at("definitions"), {"text": "Un accueil."})
    stranger = {"role": "coordinator", "coordination": await assembly.elsewhere()}
    address = f"/v1/prioritisations/{body['id']}"

    answers = [
        await assembly.get(address, **stranger),
        await assembly.post(f"{address}/close", **stranger),
        await assembly.post(
            f"{address}/rankings",
            {"member": assembly.members["PRIVATE"][0], "actions": ["bus"]},
            **stranger,
        ),
        await assembly.post(
            f"/v1/definitions/{written.json()['id']}/adopt", {"opinion": str(uuid4())}, **stranger
        ),
    ]
    collections = ("prioritisations", "definitions", "validations", "alerts", "sessions")
    metrics = ("metrics/lead-times", "metrics/attendance")
    answers += [
        await assembly.get(assembly.at(what), **stranger) for what in (*collections, *metrics)
    ]

    assert {answer.status_code for answer in answers} == {403}
