"""Votes as their callers meet them: opened on a frozen roll, cast, closed once, proven by facts."""

import asyncio
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from contracts.verify import decision
from tests.integration.members.known_votes import (
    SIZES,
    Assembly,
    asked,
    organization_of,
    seat_members,
)

AWARDS = [{"action": "itinerance", "fund": "fund-bus", "amount_cents": 4_800_000}]
W1 = {"PRIVATE": (3, 1, 0), "DIGITAL_MEDIATION": (2, 5, 0), "INSTITUTIONAL": (3, 1, 0)}
AGAINST = {"PRIVATE": (0, 4, 0), "DIGITAL_MEDIATION": (0, 10, 0), "INSTITUTIONAL": (0, 6, 0)}


@pytest.fixture
async def assembly(http, bearer, coordination, pool) -> Assembly:
    """Three colleges of 4, 10 and 6 members under the model's rule book."""
    made = Assembly(http, bearer("secretary", coordination), coordination)
    made.members = await seat_members(pool, coordination, SIZES)
    await made.adopt()
    return made


async def audited(assembly: Assembly, resolution: str):
    """Return what the independent auditor makes of the facts of a vote."""
    return decision.audit((await assembly.facts(resolution)).encode().splitlines())


async def convene(pool, slug: str, *, committee: str | None = None) -> str:
    """Convene a session by SQL."""
    session = uuid4()
    await pool.execute(
        "INSERT INTO sessions (coordination, session_id, committee, title, starts_at, notice_days,"
        " call, state, convened_at) VALUES ($1, $2, $3, 'Séance', now(), 5, 1, 'OPEN', now())",
        slug,
        session,
        committee,
    )
    return str(session)


async def found_committee(pool, slug: str, committee: str, kind: str) -> None:
    await pool.execute(
        "INSERT INTO committees (coordination, committee, name, type, since, state)"
        " VALUES ($1, $2, 'Comité', $3, $4, 'ACTIVE')",
        slug,
        committee,
        kind,
        date(2026, 1, 1),
    )


async def give_proxy(pool, slug: str, session: str, giver: str, holder: str) -> None:
    await pool.execute(
        "INSERT INTO proxies (coordination, session_id, giver, holder, given_on, recorded_at)"
        " VALUES ($1, $2, $3, $4, $5, now())",
        slug,
        UUID(session),
        UUID(giver),
        UUID(holder),
        date(2026, 1, 2),
    )


async def seat_person(
    pool,
    slug: str,
    member: str,
    *,
    kind: str = "ELECTED",
    person: UUID | None = None,
    organization: str | None = None,
    rank: str = "HOLDER",
    committee: str | None = None,
) -> UUID:
    """Seat a person for a member, a new one unless it is named."""
    if person is None:
        person = uuid4()
        await pool.execute(
            "INSERT INTO persons (coordination, person_id, organization, name, recorded_at)"
            " VALUES ($1, $2, $3, 'Une personne', now())",
            slug,
            person,
            organization,
        )
    await pool.execute(
        "INSERT INTO seats (coordination, seat_id, member_id, person_id, rank, kind, valid_from,"
        " committee) VALUES ($1, $2, $3, $4, $7, $5, $6, $8)",
        slug,
        uuid4(),
        UUID(member),
        person,
        kind,
        date(2026, 1, 1),
        rank,
        committee,
    )
    return person


async def test_a_vote_is_opened_cast_closed_and_becomes_an_opinion(assembly, facts_about):
    resolution = await assembly.open(awards=AWARDS, object="PROPOSED_AWARD")
    await assembly.split(resolution, W1)

    result = await assembly.close(resolution)

    assert (result["adopted"], result["score"], result["reason"]) == (True, "47/80", "ADOPTED")
    facts = await facts_about(resolution)
    assert [fact["type"] for fact in facts] == [
        "resolution_opened",
        "ballot_cast",
        "resolution_closed",
        "opinion_adopted",
    ]
    assert facts[-1]["awards"] == AWARDS
    found = await audited(assembly, resolution)
    assert (found.adopted, found.score, found.ballots) == (True, "47/80", 15)
    assert found.digest == result["digest"]
    opinions = (await assembly.get(assembly.address("opinions"))).json()["items"]
    assert [(one["id"], one["mode"], one["total_cents"]) for one in opinions] == [
        (resolution, "vote", 4_800_000)
    ]


async def test_a_rejected_resolution_is_told_and_gives_nothing(assembly, facts_about):
    resolution = await assembly.open(awards=AWARDS)
    await assembly.split(resolution, AGAINST)

    result = await assembly.close(resolution)

    assert (result["adopted"], result["quorum"]) == (False, True)
    assert (await facts_about(resolution))[-1]["type"] == "opinion_rejected"
    opinions = (await assembly.get(assembly.address("opinions"))).json()["items"]
    assert [(one["outcome"], one["awards"]) for one in opinions] == [("REJECTED", [])]
    assert (await audited(assembly, resolution)).reason == "BELOW_THRESHOLD"


async def test_a_vote_without_quorum_decides_nothing(assembly, facts_about):
    resolution = await assembly.open()
    await assembly.cast(resolution, [{"member": assembly.members["PRIVATE"][0], "choice": "for"}])

    result = await assembly.close(resolution)

    assert (result["quorum"], result["reason"]) == (False, "NO_QUORUM")
    assert (await facts_about(resolution))[-1]["type"] == "resolution_closed"
    assert (await audited(assembly, resolution)).reason == "NO_QUORUM"


async def test_closing_ten_times_at_once_gives_one_result(assembly, facts_about):
    resolution = await assembly.open()
    await assembly.split(resolution, W1)

    found = await asyncio.gather(*(assembly.close(resolution) for _ in range(10)))

    assert all(one == found[0] for one in found)
    kept = await assembly.get(f"/v1/resolutions/{resolution}/result")
    assert kept.json() == found[0]
    assert [fact["type"] for fact in await facts_about(resolution)].count("resolution_closed") == 1


async def test_opening_again_answers_the_same_and_otherwise_is_refused(assembly, facts_about):
    body = asked()
    address = assembly.address("resolutions")

    first, again = [await assembly.post(address, body) for _ in range(2)]
    other = await assembly.post(address, {**body, "title": "Autre chose"})

    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (409, "E_DIFFERS")
    assert len(await facts_about(body["id"])) == 1


async def test_a_key_names_one_resolution(assembly):
    body = {name: value for name, value in asked().items() if name != "id"}
    headers = {**assembly.headers, "Idempotency-Key": "vote-1"}

    found = [
        (await assembly.post(assembly.address("resolutions"), body, headers=headers)).json()["id"]
        for _ in range(2)
    ]

    assert found[0] == found[1]


async def test_the_roll_is_frozen_at_the_opening(assembly, pool):
    late = assembly.members["PRIVATE"][3]
    future, adviser, candidate, lead = assembly.members["INSTITUTIONAL"][:4]
    for member, change in (
        (future, "effective_on = '2999-01-01'"),
        (adviser, "roles = '{ADVISER,OBSERVER}'"),
        (candidate, "state = 'CANDIDATE'"),
        (lead, "roles = '{ADVISER,LEAD}'"),
    ):
        await pool.execute(f"UPDATE members SET {change} WHERE member_id = $1", UUID(member))
    resolution = await assembly.open()
    await pool.execute("UPDATE members SET state = 'WITHDRAWN' WHERE member_id = $1", UUID(late))

    roll = (await assembly.get(f"/v1/resolutions/{resolution}/roll?limit=200")).json()["items"]

    named = {one["member"] for one in roll}
    assert named == set(assembly.everyone()) - {future, adviser, candidate}
    assert late in named


async def test_a_ballot_is_replaced_until_the_close_and_the_last_number_counts(assembly):
    resolution = await assembly.open()
    member = assembly.members["PRIVATE"][0]
    for choice in ("against", "blank", "for"):
        await assembly.cast(resolution, [{"member": member, "choice": choice}])

    found = (await assembly.get(f"/v1/resolutions/{resolution}/tally")).json()

    assert found["colleges"]["PRIVATE"]["for"] == 1
    assert found["colleges"]["PRIVATE"]["voted"] == 1
    assert found["ballots"] == 3
    shown = (await assembly.get(f"/v1/resolutions/{resolution}/ballots")).json()["items"]
    assert [(one["seq"], one["choice"]) for one in shown] == [
        (1, "against"),
        (2, "blank"),
        (3, "for"),
    ]


async def test_the_same_ballot_sent_ten_times_at_once_takes_one_number(assembly):
    resolution = await assembly.open()
    body = {"id": str(uuid4()), "member": assembly.members["PRIVATE"][0], "choice": "for"}
    address = f"/v1/resolutions/{resolution}/ballots"

    answers = await asyncio.gather(*(assembly.post(address, body) for _ in range(10)))

    assert {one.json()["seq"] for one in answers} == {1}
    assert sorted(one.json()["status"] for one in answers) == ["cast", *["exists"] * 9]
    await assembly.close(resolution)
    late = await assembly.post(address, body)
    assert (late.status_code, late.json()["status"]) == (201, "exists")
    other = await assembly.post(address, {**body, "choice": "against"})
    assert (other.status_code, other.json()["code"]) == (409, "E_DIFFERS")


async def test_a_key_names_each_ballot_of_a_list(assembly):
    resolution = await assembly.open()
    votes = [{"member": one, "choice": "for"} for one in assembly.members["PRIVATE"]]
    headers = {**assembly.headers, "Idempotency-Key": "appel nominal"}
    address = f"/v1/resolutions/{resolution}/ballots"

    first, again = [await assembly.post(address, votes, headers=headers) for _ in range(2)]

    assert [one["status"] for one in first.json()["items"]] == ["cast"] * 4
    assert [one["status"] for one in again.json()["items"]] == ["exists"] * 4
    assert [one["seq"] for one in again.json()["items"]] == [1, 2, 3, 4]


async def test_a_refused_ballot_takes_no_number_and_stops_no_other(assembly):
    resolution = await assembly.open()
    one, two = assembly.members["PRIVATE"][:2]
    stranger = str(uuid4())

    found = await assembly.cast(
        resolution,
        [{"member": member, "choice": "for"} for member in (one, stranger, two)],
    )

    assert [(item["status"], item.get("seq"), item.get("code")) for item in found] == [
        ("cast", 1, None),
        ("refused", None, "E_ROLL"),
        ("cast", 2, None),
    ]
    assert found[1]["detail"].startswith(f"Le membre {stranger} n'est pas sur la liste")


async def test_a_member_votes_for_itself_alone(assembly, bearer, pool):
    resolution = await assembly.open()
    mine, anothers = assembly.members["PRIVATE"][:2]
    headers = bearer("member", assembly.slug, organization=await organization_of(pool, mine))
    address = f"/v1/resolutions/{resolution}/ballots"

    own = await assembly.post(address, {"member": mine, "choice": "for"}, headers=headers)
    other = await assembly.post(address, {"member": anothers, "choice": "for"}, headers=headers)
    away = await assembly.post(
        address, {"member": mine, "choice": "for"}, headers=bearer("member", "autre-lieu")
    )
    watcher = await assembly.post(
        address,
        {"member": mine, "choice": "for"},
        headers=bearer("observer", assembly.slug, organization="any"),
    )

    assert own.status_code == 201
    assert (other.status_code, other.json()["code"]) == (403, "E_ROLE")
    assert other.json()["errors"][0]["field"] == "member"
    assert {away.status_code, watcher.status_code} == {403}
    recused = await assembly.post(
        f"/v1/resolutions/{resolution}/recusals", {"member": anothers}, headers=headers
    )
    assert recused.status_code == 403


async def test_interested_organisations_and_their_representatives_leave_the_roll(assembly, pool):
    slug = assembly.slug
    lead, twin, sent, free = assembly.members["DIGITAL_MEDIATION"][:4]
    interested = await organization_of(pool, lead)
    elected = await seat_person(pool, slug, lead)
    await seat_person(pool, slug, twin, person=elected, kind="TECHNICAL")
    await seat_person(pool, slug, sent, kind="TECHNICAL", organization=interested)
    agent = await seat_person(pool, slug, free)
    await seat_person(pool, slug, lead, person=agent, kind="TECHNICAL", rank="SUBSTITUTE")

    resolution = await assembly.open(interested=[interested])

    roll = (await assembly.get(f"/v1/resolutions/{resolution}/roll?limit=200")).json()["items"]
    left = {one["member"]: one["recusal"] for one in roll if one["recusal"]}
    assert left == {lead: "INTERESTED", twin: "REPRESENTATIVE", sent: "REPRESENTATIVE"}
    found = await assembly.cast(
        resolution, [{"member": one, "choice": "for"} for one in (lead, twin, sent, free)]
    )
    assert [one.get("code") for one in found] == ["E_RECUSED"] * 3 + [None]
    result = await assembly.close(resolution)
    assert result["colleges"]["DIGITAL_MEDIATION"]["recused"] == 3
    assert result["colleges"]["DIGITAL_MEDIATION"]["units"] == 7


async def test_a_declared_recusal_takes_the_ballots_back(assembly, facts_about):
    resolution = await assembly.open()
    member = assembly.members["PRIVATE"][0]
    await assembly.split(resolution, W1)
    address = f"/v1/resolutions/{resolution}/recusals"

    first, again = [await assembly.post(address, {"member": member}) for _ in range(2)]

    assert first.json() == again.json()
    assert first.json()["recusal"] == "DECLARED"
    refused = await assembly.post(
        f"/v1/resolutions/{resolution}/ballots", {"member": member, "choice": "for"}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "E_RECUSED")
    result = await assembly.close(resolution)
    private = result["colleges"]["PRIVATE"]
    assert (private["for"], private["against"], private["units"]) == (2, 1, 3)
    kinds = [fact["type"] for fact in await facts_about(resolution)]
    assert kinds.count("recusal_declared") == 1
    assert (await audited(assembly, resolution)).digest == result["digest"]
    late = await assembly.post(address, {"member": assembly.members["PRIVATE"][1]})
    assert (late.status_code, late.json()["code"]) == (409, "E_CLOSED")


async def test_a_proxy_votes_until_its_giver_does(assembly, pool, facts_about):
    session = await convene(pool, assembly.slug)
    giver, holder = assembly.members["PRIVATE"][:2]
    await give_proxy(pool, assembly.slug, session, giver, holder)
    resolution = await assembly.open(session=session)
    by_proxy = {"member": giver, "holder": holder, "choice": "for"}

    first = await assembly.cast(resolution, [by_proxy, {"member": giver, "choice": "against"}])
    late = await assembly.cast(resolution, [by_proxy])

    assert [one["status"] for one in first] == ["cast", "cast"]
    other = await assembly.open(session=session)
    together = await assembly.cast(other, [{"member": giver, "choice": "blank"}, by_proxy])
    assert [one.get("code") for one in together] == [None, "E_PROXY"]
    assert (late[0]["status"], late[0]["code"]) == ("refused", "E_PROXY")
    result = await assembly.close(resolution)
    assert (result["colleges"]["PRIVATE"]["for"], result["colleges"]["PRIVATE"]["against"]) == (
        0,
        1,
    )
    facts = await facts_about(resolution)
    assert [fact["type"] for fact in facts[:3]] == [
        "resolution_opened",
        "proxy_used",
        "ballot_cast",
    ]
    assert (await audited(assembly, resolution)).digest == result["digest"]


async def test_a_holder_may_cast_the_ballot_of_its_giver_and_of_nobody_else(assembly, pool, bearer):
    session = await convene(pool, assembly.slug)
    giver, holder, third = assembly.members["PRIVATE"][:3]
    await give_proxy(pool, assembly.slug, session, giver, holder)
    resolution = await assembly.open(session=session)
    headers = bearer("elected", assembly.slug, organization=await organization_of(pool, holder))
    address = f"/v1/resolutions/{resolution}/ballots"

    good = await assembly.post(
        address, {"member": giver, "holder": holder, "choice": "for"}, headers=headers
    )
    bad = await assembly.post(
        address, {"member": third, "holder": holder, "choice": "for"}, headers=headers
    )
    stolen = await assembly.post(
        address, {"member": giver, "holder": third, "choice": "for"}, headers=headers
    )

    assert good.status_code == 201
    assert (bad.status_code, bad.json()["code"]) == (409, "E_PROXY")
    assert (stolen.status_code, stolen.json()["code"]) == (403, "E_ROLE")


async def test_proxies_that_do_not_hold_are_refused(assembly, pool):
    slug = assembly.slug
    session = await convene(pool, slug)
    a, b, c, d, e, *_ = assembly.members["DIGITAL_MEDIATION"]
    elsewhere = assembly.members["PRIVATE"][0]
    for giver, holder in ((a, d), (b, d), (c, d), (d, e), (elsewhere, e)):
        await give_proxy(pool, slug, session, giver, holder)
    resolution = await assembly.open(session=session)

    async def cast(giver, holder):
        votes = [{"member": giver, "holder": holder, "choice": "for"}]
        return (await assembly.cast(resolution, votes))[0]

    passed_on = await cast(a, d)
    assert (passed_on["code"], "ne se transmet pas" in passed_on["detail"]) == ("E_PROXY", True)
    await pool.execute("UPDATE proxies SET revoked_at = now() WHERE giver = $1", UUID(d))
    assert (await cast(d, e))["code"] == "E_PROXY", "a proxy that was taken back"
    assert (await cast(elsewhere, e))["detail"].endswith("à un membre du même collège.")
    assert (await cast(a, d))["status"] == "cast"
    assert (await cast(b, d))["status"] == "cast"
    assert (await cast(a, d))["status"] == "cast", "the same proxy again is not one more"
    third = await cast(c, d)
    assert (third["code"], "porte déjà 2 procurations" in third["detail"]) == ("E_PROXY", True)
    assert (await cast(a, a))["code"] == "E_PROXY"
    await assembly.post(f"/v1/resolutions/{resolution}/recusals", {"member": d})
    assert (await cast(a, d))["code"] == "E_RECUSED"
    result = await assembly.close(resolution)
    assert result["colleges"]["DIGITAL_MEDIATION"]["voted"] == 0, "the holder is recused"
    assert (await audited(assembly, resolution)).digest == result["digest"]


async def test_a_proxy_is_of_a_session(assembly, pool):
    session = await convene(pool, assembly.slug)
    giver, holder = assembly.members["PRIVATE"][:2]
    await give_proxy(pool, assembly.slug, session, giver, holder)
    votes = [{"member": giver, "holder": holder, "choice": "for"}]

    without = await assembly.cast(await assembly.open(), votes)
    another = await assembly.cast(
        await assembly.open(session=await convene(pool, assembly.slug)), votes
    )

    assert [one["code"] for one in (*without, *another)] == ["E_PROXY", "E_PROXY"]


async def test_the_chair_breaks_a_tie_where_the_rule_book_says_so(assembly):
    await assembly.adopt(casting_vote=True, majority_of_colleges=0)
    tie = {"PRIVATE": (2, 2, 0), "DIGITAL_MEDIATION": (5, 5, 0), "INSTITUTIONAL": (3, 3, 0)}
    for_, against = assembly.members["PRIVATE"][0], assembly.members["PRIVATE"][3]
    reasons = []
    for chair in (for_, against, None):
        resolution = await assembly.open(chair=chair)
        await assembly.split(resolution, tie)
        result = await assembly.close(resolution)
        reasons.append((result["reason"], result["casting_vote"]))
        assert (await audited(assembly, resolution)).digest == result["digest"]

    assert reasons == [("ADOPTED", "for"), ("TIED", "against"), ("TIED", None)]


async def test_a_recused_chair_has_no_casting_vote(assembly):
    await assembly.adopt(casting_vote=True, majority_of_colleges=0, quorum_per_college=None)
    chair, other = assembly.members["PRIVATE"][:2]
    resolution = await assembly.open(chair=chair)
    await assembly.cast(
        resolution,
        [
            {"member": member, "choice": choice}
            for member, choice in (
                (chair, "for"),
                (other, "for"),
                (assembly.members["PRIVATE"][2], "against"),
            )
        ],
    )
    await assembly.post(f"/v1/resolutions/{resolution}/recusals", {"member": chair})

    result = await assembly.close(resolution)

    assert (result["score"], result["reason"], result["casting_vote"]) == ("1/2", "TIED", None)
    assert (await audited(assembly, resolution)).digest == result["digest"]


async def test_no_ballot_is_taken_at_or_after_the_hour_and_the_vote_closes_by_itself(
    assembly, pool
):
    closes_at = datetime.now(UTC) + timedelta(hours=1)
    resolution = await assembly.open(closes_at=closes_at.isoformat())
    vote = {"member": assembly.members["PRIVATE"][0], "choice": "for"}
    assert (await assembly.cast(resolution, [vote]))[0]["status"] == "cast"
    # The clock of the machine goes on, then is set back: the vote's own does not follow.
    await pool.execute(
        "UPDATE resolutions SET clock = closes_at WHERE resolution_id = $1", UUID(resolution)
    )

    late = await assembly.cast(resolution, [vote])

    assert (late[0]["status"], late[0]["code"]) == ("refused", "E_CLOSED")
    await pool.execute(
        "UPDATE resolutions SET closes_at = opened_at WHERE resolution_id = $1", UUID(resolution)
    )
    async with asyncio.timeout(15):
        while (await assembly.get(f"/v1/resolutions/{resolution}/result")).status_code != 200:
            await asyncio.sleep(0.05)


async def test_a_second_call_repeats_the_agenda_days_later_with_its_own_quorum(assembly, pool):
    await assembly.adopt(second_call={"days": 8, "quorum": "0"})
    body = asked()
    address = assembly.address("resolutions")
    first = await assembly.open(**body)
    again = {**body, "id": str(uuid4()), "second_call_of": first}

    async def refused(**over):
        answer = await assembly.post(address, {**again, **over})
        return answer.status_code, answer.json()["code"], answer.json()["errors"][0]["field"]

    assert await refused() == (422, "E_SECOND_CALL", "second_call_of"), "the first is open"
    await assembly.close(first)
    assert await refused() == (422, "E_SECOND_CALL", "second_call_of"), "too early"
    await pool.execute(
        "UPDATE resolutions SET closed_at = closed_at - interval '8 days' WHERE resolution_id = $1",
        UUID(first),
    )
    assert await refused(title="Autre ordre du jour") == (422, "E_SECOND_CALL", "title")
    assert await refused(second_call_of=str(uuid4())) == (404, "E_UNKNOWN", "id")
    second = await assembly.post(address, again)
    assert (second.status_code, second.json()["call"]) == (201, 2)
    assert await refused(id=str(uuid4())) == (422, "E_SECOND_CALL", "second_call_of"), "one only"

    few = {"PRIVATE": (1, 0, 0), "DIGITAL_MEDIATION": (1, 0, 0), "INSTITUTIONAL": (1, 0, 0)}
    await assembly.split(again["id"], few)
    result = await assembly.close(again["id"])

    assert (result["quorum"], result["adopted"], result["call"]) == (True, True, 2)
    assert (await audited(assembly, again["id"])).digest == result["digest"]
    third = {**again, "id": str(uuid4()), "second_call_of": again["id"]}
    refusal = (await assembly.post(address, third)).json()
    assert refusal["code"] == "E_SECOND_CALL"
    assert refusal["detail"] == "Une seconde convocation n'est pas suivie d'une autre."


async def test_who_votes_by_proxy_carries_none(assembly, pool):
    slug, session = assembly.slug, await convene(pool, assembly.slug)
    a, b, c, d = assembly.members["DIGITAL_MEDIATION"][:4]
    await give_proxy(pool, slug, session, a, b)
    resolution = await assembly.open(session=session)
    await assembly.cast(resolution, [{"member": a, "holder": b, "choice": "for"}])
    await pool.execute("UPDATE proxies SET revoked_at = now() WHERE giver = $1", UUID(a))
    await give_proxy(pool, slug, session, b, c)
    await give_proxy(pool, slug, session, d, a)

    found = await assembly.cast(
        resolution,
        [
            {"member": b, "holder": c, "choice": "for"},
            {"member": d, "holder": a, "choice": "for"},
        ],
    )

    assert [one.get("code") for one in found] == ["E_PROXY", "E_PROXY"]
    await assembly.close(resolution)
    assert isinstance(await audited(assembly, resolution), decision.Audited)


async def test_a_strategic_committee_cites_a_version_of_the_diagnostic(assembly, pool):
    await found_committee(pool, assembly.slug, "copil", "STRATEGIC")
    await found_committee(pool, assembly.slug, "cotech", "TECHNICAL")
    session = await convene(pool, assembly.slug, committee="copil")
    address = assembly.address("resolutions")

    for over in ({"committee": "copil"}, {"session": session}):
        answer = await assembly.post(address, asked(**over))
        assert (answer.status_code, answer.json()["code"]) == (422, "E_DIAGNOSTIC")
        assert answer.json()["errors"][0]["field"] == "diagnostic_version"
    good = await assembly.post(address, asked(session=session, diagnostic_version=2))
    other = await assembly.post(address, asked(committee="cotech"))

    assert (good.status_code, good.json()["committee"]) == (201, "copil")
    assert other.status_code == 201


async def meet(assembly, committee: str) -> dict[str, int]:
    """Open a session of a committee; return who counts for its quorum, before and since."""
    body = {
        "title": "Séance",
        "starts_at": datetime.now(UTC).isoformat(),
        "urgent": True,
        "urgent_reason": "Décision attendue par un financeur",
        "committee": committee,
        "agenda": [{"title": "Feuille de route", "kind": "VOTE"}],
    }
    session = (await assembly.post(assembly.address("sessions"), body)).json()["id"]
    counts = []
    for step in (None, "open"):
        if step:
            await assembly.post(f"/v1/sessions/{session}/{step}")
        quorum = (await assembly.get(f"/v1/sessions/{session}/quorum")).json()
        counts.append({one["college"]: one["roll"] for one in quorum["colleges"]})
    assert counts[0] == counts[1]
    return {college: roll for college, roll in counts[0].items() if roll}


async def test_in_a_committee_its_seats_count_and_vote_and_all_colleges_where_it_has_none(
    assembly, pool
):
    await found_committee(pool, assembly.slug, "cotech", "TECHNICAL")
    await found_committee(pool, assembly.slug, "copil", "STEERING")
    seated = [assembly.members[college][0] for college in assembly.members]
    for member in seated:
        await seat_person(pool, assembly.slug, member, committee="cotech")

    among_seats = await assembly.open(committee="cotech")
    among_all = await assembly.open(committee="copil")

    for committee, resolution, voters in (
        ("cotech", among_seats, seated),
        ("copil", among_all, assembly.everyone()),
    ):
        roll = (await assembly.get(f"/v1/resolutions/{resolution}/roll?limit=200")).json()["items"]
        assert sorted(one["member"] for one in roll) == sorted(voters)
        assert await meet(assembly, committee) == Counter(one["college"] for one in roll)
    stranger = assembly.everyone()[-1]
    address = f"/v1/resolutions/{among_seats}/ballots"
    refused = await assembly.post(address, {"member": stranger, "choice": "for"})
    assert (stranger in seated, refused.json()["code"]) == (False, "E_ROLL")


REFUSED = {
    "a session of elsewhere": ({"session": str(uuid4())}, 404, "E_UNKNOWN", "session"),
    "a committee of elsewhere": ({"committee": "nulle-part"}, 404, "E_UNKNOWN", "committee"),
    "a rule book of no version": ({"rule_book": 99}, 404, "E_UNKNOWN", "rule_book"),
    "a chair that has no vote": ({"chair": str(uuid4())}, 422, "E_ROLL", "chair"),
    "a close in the past": ({"closes_at": "2020-01-01T00:00:00Z"}, 422, "E_FIELD", "closes_at"),
    "a close out of sight": (
        {"closes_at": "9999-12-31T23:59:59-23:00"},
        422,
        "E_FIELD",
        "closes_at",
    ),
    "a personal datum": ({"text": "Écrire à a.b@exemple.fr"}, 422, "E_PII", "text"),
    "a control character": ({"text": "a\u0000b"}, 422, "E_FIELD", "text"),
    "an award twice": ({"awards": AWARDS * 2}, 422, "E_FIELD", "awards"),
    "an organisation twice": ({"interested": ["a", "a"]}, 422, "E_FIELD", "interested"),
    "an unknown object": ({"object": "LUNCH"}, 400, "E_FIELD", "object"),
    "an unknown field": ({"secret": True}, 400, "E_FIELD", "secret"),
}


@pytest.mark.parametrize("why", REFUSED)
async def test_a_resolution_that_does_not_fit_is_refused(assembly, why):
    over, status, code, field = REFUSED[why]

    answer = await assembly.post(assembly.address("resolutions"), asked(**over))

    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), answer.text
    assert told["errors"][0]["field"] == field
    assert told["detail"][-1] in ".»"


async def test_a_session_decides_for_its_own_committee(assembly, pool):
    await found_committee(pool, assembly.slug, "cotech", "TECHNICAL")
    await found_committee(pool, assembly.slug, "copil", "STEERING")
    session = await convene(pool, assembly.slug, committee="cotech")

    answer = await assembly.post(
        assembly.address("resolutions"), asked(session=session, committee="copil")
    )

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "committee")


async def test_a_vote_needs_a_rule_book_that_names_its_colleges_and_somebody_to_vote(
    http, bearer, coordination, pool
):
    made = Assembly(http, bearer("coordinator", coordination), coordination)
    address = made.address("resolutions")

    none = await made.post(address, asked())
    await made.adopt(colleges={"PRIVATE": "1/2", "INSTITUTIONAL": "1/2"})
    nobody = await made.post(address, asked())
    await seat_members(pool, coordination, {"DIGITAL_MEDIATION": 1})
    unnamed = await made.post(address, asked())

    assert (none.status_code, none.json()["code"]) == (404, "E_UNKNOWN")
    assert (nobody.status_code, nobody.json()["code"]) == (422, "E_ROLL")
    assert (unnamed.status_code, unnamed.json()["code"]) == (422, "E_RULE")


async def test_a_rule_book_is_a_version_that_never_changes(assembly, facts_about):
    address = assembly.address("rule-books")
    model = (await assembly.get(f"{address}/model")).json()
    body = {"adopted_on": "2026-06-01", "id": str(uuid4()), **model, "threshold": "2/3"}

    first, again = [await assembly.post(address, body) for _ in range(2)]
    same_as_last = await assembly.post(address, {**body, "id": str(uuid4())})
    other = await assembly.post(address, {**body, "threshold": "3/4"})

    assert first.json() == again.json() == same_as_last.json()
    assert first.json()["version"] == 2
    assert (other.status_code, other.json()["code"]) == (409, "E_DIFFERS")
    listed = (await assembly.get(address)).json()["items"]
    assert [one["version"] for one in listed] == [2, 1]
    assert listed[1]["rule_book"] == model
    assert (await assembly.get(f"{address}/1")).json() == listed[1]
    assert (await assembly.get(f"{address}/3")).status_code == 404
    facts = await facts_about(f"{assembly.slug}/rule-books")
    assert [(fact["type"], fact["version"]) for fact in facts] == [
        ("rule_book_adopted", 1),
        ("rule_book_adopted", 2),
    ]
    assert facts[1]["sha256"] == first.json()["sha256"]


@pytest.mark.parametrize(
    ("over", "status", "field"),
    [
        ({"colleges": {"PRIVATE": "3/5", "INSTITUTIONAL": "2/5"}}, 422, "colleges"),
        ({"colleges": {"PRIVATE": "1/2", "INSTITUTIONAL": "1/4"}}, 422, "colleges"),
        ({"threshold": "1/3"}, 422, "threshold"),
        ({"quorum": "2"}, 422, "quorum"),
        ({"majority_of_colleges": 4}, 422, "majority_of_colleges"),
        ({"second_call": {"days": 8, "quorum": "3/2"}}, 422, "quorum"),
        ({"quorum": 0.5}, 400, "quorum"),
        ({"quorum": "un demi"}, 400, "quorum"),
    ],
)
async def test_a_rule_book_without_meaning_is_refused(assembly, over, status, field):
    body = {"adopted_on": "2026-06-01", "colleges": {"PRIVATE": "1/2", "INSTITUTIONAL": "1/2"}}

    answer = await assembly.post(assembly.address("rule-books"), {**body, **over})

    assert answer.status_code == status, answer.text
    assert answer.json()["errors"][0]["field"] == field


async def test_a_vote_in_progress_is_shown_to_all_when_money_is_at_stake(assembly, bearer):
    watcher = bearer("observer", assembly.slug)
    quiet, loud = await assembly.open(), await assembly.open(object="FUNDING_RULE")

    for what in ("tally", "ballots", "facts"):
        hidden = await assembly.get(f"/v1/resolutions/{quiet}/{what}", headers=watcher)
        shown = await assembly.get(f"/v1/resolutions/{loud}/{what}", headers=watcher)
        assert (hidden.status_code, hidden.json()["code"]) == (403, "E_ROLE")
        assert shown.status_code == 200
    await assembly.close(quiet)
    assert (await assembly.get(f"/v1/resolutions/{quiet}/ballots", headers=watcher)).is_success


async def test_a_vote_of_another_coordination_is_closed_to_callers(assembly, bearer):
    resolution = await assembly.open()
    stranger = bearer("secretary", "autre-lieu")

    for method, what in (
        ("GET", ""),
        ("GET", "/roll"),
        ("GET", "/tally"),
        ("GET", "/result"),
        ("GET", "/ballots"),
        ("GET", "/facts"),
        ("POST", "/close"),
    ):
        answer = await assembly.http.request(
            method, f"/v1/resolutions/{resolution}{what}", headers=stranger
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "E_ROLE"), what


async def test_what_does_not_exist_is_said(assembly):
    nothing = uuid4()
    for method, what, body in (
        ("GET", "", None),
        ("GET", "/facts", None),
        ("POST", "/close", None),
        ("POST", "/recusals", {"member": str(nothing)}),
        ("POST", "/ballots", {"member": str(nothing), "choice": "for"}),
    ):
        answer = await assembly.http.request(
            method, f"/v1/resolutions/{nothing}{what}", json=body, headers=assembly.headers
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "E_UNKNOWN"), what
    resolution = await assembly.open()
    early = await assembly.get(f"/v1/resolutions/{resolution}/result")
    assert (early.status_code, early.json()["code"]) == (409, "E_STATE")
    stranger = await assembly.post(
        f"/v1/resolutions/{resolution}/recusals", {"member": str(nothing)}
    )
    assert (stranger.status_code, stranger.json()["code"]) == (422, "E_ROLL")
    for count in (0, 501):
        votes = [{"member": str(nothing), "choice": "for"}] * count
        many = await assembly.post(f"/v1/resolutions/{resolution}/ballots", votes)
        assert (many.status_code, many.json()["code"]) == (422, "E_SIZE")


async def test_an_opinion_by_vote_is_never_recorded_by_hand(assembly):
    resolution = await assembly.open()
    body = {"title": "Avis", "adopted_on": "2026-03-19"}

    by_hand = await assembly.post(assembly.address("opinions"), {**body, "mode": "vote"})
    in_its_place = await assembly.post(assembly.address("opinions"), {**body, "id": resolution})

    assert (by_hand.status_code, by_hand.json()["errors"][0]["field"]) == (422, "mode")
    assert (in_its_place.status_code, in_its_place.json()["code"]) == (409, "E_DIFFERS")


async def test_pages_of_resolutions_rolls_and_ballots_follow_each_other(assembly):
    opened = sorted([await assembly.open() for _ in range(3)])
    await assembly.split(opened[0], W1)
    found, cursor = [], ""
    while cursor is not None:
        address = f"{assembly.address('resolutions')}?limit=2&cursor={cursor}".removesuffix(
            "&cursor="
        )
        page = (await assembly.get(address)).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["cursor"]
    assert found == opened
    for what, count in (("roll", 20), ("ballots", 15)):
        first = (await assembly.get(f"/v1/resolutions/{opened[0]}/{what}?limit=14")).json()
        rest = (
            await assembly.get(
                f"/v1/resolutions/{opened[0]}/{what}?limit=14&cursor={first['cursor']}"
            )
        ).json()
        assert (len(first["items"]), len(rest["items"])) == (14, count - 14)
        assert rest["cursor"] is None


@pytest.mark.parametrize("size", [865, 10_000])
async def test_a_roll_of_any_size_is_told_in_parts(http, bearer, coordination, pool, size):
    made = Assembly(http, bearer("secretary", coordination), coordination)
    third = size // 3
    made.members = await seat_members(
        pool,
        coordination,
        {"PRIVATE": third, "DIGITAL_MEDIATION": third, "INSTITUTIONAL": size - 2 * third},
    )
    await made.adopt(quorum_per_college=None)
    awards = [{"action": f"action-{n}", "fund": "f" * 60, "amount_cents": n} for n in range(1, 201)]
    await pool.execute("ANALYZE roll, ballots")  # Plans made for small votes serve this one too.
    resolution = await made.open(awards=awards)
    everyone = made.everyone()
    for start in range(0, len(everyone), 500):
        await made.cast(
            resolution, [{"member": one, "choice": "for"} for one in everyone[start : start + 500]]
        )

    result = await made.close(resolution)

    assert result["ballots"] == size
    found = await audited(made, resolution)
    assert (found.ballots, found.digest) == (size, result["digest"])
    rows = await pool.fetch(
        "SELECT octet_length(data) AS size FROM ev WHERE aggregate = $1", resolution
    )
    assert max(row["size"] for row in rows) < 64 * 1024
    first = json.loads((await made.facts(resolution)).partition("\n")[0])
    assert first["data"]["roll_members"] == size
