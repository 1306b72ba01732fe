"""Where personal data could hide in a message, beside the fields that its contract types."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from contracts import privacy
from contracts.envelope import Event
from contracts.events.signals import AnySignal, ExposureCount, SignalWithdrawn

_SAFE = re.compile(
    r"[a-z_-]*"
    r"|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|(?=[0-9]*[a-fA-F])[0-9a-fA-F]{32}"
    r"|[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"
)
"""A word without a digit, a UUID with or without dashes (as clients name their atomic batches), or
a W3C trace: most of what is scanned. Their digits look like a telephone now and then."""
_DIGITS_MIN = 4
"""The shortest personal datum with digits, a date of birth as in « né le 1/3/80 », has four."""
_CHECKED = frozenset({"ce-specversion", "ce-source", "ce-type", "ce-time"})
"""Headers that hold one given value, or an instant, when a message is taken."""
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_KEY = re.compile(rb'"([^"]*)"\s*:')


def personal(texts: Iterable[str]) -> privacy.Kind | None:
    """Return the first kind of personal datum found in texts."""
    for text in texts:
        if _SAFE.fullmatch(text):
            continue
        if "@" in text or not text.isascii() or sum(map(str.isdigit, text)) >= _DIGITS_MIN:
            found = privacy.scan(text)
            if found:
                return found[0].kind
    return None


def free_texts(event: Event, headers: Mapping[str, str], signal: AnySignal) -> Iterator[str]:
    """Yield the free strings of a message whose envelope and body follow their contracts."""
    yield event.id
    for text in (event.subject, event.sequence, event.causationid, event.correlationid):
        if text is not None:
            yield text
    if len(event.datacontenttype) > len("application/json"):
        yield event.datacontenttype
    yield from _words(signal)
    for name, value in headers.items():
        if name.lower() not in _CHECKED:
            yield name
            yield unquote(value) if "%" in value else value


def all_texts(event: Event | None, headers: Mapping[str, str], body: bytes) -> Iterator[str]:
    """Yield everything a message that is refused holds: it is kept with its reason, or erased."""
    text = body.decode("utf-8", "replace")[: 128 * 1024]
    yield text
    if "\\u" in text:
        yield _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    for name, value in headers.items():
        yield name
        yield unquote(value)
    if event is not None:
        named = event.id, event.source, event.type, event.subject, event.sequence
        yield from (one for one in named if one is not None)


def repeats(body: bytes) -> bool:
    """Tell whether a flat object gives a key twice: the first value would be read by nobody."""
    if b"\\" in body:
        try:
            keys = [name for name, _ in json.loads(body, object_pairs_hook=list)]
        except (ValueError, TypeError):
            return True
        return len(keys) != len(set(keys))
    found = _KEY.findall(body)
    return len(found) != len(set(found))


def _words(signal: AnySignal) -> list[str]:
    if isinstance(signal, SignalWithdrawn):
        return [signal.purpose]
    if isinstance(signal, ExposureCount):
        return [signal.purpose, signal.measure, *signal.breakdown.values()]
    return [signal.purpose, signal.problem, signal.theme, signal.public, signal.place_kind or ""]
