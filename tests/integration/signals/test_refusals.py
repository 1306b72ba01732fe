"""Every refusal of a signal reaches its sender, by NATS and by HTTP: none is forgotten."""

import ast
import json
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest

from contracts.privacy import Kind
from contracts.streams import MESSAGE_BYTES_MAX
from services.chassis.streams import StreamRefusal
from tests.conftest import ROOT
from tests.integration.conftest import until
from tests.integration.signals.conftest import CAF

DECIDED_IN = (
    *sorted((ROOT / "services/exchange/model").glob("__init__.py")),
    ROOT / "services/diagnostics/model/rules.py",
    ROOT / "contracts/refusals.py",
)
PERSONAL = {
    "NIR": "2 95 10 99 126 111 93",
    "EMAIL": "zoe.canari@exemple.test",
    "PHONE": "06 12 34 56 78",
    "IBAN": "FR76 3000 6000 0112 3456 7890 189",
    "BIRTH_DATE": "née le 12/03/1980",
    "FILE_NUMBER": "allocataire n° 1234567",
}
HUGE = "x" * (MESSAGE_BYTES_MAX + 10)


def codes_in_the_code() -> set[str]:
    """Return every code that a rule on signals may give, read from the sources themselves."""
    found: set[str] = set()
    for path in DECIDED_IN:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
                if text == "E_PII_":
                    found |= {f"E_PII_{kind.value}" for kind in Kind}
                elif text.startswith("E_") and text.isupper():
                    found.add(text)
    return found


class Case:
    """One way to be refused: what is sent before, what is sent, and how it differs."""

    def __init__(self, code, field, *, before=None, data=None, kind="signal", event=None, **over):
        self.code, self.field, self.before, self.kind = code, field, before, kind
        self.data, self.event, self.over = data or {}, event or {}, over

    def __str__(self):
        return f"{self.code}-{self.kind}-{'+'.join([*self.data, *self.event])}"


CASES = [
    Case("E_INSTITUTION", "", institution="nobody-here"),
    Case("E_COORDINATION", "", coordination="nowhere-at-all"),
    Case("E_ENVELOPE", "specversion", event={"specversion": "0.3"}),
    Case("E_ENVELOPE", "time", event={"time": "yesterday"}),
    Case("E_SIZE", "", data={"measure": HUGE}),
    Case("E_SOURCE", "ce-source", event={"source": "urn:ctin:institution:la-poste"}),
    Case("E_TYPE", "ce-type", event={"type": "fr.ctin.signals.anything.v1"}),
    Case("E_FIELD", "count", data={"count": True}),
    Case("E_FIELD", "extra", data={"extra": 1}),
    Case("E_FIELD", "denominator", data={"denominator": 200}),
    Case(
        "E_FIELD", "count", data={"measure": "compte_connecte", "unit": "rate", "denominator": 50}
    ),
    Case(
        "E_FIELD",
        "breakdown",
        data={"age_band": "a", "household_type": "b", "equipment": "c"},
    ),
    Case("E_ENCODING", "", data={"measure": "caf\udce9"}),
    Case("E_AGREEMENT", "agreement", data={"agreement": "00000000-0000-4000-8000-000000000000"}),
    Case("E_AGREEMENT", "licence", data={"agreement": None, "licence": "unknown-licence"}),
    Case("E_AGREEMENT", "agreement", data={"licence": "cnaf-open-data"}),
    Case("E_PERSON", "nom", data={"nom": "Canari"}),
    Case("E_TEXT", "comment", data={"comment": "des gens du quartier"}),
    Case("E_PURPOSE", "purpose", data={"purpose": "something_else"}),
    Case("E_AREA", "area_code", data={"area_code": "75056"}),
    Case("E_AREA", "area_code", data={"area_code": "311130101"}),
    Case("E_VOCABULARY", "measure", data={"measure": "anything"}),
    Case("E_VOCABULARY", "unit", data={"unit": "visit"}),
    Case("E_VOCABULARY", "problem", kind="need", data={"problem": "anything"}),
    Case("E_SMALL", "count", data={"count": 10}),
    Case("E_SMALL", "count", data={"count": 4, "agreement": None, "licence": "cnaf-open-data"}),
    Case("E_REVISION", "revision", before={"revision": 5}),
    Case("E_DIFFERS", "revision", before={"count": 55}),
    Case("E_DIFFERS", "signal_id", before={"signal_id": "other"}),
    Case("E_DIFFERS", "signal_id", before={"period": "2020"}, data={"revision": 2}),
    Case("E_UNKNOWN", "signal_id", kind="withdrawal"),
    *(
        Case(f"E_PII_{kind}", "", data={"measure": text}, personal=True)
        for kind, text in PERSONAL.items()
    ),
    *(
        Case(f"E_PII_{kind}", "", event={"id": text}, personal=True)
        for kind, text in PERSONAL.items()
    ),
]


def test_the_table_has_every_code_that_the_rules_may_give():
    assert {case.code for case in CASES} == codes_in_the_code()


def test_a_code_more_would_be_seen():
    assert {case.code for case in CASES if case.code != "E_SMALL"} != codes_in_the_code()


async def made(territory, case, way):
    """Send what comes before, and return the event to refuse."""
    told = territory.need() if case.kind == "need" else territory.signal()
    if case.before is not None:
        first = {**told, **case.before}
        if first["signal_id"] == "other":
            first["signal_id"] = str(uuid4())
        assert (await territory.deliver(way, first))["code"] is None
    if case.kind == "withdrawal":
        told = territory.withdrawal(told)
    told = {name: value for name, value in {**told, **case.data}.items() if value is not None}
    return territory.event(told, **case.event)


def raw(event):
    """Return an event's data as bytes; a lone surrogate stands for a byte that is no UTF-8."""
    return json.dumps(event["data"], ensure_ascii=False).encode("utf-8", "surrogateescape")


async def by_nats(territory, case, event):
    """Publish an event as an institution's client does and return the answer."""
    institution = case.over.get("institution", CAF)
    slug = case.over.get("coordination", territory.slug)
    fact = event["type"].split(".")[-2] if case.code != "E_TYPE" else "exposure_count"
    sent = {**event, "source": event["source"].replace(CAF, institution)}
    headers = {f"ce-{k}": v for k, v in sent.items() if k != "data"}
    if not headers["ce-id"].isascii():
        headers["ce-id"] = quote(headers["ce-id"])
    told = {"type": fact}
    seq = await territory.publish(
        {**told, "signal_id": ""},
        body=raw(event),
        headers=headers,
        subject=f"in.{institution}.{slug}.{fact}.v1",
    )

    async def answered():
        for one in await territory.told(f"out.{institution}.{slug}.>"):
            if one["in_seq"] == seq:
                return one
        return None

    return await until(answered)


async def by_http(territory, case, event):
    """Post an event and return what was decided of it."""
    institution = case.over.get("institution", CAF)
    slug = case.over.get("coordination", territory.slug)
    sent = {**event, "source": event["source"].replace(CAF, institution)}
    line = json.dumps(sent, ensure_ascii=False).encode("utf-8", "surrogateescape")
    answer: httpx.Response = await territory.rig.exchange.post(
        "/v1/signals",
        content=line,
        headers={
            **territory.rig.bearer("institution", slug, institution),
            "Content-Type": "application/x-ndjson",
        },
    )
    assert answer.status_code == 202, answer.text
    (item,) = answer.json()["items"]
    if item["status"] == "refused":
        return item
    return await territory.state(event["data"]["signal_id"])


@pytest.mark.parametrize(
    ("case", "way"),
    [
        pytest.param(case, way, id=f"{case}-{way}")
        for case in CASES
        for way in ("nats", "http")
        if (case.code, way) != ("E_INSTITUTION", "nats")  # Who is not admitted may not publish.
    ],
)
async def test_a_refusal_says_code_field_and_sentence(territory, case, way):
    event = await made(territory, case, way)
    if (case.code, way) == ("E_SIZE", "nats"):
        with pytest.raises(StreamRefusal, match="size exceeds"):
            await by_nats(territory, case, event)  # The server keeps no such message.
        return
    told = await (by_nats if way == "nats" else by_http)(territory, case, event)
    code = "E_ENVELOPE" if (case.code, way) == ("E_ENCODING", "http") else case.code
    assert told["code"] == code, told
    if case.code == "E_ENVELOPE":
        assert told["field"] == f"ce-{case.field}", "one name of an attribute, whatever the way"
    elif code == case.code:
        assert (told["field"] or "") == case.field
    assert told["detail"].endswith((".", "».")), told["detail"]
    if case.over.get("personal"):
        for text in PERSONAL.values():
            assert text not in json.dumps(told, ensure_ascii=False)
