"""Tell whether what one schema lets a writer send, another lets a reader take.

`jsonsubschema` answers, with two things put right: it lists every text of a finite pattern, which
never ends for `[a-z]{2,9}`, so patterns are compared as automata (but for very long texts, whose
automata take minutes: there any other pattern counts as one that refuses); and it does not read
`format`, so formats stand as patterns. It also raises on a numeric `exclusiveMinimum` and passes `prefixItems`
that do not fit: contracts use neither, and `inlined` refuses them.
"""

import re
import warnings
from functools import cache
from typing import Any

from contracts.released import Document, bare

with warnings.catch_warnings():  # Its own texts hold escapes that Python warns of.
    warnings.simplefilter("ignore")
    from greenery import Fsm, parse
    from jsonsubschema import _utils, isSubschema

_UNREAD = {"$schema", "$id", "$defs", "default", "format"}
_MISREAD = {"prefixItems", "exclusiveMinimum", "exclusiveMaximum"}
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_LONG = 64
_FORMATS = {
    "uuid": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
    "date": f"^{_DAY}$",
    "date-time": f"^{_DAY}T.*$",
}


@cache
def _automaton(pattern: str) -> Fsm:
    return parse(pattern.replace("-]", "\\-]")).to_fsm()  # Its grammar asks for the backslash.


def _within(inner: str | None, outer: str | None) -> bool:
    """Tell whether every text of one pattern is one of another; None is every text."""
    if outer is None or inner == outer:
        return True
    if any(int(count) > _LONG for count in re.findall(r"[{,](\d+)}", f"{inner}{outer}")):
        return False
    return _automaton(inner or ".*") <= _automaton(outer)


_utils.regex_isSubset = _within


def inlined(schema: Any, definitions: Document | None = None) -> Any:
    """Return a bare schema with each reference replaced by what it names."""
    known = schema.get("$defs", {}) if definitions is None else definitions
    if isinstance(schema, list):
        return [inlined(one, known) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return inlined(known[schema["$ref"].rpartition("/")[2]], known)
    assert not _MISREAD & schema.keys(), f"a construct that is not compared rightly: {schema}"
    pattern = {"pattern": _FORMATS[schema["format"]]} if "format" in schema else {}
    return pattern | {
        key: {name: inlined(one, known) for name, one in value.items()}
        if key == "properties"
        else inlined(value, known)
        for key, value in schema.items()
        if key not in _UNREAD
    }


def closed(schema: Any) -> Any:
    """Return an inlined schema whose objects have no other property than those it names."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {
        key: {name: closed(one) for name, one in value.items()}
        if key == "properties"
        else closed(value)
        for key, value in schema.items()
    }
    return {**found, "additionalProperties": False} if "properties" in found else found


def reads(reader: Document, writer: Document) -> bool:
    """Tell whether `reader` takes everything that a writer keeping to `writer` may send."""
    return bool(isSubschema(closed(inlined(bare(writer))), inlined(bare(reader))))
