"""What comes out of meetings: kept, told once, found by kind and by committee."""

from uuid import uuid4

import pytest

OUTPUT = {"kind": "NEED", "text": "Des parents perdus devant l'ENT", "concerns": "éducation"}


@pytest.fixture
async def breakfast(assembly):
    """A thematic meeting of a committee that meets each month."""
    committee = await assembly.committee("petits-dejeuners", meets_every_days=31)
    return await assembly.open(assembly.meeting(committee=committee))


def refusal(answer):
    return answer.status_code, answer.json()["code"], answer.json()["errors"][0]["field"]


async def test_what_comes_out_of_a_meeting_is_kept_told_once_and_found(
    assembly, breakfast, facts_about
):
    other = await assembly.open(assembly.meeting())
    asked = {**OUTPUT, "id": str(uuid4())}

    answers = [await assembly.post(f"{breakfast}/outputs", asked) for _ in range(2)]
    keyed = [
        await assembly.post(
            f"{breakfast}/outputs",
            {"kind": "ORIENTATION", "text": "Envoyer vers la médiathèque"},
            headers={**assembly.bearer(), "Idempotency-Key": "une-fois"},
        )
        for _ in range(2)
    ]
    await assembly.post(f"{other}/outputs", {"kind": "ACTION", "text": "Une permanence le samedi"})

    assert [one.status_code for one in (*answers, *keyed)] == [201] * 4
    assert answers[0].json() == answers[1].json()
    assert keyed[0].json()["id"] == keyed[1].json()["id"]
    told = [
        (one["kind"], one["text"])
        for one in await facts_about(breakfast.rpartition("/")[2])
        if one["type"] == "session_output_recorded"
    ]
    assert told == [
        (OUTPUT["kind"], OUTPUT["text"]),
        ("ORIENTATION", "Envoyer vers la médiathèque"),
    ]

    async def found(**asked):
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        page = (await assembly.get(assembly.at(f"session-outputs?{query}"))).json()
        return [one["kind"] for one in page["items"]], page["cursor"]

    assert (await found(committee="petits-dejeuners", kind="NEED"))[0] == ["NEED"]
    assert sorted((await found(session=breakfast.rpartition("/")[2]))[0]) == ["NEED", "ORIENTATION"]
    seen, cursor = [], None
    for _ in range(3):
        kinds, cursor = await found(limit=1, **({"cursor": cursor} if cursor else {}))
        seen += kinds
    assert (sorted(seen), cursor) == (["ACTION", "NEED", "ORIENTATION"], None)


async def test_an_output_that_does_not_fit_is_refused(assembly, breakfast):
    asked = {**OUTPUT, "id": str(uuid4())}
    await assembly.post(f"{breakfast}/outputs", asked)
    to_come = await assembly.convene(assembly.later())

    differs = await assembly.post(f"{breakfast}/outputs", {**asked, "text": "Autre chose"})
    early = await assembly.post(f"{to_come}/outputs", OUTPUT)
    nowhere = await assembly.post(f"/v1/sessions/{uuid4()}/outputs", OUTPUT)
    person = await assembly.post(
        f"{breakfast}/outputs", {**OUTPUT, "concerns": "camille@exemple.fr"}
    )
    reader = await assembly.post(f"{breakfast}/outputs", OUTPUT, role="observer")
    stranger = await assembly.post(
        f"{breakfast}/outputs", OUTPUT, role="secretary", coordination="ailleurs"
    )

    assert refusal(differs) == (409, "E_DIFFERS", "id")
    assert refusal(early) == (409, "E_STATE", "state")
    assert refusal(nowhere) == (404, "E_UNKNOWN", "id")
    assert refusal(person) == (422, "E_PII", "concerns")
    assert (reader.status_code, stranger.status_code) == (403, 403)
