"""Our envelope is CloudEvents 1.0: the SDK of its authors reads and writes the same."""

import json
import re
from datetime import UTC, datetime

import jsonschema
import msgspec
import pytest
import yaml
from cloudevents.core.bindings import http as binding
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from contracts import envelope
from contracts.envelope import Event, Malformed
from tests.conftest import real_data

TOLD = Event(
    id="1 % de « oui » 🌍",
    source="/services/funding",
    type="fr.ctin.funding.block_posted.v1",
    time=datetime(2026, 3, 1, 12, 0, 0, 250000, tzinfo=UTC),
    data=b'{"coordination":"sicoval","n":1}',
    subject="sicoval/ledger",
    sequence="7",
    causationid="a",
    correlationid="b",
)
HEADERS = {
    "ce-specversion": "1.0",
    "ce-id": "1",
    "ce-source": "urn:ctin:institution:caf-31",
    "ce-type": "fr.ctin.signals.exposure_count.v1",
    "ce-time": "2026-03-01T12:00:00Z",
    "ce-datacontenttype": "application/json",
}
DOCUMENT = {name.removeprefix("ce-"): value for name, value in HEADERS.items()} | {"data": {"n": 1}}


def as_http(headers: dict[str, str]) -> dict[str, str]:
    """Return our headers as the HTTP binding has them: the content type under its own name."""
    renamed = {"ce-datacontenttype": "content-type"}
    return {renamed.get(name, name): value for name, value in headers.items()}


def as_ours(headers: dict[str, str]) -> dict[str, str]:
    """Return headers of the HTTP binding as NATS has them."""
    renamed = {"content-type": "ce-datacontenttype"}
    return {renamed.get(name.lower(), name): value for name, value in headers.items()}


def attributes_of(event: CloudEvent) -> dict[str, object]:
    """Return what the SDK read, in the words of ours."""
    found = dict(event.get_attributes())
    found.pop("specversion")
    return found


def ours(event: Event) -> dict[str, object]:
    """Return the attributes of our event, those that are absent aside."""
    named = msgspec.structs.asdict(event)
    del named["data"]
    return {name: value for name, value in named.items() if value is not None}


def test_the_sdk_reads_our_structured_json():
    read = JSONFormat().read(CloudEvent, msgspec.json.encode(TOLD.structured()))

    assert attributes_of(read) == ours(TOLD)
    assert read.get_data() == json.loads(TOLD.data)


def test_we_read_the_structured_json_of_the_sdk():
    attributes = {**ours(TOLD), "specversion": "1.0"}
    written = JSONFormat().write(CloudEvent(attributes, json.loads(TOLD.data)))

    assert envelope.from_structured(json.loads(written)) == TOLD


def test_the_sdk_reads_our_headers():
    message = binding.HTTPMessage(as_http(TOLD.headers()), TOLD.data)
    read = binding.from_binary(message, JSONFormat(), CloudEvent)

    assert attributes_of(read) == ours(TOLD)
    assert read.get_data() == json.loads(TOLD.data)


def test_we_read_the_headers_of_the_sdk_and_write_the_same():
    attributes = {**ours(TOLD), "specversion": "1.0"}
    written = binding.to_binary(CloudEvent(attributes, json.loads(TOLD.data)), JSONFormat())

    assert envelope.from_headers(as_ours(written.headers), TOLD.data) == TOLD
    assert as_ours(written.headers) == TOLD.headers()


def test_our_headers_are_printable_ascii():
    for name, value in TOLD.headers().items():
        assert re.fullmatch(r"[!-~]+", value), name


def test_a_quoted_header_is_unquoted_then_decoded():
    read = envelope.from_headers({**HEADERS, "ce-id": r'"a \"b\" %C3%A9"'}, b"{}")
    assert read.id == 'a "b" é'


def test_names_of_headers_have_no_case():
    assert envelope.from_headers({k.title(): v for k, v in HEADERS.items()}, b"{}").id == "1"


def test_an_instant_keeps_its_moment_whatever_its_offset():
    read = envelope.from_headers({**HEADERS, "ce-time": "2027-01-01T00:30:00+01:00"}, b"{}")
    assert read.headers()["ce-time"] == "2026-12-31T23:30:00Z"


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "time"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_required_attribute_that_is_missing_or_empty_is_named(name, value):
    headers = {key: one for key, one in HEADERS.items() if key != f"ce-{name}"}
    document = {key: one for key, one in DOCUMENT.items() if key != name}
    if value is not None:
        headers[f"ce-{name}"] = document[name] = value

    with pytest.raises(Malformed) as binary:
        envelope.from_headers(headers, b"{}")
    with pytest.raises(Malformed) as structured:
        envelope.from_structured(document)

    assert binary.value.field == f"ce-{name}"
    assert structured.value.field == name
    assert str(binary.value).endswith((".", ")."))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "x" * 1025),
        ("source", "x" * 1025),
        ("subject", "x" * 1025),
        ("subject", ""),
        ("causationid", ""),
        ("specversion", "0.3"),
        ("time", "hier"),
        ("time", "2026-03-01T12:00:00"),
        ("time", "2026-03-01"),
        ("datacontenttype", "application/xml"),
        ("datacontenttype", ""),
    ],
)
def test_an_attribute_that_does_not_fit_is_named(name, value):
    with pytest.raises(Malformed) as refused:
        envelope.from_headers({**HEADERS, f"ce-{name}": value}, b"{}")
    assert refused.value.field == f"ce-{name}"

    with pytest.raises(Malformed) as refused:
        envelope.from_structured({**DOCUMENT, name: value})
    assert refused.value.field == name


def test_a_header_in_another_encoding_is_named():
    with pytest.raises(Malformed) as refused:
        envelope.from_headers({**HEADERS, "ce-id": "%E9"}, b"{}")
    assert refused.value.field == "ce-id"


@pytest.mark.parametrize("headers", [None, {}, {"nats-msg-id": "1"}])
def test_a_message_without_attributes_is_no_event(headers):
    with pytest.raises(Malformed):
        envelope.from_headers(headers, b"{}")


@pytest.mark.parametrize("document", [None, [], "x", 1, {"specversion": "1.0"}])
def test_what_is_no_object_or_lacks_all_is_no_event(document):
    with pytest.raises(Malformed):
        envelope.from_structured(document)


def test_a_document_without_data_or_with_a_strange_attribute_is_refused():
    for changed in ({"Bad-Name": "x"}, {"name\n": "x"}, {"list": ["x"]}):
        with pytest.raises(Malformed):
            envelope.from_structured({**DOCUMENT, **changed})
    with pytest.raises(Malformed) as refused:
        envelope.from_structured({k: v for k, v in DOCUMENT.items() if k != "data"})
    assert refused.value.field == "data"


def test_extensions_may_be_numbers_and_booleans():
    read = envelope.from_structured({**DOCUMENT, "sequence": 12, "sampled": True})
    assert read.sequence == "12"


def test_a_type_is_read_to_its_last_character():
    assert envelope.TYPE_PATTERN.match("fr.ctin.members.member_confirmed.v1")
    assert not envelope.TYPE_PATTERN.match("fr.ctin.members.member_confirmed.v1\n")


@pytest.mark.real_data
def test_our_structured_json_follows_the_schema_of_the_specification():
    schema = json.loads(
        (real_data() / "conformance/cloudevents/cloudevents.schema.json").read_text()
    )
    for event in (TOLD, envelope.from_headers(HEADERS, b"{}")):
        jsonschema.validate(
            json.loads(msgspec.json.encode(event.structured())),
            schema,
            cls=jsonschema.Draft7Validator,
        )


def examples() -> tuple[str, str, list[str]]:
    """Return the binary request, the structured one, and the content types of the first."""
    text = (real_data() / "conformance/cloudevents/http-protocol-binding.feature").read_text()
    binary, structured = re.findall(r"Given an HTTP request\s+\"\"\"\n(.*?)\"\"\"", text, re.DOTALL)
    outline = text.partition("Scenario Outline: Structured")[0]
    kinds = re.findall(r"^\s+\| (application/\S.*?)\s+\|$", outline, re.MULTILINE)
    return binary, structured, kinds


@pytest.mark.real_data
def test_the_binary_example_of_the_http_binding_is_read_as_it_says():
    request, _, kinds = examples()
    head, _, body = re.sub(r"^\s+", "", request, flags=re.MULTILINE).partition("{")
    assert len(kinds) == 2
    for kind in kinds:
        lines = [line.replace("<contentType>", kind) for line in head.splitlines() if ": " in line]
        read = envelope.from_headers(
            as_ours(dict(line.split(": ", 1) for line in lines)), b"{" + body.encode()
        )
        assert (read.id, read.type) == ("1234-1234-1234", "com.example.someevent")
        assert (read.source, read.datacontenttype) == ("/mycontext/subcontext", kind)
        assert read.time == datetime(2018, 4, 5, 3, 56, 24, tzinfo=UTC)
        assert json.loads(read.data) == {"message": "Hello World!"}


@pytest.mark.real_data
def test_the_structured_example_of_the_http_binding_is_read_as_it_says():
    _, request, _ = examples()
    read = envelope.from_structured(json.loads(request[request.index("{") :]))
    assert read.id == "1234-1234-1234"
    assert json.loads(read.data) == {"message": "Hello World!"}


@pytest.mark.real_data
def test_minimal_events_are_read_once_they_say_when_and_are_json():
    """We ask for `time`, which the specification leaves optional, and for JSON alone."""
    text = (real_data() / "conformance/cloudevents/v1_minimum.yaml").read_text()
    read = 0
    for example in yaml.safe_load_all(text):
        given = {f"ce-{name}": str(value) for name, value in example["ContextAttributes"].items()}
        with pytest.raises(Malformed):
            envelope.from_headers(given, example["Data"].encode())
        dated = {**given, "ce-time": "2026-03-01T12:00:00Z"}
        if given["ce-datacontenttype"].startswith("application/json"):
            assert envelope.from_headers(dated, example["Data"].encode()).id == given["ce-id"]
            read += 1
        else:
            with pytest.raises(Malformed, match="application/json"):
                envelope.from_headers(dated, example["Data"].encode())
    assert read == 3
