"""A signal gets the same checks and the same answer by NATS and by HTTP, in each of its forms."""

import base64
import json
from urllib.parse import quote

import msgspec

from contracts.streams import PUB, durables_of
from services.chassis.streams import Message
from tests.integration.conftest import COORDINATION, until
from tests.integration.edge.cases import Case, cases, is_uuid
from tests.integration.edge.conftest import Edge

SUBJECT = f"in.caf-31.{COORDINATION}.exposure_count.v1"
Verdict = tuple[str, str | None, str | None, str | None]


def structured(case: Case) -> dict[str, object]:
    """Return a case as structured JSON; what is no JSON travels in base 64."""
    try:
        return {**case.attributes, "data": json.loads(case.body)}
    except ValueError:
        return {**case.attributes, "data_base64": base64.b64encode(case.body).decode()}


async def over_http(edge: Edge, told: list[Case], form: str) -> list[Verdict]:
    """Send cases in one of the forms and return what is said of each."""
    documents = [structured(one) for one in told]
    if form == "application/cloudevents-batch+json":
        bodies = [json.dumps(documents)]
    elif form == "application/x-ndjson":
        bodies = ["\n".join(map(json.dumps, documents))]
    else:
        bodies = list(map(json.dumps, documents))
    found = []
    for body in bodies:
        headers = {**edge.system_of("caf-31"), "Content-Type": form}
        answer = await edge.ask("/v1/signals", verb="POST", content=body, headers=headers)
        assert answer.status_code == 202, answer.text
        found += answer.json()["items"]
    return [(one["status"], one["code"], one["field"], one["detail"]) for one in found]


async def over_nats(edge: Edge, told: list[Case]) -> list[Verdict]:
    """Publish cases and return what is answered to each; no answer is `kept`, as the receipts say."""
    caf = await edge.user("caf-31")
    places = []
    for one in told:
        headers = {
            f"ce-{name}": quote(value, safe="!#$&'()*+,-./:;<=>?@[]^_`{|}~")
            for name, value in one.attributes.items()
        }
        places.append(await caf.publish(Message(SUBJECT, one.body, headers)))
    rows = {}

    async def all_received() -> bool:
        found = await edge.service.pool.fetch(
            "SELECT in_seq, status FROM receipts WHERE in_seq > 0"
        )
        rows.update({row["in_seq"]: row["status"] for row in found})
        return len(rows) == len(places)

    await until(all_received, 30)
    answers = {}
    durable = durables_of("caf-31")["answers"]
    while len(answers) < list(rows.values()).count("refused"):
        for message in await caf.pull(PUB, durable, most=500, seconds=5):
            data = msgspec.json.decode(message.data)
            answers[data["in_seq"]] = ("refused", data["code"], data["field"], data["detail"])
    return [answers.get(place, (rows[place], None, None, None)) for place in places]


async def test_the_same_signals_are_answered_the_same_by_nats_and_by_http(edge: Edge):
    told = list(cases())
    assert len(told) >= 60
    by_nats = await over_nats(edge, told)

    for form in (
        "application/cloudevents+json",
        "application/cloudevents-batch+json",
        "application/x-ndjson",
    ):
        by_http = await over_http(edge, [one.again() for one in told], form)
        differ = [
            (one.name, nats, http)
            for one, nats, http in zip(told, by_nats, by_http, strict=True)
            if nats != http
        ]
        assert differ == []
    assert sum(verdict[0] == "kept" for verdict in by_nats) >= 4
    assert len({verdict[1] for verdict in by_nats}) >= 8, "the cases meet most refusals"


def test_a_case_sent_again_is_another_event():
    one = next(cases())
    assert is_uuid(one.attributes["id"])
    assert one.again().attributes["id"] != one.attributes["id"]
