"""Good and bad signals, made by rule from one good one: what is sent by both ways."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from tests.integration.edge.conftest import attributes, exposure

WRONG: tuple[Any, ...] = ("", "é" * 300, -1, 1.5, True, [], {}, None)
PERSONAL = (
    "1 85 05 78 006 084 36",
    "jeanne.martin@exemple.fr",
    "06 12 34 56 78",
    "FR76 3000 6000 0112 3456 7890 189",
)


class Case(NamedTuple):
    """One signal: its CloudEvents attributes and its body, as bytes."""

    name: str
    attributes: dict[str, str]
    body: bytes

    def again(self) -> "Case":
        """Return the same case under fresh identifiers."""
        fresh = dict(self.attributes)
        if is_uuid(fresh.get("id", "")):
            fresh["id"] = str(uuid4())
        return self._replace(attributes=fresh)


def is_uuid(text: str) -> bool:
    """Tell whether a text is a UUID."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def written(body: object) -> bytes:
    """Return a body as a partner writes it."""
    return json.dumps(body, ensure_ascii=False).encode()


def cases() -> Iterator[Case]:
    """Yield every case: good ones, bodies, envelopes, rights, personal data."""
    for good in ({}, {"count": "s"}, {"area_code": "32132"}, {"period": "2024-S1"}):
        yield Case(f"good {good}", attributes(), written(exposure(**good)))
    for name in exposure():
        yield Case(f"without {name}", attributes(), written(exposure(**{name: None})))
        for number, wrong in enumerate(WRONG):
            body = {**exposure(), name: wrong}
            yield Case(f"{name} is {number}", attributes(), written(body))
    yield Case("unknown field", attributes(), written(exposure(comment="x")))
    yield from _rights()
    yield from _envelopes()
    for text in PERSONAL:
        yield Case("personal body", attributes(), written(exposure(note=text)))
        yield Case("personal purpose", attributes(), written(exposure(purpose=text)))
        yield Case("personal id", attributes(id=text), written(exposure()))
        yield Case("personal subject", attributes(subject=text), written(exposure()))
        unknown = attributes(subject=text, type="fr.ctin.signals.exposure_count.v9")
        yield Case("personal subject of an unknown type", unknown, written(exposure()))
    for number, body in enumerate(
        (b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe", b'{"a":"\xe9"}')
    ):
        yield Case(f"bytes {number}", attributes(), body)


def _rights() -> Iterator[Case]:
    for changes in (
        {"agreement": str(uuid4())},
        {"agreement": None, "licence": "inconnue"},
        {"agreement": None, "licence": "cnaf-open-data"},
        {"licence": "cnaf-open-data"},
        {"purpose": "need_follow_up"},
        {"area_code": "31113"},
        {"area_kind": "iris", "area_code": "320130101"},
    ):
        yield Case(f"right {changes}", attributes(), written(exposure(**changes)))


def _envelopes() -> Iterator[Case]:
    for name in ("specversion", "id", "source", "type", "time"):
        yield Case(f"no {name}", attributes(**{name: None}), written(exposure()))
        yield Case(f"long {name}", attributes(**{name: "a" * 1100}), written(exposure()))
    for changes in (
        {"specversion": "0.3"},
        {"source": "urn:ctin:institution:la-poste"},
        {"type": "fr.ctin.signals.exposure_count.v9"},
        {"time": "hier"},
        {"time": "2026-03-01T12:00:00"},
        {"datacontenttype": "text/plain"},
        {"id": "é ñ %"},
    ):
        yield Case(f"envelope {changes}", attributes(**changes), written(exposure()))
