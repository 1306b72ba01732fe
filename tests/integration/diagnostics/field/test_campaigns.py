"""Survey campaigns: closed questions in, counts by commune out, never anyone's own answers."""

import csv
from io import BytesIO, StringIO
from uuid import uuid4

import openpyxl
import pytest

from tests.integration.diagnostics.field.site import (
    AUZEVILLE,
    ELSEWHERE,
    LABEGE,
    RAMONVILLE,
    campaign,
    refused,
    step,
)

HEADER = "commune;question;reponse;effectif\n"
FILE = HEADER + (
    f"{LABEGE};respondents;all;120\n"
    f"{LABEGE};usage;write;60\n"
    f"{LABEGE};usage;buy;s\n"
    f"{LABEGE};ease;1;40\n"
    f"{LABEGE};ease;4;80\n"
    f"{AUZEVILLE};ease;2;11\n"
    f"{AUZEVILLE};ease;3;s\n"
    f"{AUZEVILLE};usage;buy;0\n"
)


async def load(site, name, text, headers=None, **params):
    """Send a file of results."""
    return await site.http.post(
        site.address(f"surveys/{name}/results"),
        content=text.encode(),
        headers=headers or site.headers,
        params=params,
    )


async def report(site, name, text, **params):
    """Send a file of results and return what became of its rows."""
    answer = await load(site, name, text, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_counts_come_in_by_commune_and_are_read_with_their_questions(site):
    name = await site.open_campaign()

    told = await report(site, name, FILE)

    assert (told["read"], told["accepted"], told["refused"]) == (8, 8, [])
    found = await site.read(f"surveys/{name}/results")
    assert [one["commune"] for one in found["items"]] == [AUZEVILLE, LABEGE]
    here = found["items"][1]
    assert here["respondents"] == 120
    usage, ease = here["questions"]
    assert usage["text"] == "Que faites-vous en ligne ?"
    assert [(one["answer"], one["label"], one["count"]) for one in usage["answers"]] == [
        ("write", "Écrire à mes proches", 60),
        ("buy", "Acheter", None),
    ]
    assert ease["mean"] == "3", "40 people say 1 and 80 say 4"
    there = found["items"][0]
    assert [one["mean"] for one in there["questions"]] == [None, None], "a secret part has no mean"
    assert there["respondents"] is None
    only = await site.read(f"surveys/{name}/results", commune=LABEGE)
    assert only["items"] == [here]
    first = await site.read(f"surveys/{name}/results", limit=1)
    rest = await site.read(f"surveys/{name}/results", limit=1, cursor=first["cursor"])
    assert first["items"] + rest["items"] == found["items"]
    assert rest["cursor"] is None


async def test_a_member_is_told_no_answer_that_the_others_would_give_away(site):
    """120 people answered and 112 of them one thing: those who said the other are eight."""
    name = await site.open_campaign()
    await report(
        site,
        name,
        HEADER
        + f"{LABEGE};respondents;all;120\n{LABEGE};ease;1;s\n{LABEGE};ease;4;112\n"
        + f"{LABEGE};usage;write;60\n{LABEGE};usage;buy;s\n",
    )

    async def told(headers=None):
        (here,) = (await site.read(f"surveys/{name}/results", headers))["items"]
        usage, ease = ([one["count"] for one in two["answers"]] for two in here["questions"])
        return here["respondents"], usage, ease

    assert await told() == (120, [60, None], [None, 112])
    member = site.as_role("member", "caf-31")
    assert await told(member) == (120, [60, None], [None, None]), (
        "several answers add up to nothing"
    )
    file = await site.get(f"surveys/{name}/results/export", member)
    assert ",112," not in file.text
    assert ",120," in file.text


async def test_the_same_file_twice_changes_nothing_and_a_new_count_is_a_revision(site):
    name = await site.open_campaign()
    await report(site, name, FILE)

    again = await report(site, name, FILE)
    changed = await report(site, name, FILE.replace("write;60", "write;61"))

    assert (again["accepted"], again["unchanged"]) == (0, 8)
    assert (changed["accepted"], changed["unchanged"]) == (1, 7)
    found = (await site.read(f"surveys/{name}/results", commune=LABEGE))["items"][0]
    assert found["questions"][0]["answers"][0] == {
        "answer": "write",
        "label": "Écrire à mes proches",
        "count": 61,
        "revision": 2,
    }


async def test_a_bad_row_loses_itself_alone_and_says_why(site):
    name = await site.open_campaign()
    rows = [
        (f"{LABEGE};usage;write;60", None, None),
        (f"{LABEGE};usage;buy;10", "count", "E_SMALL"),
        (f"{ELSEWHERE};usage;buy;20", "commune", "E_FIELD"),
        (f"{LABEGE};colour;blue;20", "question", "E_FIELD"),
        (f"{LABEGE};usage;fly;20", "answer", "E_FIELD"),
        (f"{LABEGE};ease;5;20", "answer", "E_FIELD"),
        (f"{LABEGE};usage;write;70", None, "E_FIELD"),
        (f"{LABEGE};ease;1;-4", "count", "E_FIELD"),
        (f"{LABEGE};ease;2;environ 20", "count", "E_FIELD"),
        (f"{LABEGE};ease;3;0", None, None),
        (f"{LABEGE};ease;4;11", None, None),
    ]

    told = await report(site, name, HEADER + "\n".join(row for row, _, _ in rows) + "\n")

    wrong = [(line, column, code) for line, (_, column, code) in enumerate(rows, start=2) if code]
    assert [(one["line"], one["column"], one["code"]) for one in told["refused"]] == wrong
    assert all(one["detail"].endswith(".") for one in told["refused"])
    assert (told["read"], told["accepted"]) == (11, 3)
    (found,) = (await site.read(f"surveys/{name}/results"))["items"]
    kept = [one["count"] for asked in found["questions"] for one in asked["answers"]]
    assert kept == [60, 0, 11]


async def test_a_dry_run_tells_the_same_and_keeps_nothing(site):
    name = await site.open_campaign()
    told = await report(site, name, FILE, dry_run=True)
    assert told["accepted"] == 8
    assert (await site.read(f"surveys/{name}/results"))["items"] == []


async def test_the_threshold_is_the_campaigns_own(site):
    name = await site.open_campaign(threshold=5)
    told = await report(site, name, HEADER + f"{LABEGE};ease;1;5\n{LABEGE};ease;2;4\n")
    assert [one["line"] for one in told["refused"]] == [3]
    low = campaign(threshold=4)
    refused(await site.post("surveys", low), 400, "E_FIELD", "threshold")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("repondant;commune;question;reponse", "E_PERSON"),
        ("commune;question;reponse;effectif;age", "E_PERSON"),
        ("Horodateur;commune;question;reponse;effectif", "E_PERSON"),
        ("Prénom;commune;question;reponse;effectif", "E_PERSON"),
        ("commune;question;reponse", "E_PERSON"),
        ("commune;question;reponse;effectif;couleur", "E_FIELD"),
    ],
)
async def test_a_file_of_peoples_own_answers_never_enters(site, header, code):
    name = await site.open_campaign()
    cells = {"commune": LABEGE, "question": "usage", "reponse": "write", "effectif": "60"}
    row = ";".join(cells.get(column, "1") for column in header.split(";"))
    refused(await load(site, name, f"{header}\n{row}\n"), 422, code, "file")
    assert (await site.read(f"surveys/{name}/results"))["items"] == []


async def test_a_campaign_is_prepared_then_opened_once_then_closed(site):
    body = campaign()
    name = body["id"]
    planned = await site.made("surveys", body)
    assert (planned["state"], planned["opened_on"]) == ("DRAFT", None)
    refused(await load(site, name, FILE), 409, "E_STATE", "state")
    address = f"surveys/{name}/steps"
    for state in ("CLOSED", "DRAFT"):
        answer = await site.post(address, {"state": state, "on": "2026-02-01"})
        refused(answer, 409, "E_STATE", "state")

    renamed = await site.http.put(
        site.address(f"surveys/{name}"), json={**body, "title": "Autre"}, headers=site.headers
    )
    assert renamed.json()["title"] == "Autre"
    opened = await site.made(address, {"state": "OPEN", "on": "2026-02-01"})
    assert opened["state"] == "OPEN"
    assert await site.made(address, {"state": "OPEN", "on": "2026-02-01"}) == opened
    late = await site.http.put(site.address(f"surveys/{name}"), json=body, headers=site.headers)
    assert "préparez-en une autre" in refused(late, 409, "E_STATE", "state")
    answer = await site.post(address, {"state": "CLOSED", "on": "2026-01-31"})
    refused(answer, 422, "E_FIELD", "on")
    closed = await site.made(address, {"state": "CLOSED", "on": "2026-03-31"})
    assert (closed["state"], closed["closed_on"]) == ("CLOSED", "2026-03-31")
    for state in ("OPEN", "DRAFT"):
        answer = await site.post(address, {"state": state, "on": "2026-04-01"})
        refused(answer, 409, "E_STATE", "state")
    assert (await report(site, name, FILE))["accepted"] == 8, "counts come after the field work"


def scale(**changed):
    """Return a scale."""
    return {
        "question": "ease",
        "text": "Êtes-vous à l'aise ?",
        "topic": "SKILLS",
        "kind": "SCALE",
        "scale_max": 4,
        **changed,
    }


@pytest.mark.parametrize(
    ("changed", "status", "code", "field"),
    [
        ({"questions": [scale(scale_max=None)]}, 422, "E_FIELD", "questions.0"),
        ({"questions": [scale(kind="SINGLE")]}, 422, "E_FIELD", "questions.0"),
        ({"questions": [scale(kind="MULTIPLE", scale_max=None)]}, 422, "E_FIELD", "questions.0"),
        ({"questions": [scale(), scale()]}, 422, "E_FIELD", "questions"),
        ({"questions": [scale(question="respondents")]}, 422, "E_FIELD", "questions"),
        ({"questions": [scale(kind="TEXT")]}, 400, "E_FIELD", "questions[0].kind"),
        ({"questions": [scale(question=f"q{n}") for n in range(21)]}, 400, "E_FIELD", "questions"),
        ({"questions": [scale(text="Écrire à a@b.fr")]}, 422, "E_PII", "questions.0.text"),
        ({"title": "Rappeler le 06 12 34 56 78"}, 422, "E_PII", "title"),
        ({"communes": [ELSEWHERE]}, 422, "E_FIELD", "communes"),
        ({"ends_on": "2025-01-01"}, 422, "E_FIELD", "ends_on"),
        ({"subject": "poste-1"}, 422, "E_FIELD", "subject"),
        ({"subject_kind": "POST"}, 422, "E_FIELD", "subject"),
        ({"name": "x"}, 400, "E_FIELD", "name"),
    ],
)
async def test_a_campaign_asks_closed_questions_of_communes_of_here(
    site, changed, status, code, field
):
    refused(await site.post("surveys", campaign(**changed)), status, code, field)
    assert (await site.read("surveys"))["items"] == []


async def test_twenty_questions_may_be_asked_and_none_may_not(site):
    twenty = [scale(question=f"q{number}") for number in range(20)]
    assert len((await site.made("surveys", campaign(questions=twenty)))["questions"]) == 20
    empty = await site.made("surveys", campaign(questions=[]))
    answer = await site.post(f"surveys/{empty['id']}/steps", {"state": "OPEN", "on": "2026-02-01"})
    refused(answer, 422, "E_FIELD", "questions")


async def test_the_same_campaign_again_answers_the_same(site):
    body = campaign()
    first = await site.made("surveys", body)
    assert await site.made("surveys", body) == first
    refused(await site.post("surveys", {**body, "title": "Autre"}), 409, "E_DIFFERS", "id")
    await site.made(f"surveys/{body['id']}/steps", {"state": "OPEN", "on": "2026-02-01"})
    assert (await site.made("surveys", body))["state"] == "OPEN"


async def test_campaigns_are_listed_by_state_commune_and_subject(site):
    draft = (await site.made("surveys", campaign(communes=[RAMONVILLE])))["id"]
    about = await site.open_campaign(subject_kind="POST", subject="poste-1")

    async def listed(**kept):
        return {one["id"] for one in (await site.read("surveys", **kept))["items"]}

    assert await listed() == {draft, about}
    assert await listed(state="DRAFT") == await listed(commune=RAMONVILLE) == {draft}
    assert await listed(subject_kind="POST", subject="poste-1") == {about}
    first = await site.read("surveys", limit=1)
    rest = await site.read("surveys", limit=1, cursor=first["cursor"])
    assert {first["items"][0]["id"], rest["items"][0]["id"]} == {draft, about}


async def test_what_follows_is_counted_from_interest_to_reached(site):
    name = await site.open_campaign()

    def stage(which, count, commune=LABEGE, told_on="2026-03-01"):
        return {"commune": commune, "stage": which, "count": count, "told_on": told_on}

    async def put(*items):
        return await site.http.put(
            site.address(f"surveys/{name}/follow-up"),
            json={"items": list(items)},
            headers=site.headers,
        )

    refused(await put(stage("REACHED", 3)), 409, "E_STATE", "stage")
    refused(await put(stage("WORKSHOP_PLANNED", 3)), 409, "E_STATE", "stage")
    refused(await put(stage("INTERESTED", 3, RAMONVILLE)), 422, "E_FIELD", "commune")
    twice = [stage("INTERESTED", 3), stage("INTERESTED", 4)]
    refused(await put(*twice), 422, "E_FIELD", "items")
    refused(await put(stage("INTERESTED", 3, told_on="2099-01-01")), 422, "E_FIELD", "told_on")
    answer = await put(stage("WORKSHOP_PLANNED", 6), stage("INTERESTED", 14))
    assert answer.status_code == 200, answer.text
    await put(stage("REACHED", 5))
    await put(stage("REACHED", 8))

    (found,) = (await site.read(f"surveys/{name}/results"))["items"]
    assert {one["stage"]: one["count"] for one in found["follow_up"]} == {
        "INTERESTED": 14,
        "WORKSHOP_PLANNED": 6,
        "REACHED": 8,
    }


async def test_results_leave_as_a_table_and_as_a_workbook(site):
    name = await site.open_campaign(title="=Enquête")
    await report(site, name, FILE)
    address = f"surveys/{name}/results/export"

    as_text = await site.get(address, kind="csv")
    as_book = await site.get(address, kind="xlsx")

    assert as_text.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(as_text.content.decode("utf-8-sig"))))
    counts = {(row["commune"], row["question"], row["reponse"]): row["effectif"] for row in rows}
    sent = {tuple(line.split(";")[:3]): line.split(";")[3] for line in FILE.splitlines()[1:]}
    assert counts == sent
    assert {row["operateur"] for row in rows} == {"la-poste"}
    assert {row["enquete"] for row in rows} == {"'=Enquête"}
    sheet = openpyxl.load_workbook(BytesIO(as_book.content))["Résultats"]
    cells = [tuple(cell or "" for cell in row) for row in sheet.iter_rows(values_only=True)]
    plain = [tuple(row.values()) for row in rows]
    assert [row[:6] for row in cells[1:]] == [row[:6] for row in plain]


async def test_satisfaction_with_a_post_is_read_by_question(site):
    question = scale(question="happy", topic="SATISFACTION", text="Êtes-vous satisfait ?")
    name = await site.open_campaign(
        subject_kind="POST", subject="poste-1", questions=[question, scale()]
    )
    rows = (
        f"{LABEGE};happy;4;30\n{AUZEVILLE};happy;1;15\n{LABEGE};ease;1;s\n{AUZEVILLE};ease;2;20\n"
    )
    await report(site, name, HEADER + rows)

    found = await site.read("satisfaction", subject_kind="POST", subject="poste-1")

    told = {
        one["question"]: (one["known"], one["secret_parts"], one["mean"]) for one in found["items"]
    }
    assert told == {"happy": (45, 0, "3"), "ease": (20, 1, None)}
    none = await site.read("satisfaction", subject_kind="ACTION", subject="poste-1")
    assert none["items"] == []


async def test_an_element_is_surveyed_by_an_open_campaign_of_its_communes(site, elsewhere):
    element = await site.observed(communes=[LABEGE])
    address = f"elements/{element}/steps"
    draft = (await site.made("surveys", campaign()))["id"]
    far = await site.open_campaign(communes=[RAMONVILLE])
    foreign = await elsewhere.open_campaign()
    for name, status, code in (
        (draft, 404, "E_UNKNOWN"),
        (foreign, 404, "E_UNKNOWN"),
        (str(uuid4()), 404, "E_UNKNOWN"),
        (far, 422, "E_FIELD"),
    ):
        refused(await site.post(address, step("SURVEYED", campaign=name)), status, code, "campaign")
    name = await site.open_campaign()
    told = await site.made(address, step("SURVEYED", campaign=name))
    assert told["steps"][0]["campaign"] == name
