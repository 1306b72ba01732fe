"""A released event changes only in ways that neither its old writers nor its old readers feel."""

import copy
import json
import os
import random
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Meta

from contracts import generate
from contracts.events import SIGNAL_BY_TYPE
from contracts.released import bare, released
from tests.unit.contracts.compatibility import reads
from tests.unit.contracts.payloads import payloads

TODAY = generate.schemas()
RELEASED = [
    (named, version, entry["schema"])
    for named, versions in released().items()
    for version, entry in versions.items()
]

BREAKS_MAX = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "night" else 3
"""Changes tried on one real schema, others at each seed: a comparison takes up to half a second."""


class Theme(StrEnum):
    FOOD = "food"
    HOUSING = "housing"


class WiderTheme(StrEnum):
    FOOD = "food"
    HOUSING = "housing"
    HEALTH = "health"


Count = Annotated[int, Meta(ge=5, le=1000)]


class Told(msgspec.Struct):
    area: Annotated[str, Meta(pattern="^[a-z]{2,9}$")]
    count: Count
    theme: Theme


class OptionalAdded(Told):
    note: str | None = None


class RequiredAdded(Told, kw_only=True):
    note: str


class EnumWidened(msgspec.Struct):
    area: Annotated[str, Meta(pattern="^[a-z]{2,9}$")]
    count: Count
    theme: WiderTheme


class TypeChanged(msgspec.Struct):
    area: int
    count: Count
    theme: Theme


class RequiredRemoved(msgspec.Struct):
    count: Count
    theme: Theme


class MadeOptional(msgspec.Struct):
    count: Count
    theme: Theme
    area: Annotated[str, Meta(pattern="^[a-z]{2,9}$")] | None = None


class RangeWidened(msgspec.Struct):
    area: Annotated[str, Meta(pattern="^[a-z]{2,9}$")]
    count: Annotated[int, Meta(ge=0, le=1000)]
    theme: Theme


class PatternWidened(msgspec.Struct):
    area: Annotated[str, Meta(pattern="^[a-z0-9]{2,9}$")]
    count: Count
    theme: Theme


class Nested(msgspec.Struct):
    told: list[Told]


class NestedChanged(msgspec.Struct):
    told: list[TypeChanged]


EVOLUTIONS = [
    # The change, whether today reads the old messages, whether old readers read today's.
    (Told, OptionalAdded, True, True),
    (Told, EnumWidened, True, False),
    (Told, RequiredAdded, False, True),
    (Told, TypeChanged, False, False),
    (Told, RequiredRemoved, True, False),
    (Told, MadeOptional, True, False),
    (Told, RangeWidened, True, False),
    (Told, PatternWidened, True, False),
    (Nested, NestedChanged, False, False),
]


@pytest.mark.parametrize(
    ("before", "after", "backward", "forward"),
    EVOLUTIONS,
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_an_evolution_is_judged_in_both_directions(before, after, backward, forward):
    old, new = generate.json_schema(before), generate.json_schema(after)

    assert reads(new, old) is backward
    assert reads(old, new) is forward


@pytest.mark.parametrize("named", TODAY)
def test_today_reads_what_today_writes(named):
    assert reads(TODAY[named], TODAY[named])


@pytest.mark.parametrize(("named", "version", "schema"), RELEASED, ids=str)
def test_every_released_message_is_read_today(named, version, schema):
    assert named in TODAY, f"{named} of {version} is gone"
    assert reads(TODAY[named], schema)


@pytest.mark.parametrize(
    ("named", "version", "schema"),
    [one for one in RELEASED if one[0] not in SIGNAL_BY_TYPE],
    ids=str,
)
def test_every_released_reader_reads_the_facts_of_today(named, version, schema):
    """Signals are written by institutions and read by us alone: one direction is enough there."""
    assert reads(schema, TODAY[named])


def broken(schema: Any, where: tuple[Any, ...], change: Callable[[Any], object]) -> Any:
    """Return what a schema may become and must not: a copy with one change at one place."""
    found = copy.deepcopy(schema)
    target = found
    for key in where:
        target = target[key]
    change(target)
    return found


def places(node: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield every object of a schema and the way to it."""
    if isinstance(node, dict):
        yield where, node
    pairs = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in pairs:
        if isinstance(value, dict | list):
            yield from places(value, (*where, key))


def changes_of(node: Any) -> Iterator[tuple[str, Callable[[Any], object]]]:
    """Yield the changes that break readers or writers of one node."""
    if isinstance(node.get("properties"), dict):
        yield "requires more", require_more
        for name in node.get("required", []):
            yield f"{name} not required", lambda one, name=name: no_longer_require(one, name)
    if isinstance(node.get("enum"), list) and len(node["enum"]) > 1:
        yield "one value less", lambda one: one["enum"].pop()
    if node.get("type") == "integer":
        yield "another type", lambda one: one.update(type="boolean")
    if isinstance(node.get("pattern"), str):
        yield "another pattern", lambda one: one.update(pattern="^q$")
    if isinstance(node.get("maximum"), int):
        yield "a lower maximum", lambda one: one.update(maximum=one["minimum"])


def no_longer_require(node: Any, name: str) -> None:
    """Let a property be absent."""
    node["required"].remove(name)
    if not node["required"]:
        del node["required"]


def require_more(node: Any) -> None:
    """Add a property without which a message is refused."""
    node["properties"]["never_named"] = {"type": "string"}
    node.setdefault("required", []).append("never_named")


@pytest.mark.parametrize("named", TODAY)
def test_the_gate_refuses_every_breaking_change_of_a_real_schema(named):
    today = bare(TODAY[named])
    every = [
        (where, *named_change) for where, node in places(today) for named_change in changes_of(node)
    ]
    kept = random.sample(every, min(len(every), BREAKS_MAX))
    assert kept, "there is something to break"
    passed = []
    for where, what, change in kept:
        changed = broken(today, where, change)
        if reads(changed, today) and reads(today, changed):
            passed.append(f"{'/'.join(map(str, where))}: {what}")
    assert passed == []


OLD = [
    *RELEASED,
    *(
        (named, "today", bare(schema))
        for named, schema in TODAY.items()
        if (named, bare(schema)) not in [(one[0], one[2]) for one in RELEASED]
    ),
]


@pytest.mark.parametrize(("named", "version", "schema"), OLD, ids=lambda one: str(one)[:60])
@settings(max_examples=30)
@given(drawn=st.data())
def test_old_payloads_are_decoded_by_the_struct_of_today(named, version, schema, drawn):
    payload = drawn.draw(payloads(schema, schema["$defs"]))

    decoded = msgspec.json.decode(json.dumps(payload), type=generate.event_types()[named])

    assert named == decoded.TYPE
