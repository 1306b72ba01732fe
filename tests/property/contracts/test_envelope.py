"""Whatever an event says, its headers and its JSON say it back."""

from collections.abc import Callable
from datetime import UTC

import msgspec
import pytest
from cloudevents.core.bindings import http as binding
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import example, given
from hypothesis import strategies as st

from contracts import envelope
from contracts.envelope import Event, Malformed

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
TYPES = st.from_regex(r"fr\.ctin\.[a-z]{1,9}\.[a-z_]{1,20}\.v[0-9]", fullmatch=True)
EVENTS = st.builds(
    Event,
    id=TEXTS,
    source=TEXTS,
    type=TYPES,
    time=st.datetimes(timezones=st.just(UTC)),
    data=st.dictionaries(TEXTS, st.integers() | TEXTS, max_size=3).map(msgspec.json.encode),
    subject=st.none() | TEXTS,
    sequence=st.none() | TEXTS,
    causationid=st.none() | TEXTS,
    correlationid=st.none() | TEXTS,
)
HARD = [
    "é",
    "100 %",
    "%41",
    '"quoted"',
    '"',
    "'",
    "🌍👩‍🚀",
    "a b",
    "\t",
    "\r\nce-id: x",
    "\x00",
    "€ %E2",
]


def refusal_of(read: Callable[[], Event]) -> Malformed | None:
    """Return how `read` refuses, or None when it does not."""
    try:
        read()
    except Malformed as refused:
        return refused
    return None


@given(EVENTS)
def test_headers_and_body_give_the_event_back(event):
    headers = event.headers()

    assert envelope.from_headers(headers, event.data) == event
    assert all(value.isascii() and value.isprintable() for value in headers.values())


@given(EVENTS)
def test_structured_json_gives_the_event_back(event):
    encoded = msgspec.json.encode(event.structured())

    assert envelope.from_structured(msgspec.json.decode(encoded)) == event


@pytest.mark.parametrize("hard", HARD)
def test_hard_texts_come_back_whole(hard):
    told = Event(
        id=hard,
        source=hard,
        type="a.b",
        time=envelope._instant("", "2026-01-01T00:00:00Z"),
        data=b"1",
    )
    assert envelope.from_headers(told.headers(), b"1") == told


@given(EVENTS)
@example(
    Event(
        id='"',
        source="%",
        type="fr.ctin.a.b.v1",
        time=envelope._instant("", "2026-01-01T00:00:00Z"),
        data=b"{}",
    )
)
def test_the_sdk_reads_any_headers_of_ours(event):
    headers = {
        "content-type" if name == "ce-datacontenttype" else name: value
        for name, value in event.headers().items()
    }
    read = binding.from_binary(binding.HTTPMessage(headers, event.data), JSONFormat(), CloudEvent)

    assert read.get_id() == event.id
    assert read.get_source() == event.source
    assert read.get_time() == event.time
    assert read.get_subject() == event.subject


@given(
    st.dictionaries(
        st.sampled_from(["ce-id", "ce-specversion", "ce-type", "ce-time", "ce-source"]) | TEXTS,
        TEXTS | st.just("1.0"),
        max_size=8,
    )
)
def test_any_headers_are_an_event_or_a_named_refusal(headers):
    refused = refusal_of(lambda: envelope.from_headers(headers, b"{}"))
    if refused is not None:
        assert refused.field.startswith("ce-")
        assert refused.detail.endswith((".", ")."))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | TEXTS,
        lambda one: (
            st.lists(one, max_size=3)
            | st.dictionaries(
                TEXTS | st.sampled_from(["id", "type", "data", "time"]), one, max_size=4
            )
        ),
        max_leaves=8,
    )
)
def test_any_document_is_an_event_or_a_refusal(document):
    refused = refusal_of(lambda: envelope.from_structured(document))
    assert refused is None or refused.detail
