"""Minutes: written once, byte for byte the same ever after, signed, corrected by a version more."""

import hashlib
from uuid import UUID, uuid4

import pytest

from tests.integration.members.assembly import refusal


@pytest.fixture
async def held(assembly):
    """A session that was held: its address, and its minutes as they were at the close."""
    private, mediation, institutional = assembly.members.values()
    body = assembly.meeting(agenda=[{"title": "Priorités *2027*", "kind": "VOTE"}])
    address = await assembly.open(body)
    seat, _ = await assembly.seat(private[0], kind="ELECTED")
    items = [{"member": private[0], "seat": seat}, {"member": mediation[0]}]
    await assembly.post(f"{address}/attendances", {"items": items})
    proxy = {"giver": private[1], "holder": private[0], "given_on": "2026-01-05"}
    await assembly.post(f"{address}/proxies", proxy)
    opinion = {
        "reference": "FICTIF-2026-AVIS-07",
        "title": "Avis sur les priorités",
        "adopted_on": "2026-11-01",
        "session": body["id"],
        "object": "PRIORITIES",
        "remarks": [
            {"kind": "RESERVATION", "member": institutional[0], "text": "Trop peu de moyens."}
        ],
    }
    recorded = await assembly.post(assembly.at("opinions"), opinion)
    assert recorded.status_code == 201, recorded.text
    closed = await assembly.post(f"{address}/close")
    assert closed.status_code == 200, closed.text
    minutes = await assembly.get(f"{address}/minutes")
    return address, closed.json(), minutes


async def test_minutes_tell_who_was_there_what_was_decided_and_no_persons_name(held):
    _, closed, minutes = held

    assert closed["state"] == "HELD"
    assert minutes.headers["content-type"] == "text/markdown; charset=utf-8"
    for line in (
        "- Organisme PRIVATE 0 : titulaire, siège élu, de ",
        "- Organisme PRIVATE 1 : pouvoir à Organisme PRIVATE 0",
        "- Organisme PRIVATE 2 : absent",
        "- Organisme DIGITAL\\_MEDIATION 0 : sans siège nommé, de ",
        "- Collège privé : 1 présents et 1 représentés sur 4, soit 1/2 (poids 1/3)",
        "1. Priorités \\*2027\\* (vote)",
        "- FICTIF-2026-AVIS-07 : Avis sur les priorités ; adopté par consensus, objections : 0, "
        "réserves : 1",
        "  - Réserve de Organisme INSTITUTIONAL 0 : Trop peu de moyens.",
    ):
        assert line in minutes.text
    assert "Camille" not in minutes.text


async def test_minutes_hash_to_what_the_session_and_its_fact_say(held, facts_about):
    _, closed, minutes = held

    digest = hashlib.sha256(minutes.content).hexdigest()

    assert closed["minutes_sha256"] == digest
    assert minutes.headers["etag"] == f'"{digest}"'
    fact = (await facts_about(closed["id"]))[-1]
    assert (fact["type"], fact["minutes_sha256"]) == ("session_held", digest)


async def test_minutes_stay_the_same_whatever_changes_after(assembly, held):
    address, closed, minutes = held
    for statement in (
        "UPDATE members SET state = 'WITHDRAWN' WHERE coordination = $1",
        "UPDATE organizations SET name = 'Renommé' WHERE organization IN"
        " (SELECT organization FROM members WHERE coordination = $1)",
        "UPDATE seats SET valid_until = valid_from WHERE coordination = $1",
        "UPDATE coordinations SET name = 'Autre nom' WHERE coordination = $1",
        "UPDATE attendances SET left_at = present_from WHERE coordination = $1",
    ):
        await assembly.pool.execute(statement, assembly.slug)
    late = {
        "title": "Avis tardif",
        "adopted_on": "2026-11-01",
        "session": closed["id"],
        "minutes_sha256": closed["minutes_sha256"],
    }
    assert (await assembly.post(assembly.at("opinions"), late)).status_code == 201

    again = await assembly.post(f"{address}/close")
    read = await assembly.get(f"{address}/minutes")

    assert again.json() == closed
    assert read.content == minutes.content


async def test_the_database_itself_refuses_minutes_that_do_not_hash(assembly, held):
    _, closed, _ = held

    with pytest.raises(Exception, match="check"):
        await assembly.pool.execute(
            "UPDATE minutes SET text = text || ' ' WHERE session_id = $1", UUID(closed["id"])
        )


async def test_a_correction_is_a_version_that_cites_the_one_before(assembly, held, facts_about):
    address, closed, minutes = held
    asked = {
        "corrects_sha256": closed["minutes_sha256"],
        "reason": "Erreur de pointage",
        "corrections": ["Le département était présent."],
    }

    first, again = [await assembly.post(f"{address}/minutes/correct", asked) for _ in range(2)]
    stale = await assembly.post(f"{address}/minutes/correct", {**asked, "reason": "Autre"})

    assert first.status_code == 201
    assert first.json() == again.json()
    known, following = first.json()["items"]
    assert following["corrects_sha256"] == known["sha256"] == closed["minutes_sha256"]
    assert refusal(stale) == (409, "E_DIFFERS", "corrects_sha256")
    last = await assembly.get(f"{address}/minutes")
    assert hashlib.sha256(last.content).hexdigest() == following["sha256"]
    assert last.text.startswith(minutes.text)
    assert f"Corrige la version 1, SHA-256 {known['sha256']}" in last.text
    assert (await assembly.get(f"{address}/minutes?version=1")).content == minutes.content
    fact = (await facts_about(closed["id"]))[-1]
    assert (fact["type"], fact["version"]) == ("minutes_corrected", 2)
    session = await assembly.get(address)
    assert session.json()["minutes_sha256"] == closed["minutes_sha256"]


async def test_a_correction_with_a_persons_data_is_refused(assembly, held):
    address, closed, _ = held
    asked = {
        "corrects_sha256": closed["minutes_sha256"],
        "reason": "Coordonnées",
        "corrections": ["Écrire à camille@exemple.fr"],
    }

    answer = await assembly.post(f"{address}/minutes/correct", asked)

    assert refusal(answer)[:2] == (422, "E_PII")


async def test_minutes_are_signed_once_by_a_subject_in_one_quality(assembly, held):
    address, _, _ = held
    chair = {"role": "elected", "coordination": assembly.slug}

    first, again = [
        await assembly.post(f"{address}/minutes/sign", {"quality": "CHAIR"}, **chair)
        for _ in range(2)
    ]
    other = await assembly.post(f"{address}/minutes/sign", {"quality": "SECRETARY"}, **chair)
    none = await assembly.post(f"{address}/minutes/sign", {"quality": "CHAIR", "version": 2})

    assert first.json() == again.json()
    (version,) = first.json()["items"]
    assert [(one["subject"], one["quality"]) for one in version["signatures"]] == [
        (f"elected@{assembly.slug}", "CHAIR")
    ]
    assert refusal(other) == (409, "E_DIFFERS", "quality")
    assert refusal(none) == (404, "E_UNKNOWN", "version")


async def test_minutes_exist_once_the_session_was_held(assembly):
    address = await assembly.open()

    assert refusal(await assembly.get(f"{address}/minutes")) == (404, "E_UNKNOWN", "version")
    signed = await assembly.post(f"{address}/minutes/sign", {"quality": "CHAIR"})
    assert refusal(signed) == (404, "E_UNKNOWN", "version")
    asked = {"corrects_sha256": "a" * 64, "reason": "Non", "corrections": ["Non"]}
    corrected = await assembly.post(f"{address}/minutes/correct", asked)
    assert refusal(corrected) == (404, "E_UNKNOWN", "version")


async def test_an_opinion_cites_a_session_of_its_own_coordination_that_opened(assembly):
    convened = await assembly.convene(assembly.later())
    body = {"title": "Avis", "adopted_on": "2026-11-01"}

    for session in (convened.rpartition("/")[2], str(uuid4())):
        answer = await assembly.post(assembly.at("opinions"), {**body, "session": session})
        assert refusal(answer) == (422, "E_UNKNOWN", "session")
    opened = (await assembly.open()).rpartition("/")[2]
    elsewhere = f"/v1/coordinations/{await assembly.elsewhere()}/opinions"
    answer = await assembly.post(elsewhere, {**body, "session": opened})
    assert refusal(answer) == (422, "E_UNKNOWN", "session")
