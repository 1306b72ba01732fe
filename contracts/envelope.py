"""The CloudEvents 1.0 envelope every event travels in.

On NATS an event is in binary mode: attributes in `ce-*` headers, the data alone as body. On
webhooks and SSE it is in structured JSON mode. Header values are percent-encoded as the HTTP
binding says, because neither the NATS protocol nor its clients do it.

Source: CloudEvents 1.0.2, sections 3.1 (required) and 3.2 (optional attributes); the HTTP
protocol binding 1.0.2, section 3.1.3.2 (header values).
"""

import re
from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import quote, unquote_to_bytes

import msgspec

from contracts.values import CoordinationSlug

JSON_TYPE = "application/json"
TYPE_PATTERN = re.compile(r"^fr\.ctin\.(?P<owner>[a-z]+)\.(?P<fact>[a-z_]+)\.v(?P<version>\d+)\Z")
_LITERAL = "!#$&'()*+,-./:;<=>?@[\\]^_`{|}~"  # Printable ASCII but space, quote and percent.
_ATTRIBUTE = re.compile(r"^[a-z0-9]{1,40}\Z")
_ESCAPED = re.compile(r"\\(.)")
_OPTIONAL = ("subject", "sequence", "causationid", "correlationid")
_LENGTH_MAX = 1024
_PLAIN = re.compile(r"[A-Za-z0-9._:/-]*")
_Instant = Annotated[datetime, msgspec.Meta(tz=True)]


def _encoded(value: str) -> str:
    """Return a header value as the binding wants it; most are plain and stay as they are."""
    return value if _PLAIN.fullmatch(value) else quote(value, safe=_LITERAL)


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every event payload. A fact is past tense and never changes once published."""

    TYPE: ClassVar[str]
    TIER: ClassVar[Literal["evt", "pub", "out"]] = "evt"
    """Who may read it: services only, partners as well, or one institution."""

    coordination: CoordinationSlug

    def __init_subclass__(cls) -> None:
        """Refuse a fact that does not say what it is about.

        Raises:
            TypeError: it has a type, and neither it nor what it derives from has an aggregate.
        """
        super().__init_subclass__()
        if hasattr(cls, "TYPE") and cls.aggregate is Fact.aggregate:
            raise TypeError(f"{cls.__name__} must say its aggregate: what it is about")

    @property
    def area(self) -> str:
        """The position of the territory in the subject, `_all` when the fact has none."""
        return "_all"

    @property
    def aggregate(self) -> str:
        """What the fact is about: facts of one aggregate reach a consumer in order."""
        raise NotImplementedError


class Malformed(ValueError):
    """A message is not a CloudEvent: which attribute, and what to do, in French."""

    def __init__(self, field: str, detail: str) -> None:
        """Name the attribute at fault, as in `ce-id`."""
        super().__init__(detail)
        self.field = field
        self.detail = detail


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """The event another one answers, and the first of their chain when it is not that one."""

    id: str
    correlationid: str | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One CloudEvent, its data still as bytes.

    `subject` is the aggregate, `sequence` its version; `causationid` is the event this one
    answers, `correlationid` the first of its chain.
    """

    id: str
    source: str
    type: str
    time: datetime
    data: bytes
    subject: str | None = None
    sequence: str | None = None
    causationid: str | None = None
    correlationid: str | None = None
    datacontenttype: str = JSON_TYPE

    def headers(self) -> dict[str, str]:
        """Return the `ce-*` headers of binary mode."""
        named = {
            "ce-specversion": "1.0",
            "ce-id": _encoded(self.id),
            "ce-source": _encoded(self.source),
            "ce-type": _encoded(self.type),
            "ce-time": self.time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "ce-datacontenttype": self.datacontenttype,
        }
        for name in _OPTIONAL:
            value = getattr(self, name)
            if value is not None:
                named[f"ce-{name}"] = _encoded(value)
        return named

    def structured(self) -> dict[str, Any]:
        """Return the event as structured JSON mode has it, ready to be encoded."""
        document: dict[str, Any] = {
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "time": self.time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "datacontenttype": self.datacontenttype,
            "data": msgspec.Raw(self.data),
        }
        for name in _OPTIONAL:
            value = getattr(self, name)
            if value is not None:
                document[name] = value
        return document


def _text(name: str, value: object) -> str:
    told = name.removeprefix("ce-")
    if not isinstance(value, str) or not value:
        raise Malformed(name, f"L'attribut « {told} » manque ou est vide ; ajoutez-le.")
    if len(value) > _LENGTH_MAX:
        raise Malformed(name, f"L'attribut « {told} » dépasse {_LENGTH_MAX} caractères.")
    return value


def _instant(name: str, value: str) -> datetime:
    try:
        return msgspec.convert(value, _Instant)
    except msgspec.ValidationError:
        told = name.removeprefix("ce-")
        raise Malformed(
            name, f"« {told} » n'est pas un instant RFC 3339 (2026-03-01T12:00:00Z)."
        ) from None


def _event(found: Mapping[str, str], data: bytes, prefix: str) -> Event:
    if found.get("specversion") != "1.0":
        raise Malformed(f"{prefix}specversion", "Seule la version 1.0 de CloudEvents est admise.")
    kind = _text(f"{prefix}type", found.get("type"))
    content = _text(f"{prefix}datacontenttype", found.get("datacontenttype", JSON_TYPE))
    if content.partition(";")[0].strip().lower() != JSON_TYPE:
        raise Malformed(
            f"{prefix}datacontenttype", "Seul le type de contenu application/json est admis."
        )
    when = _text(f"{prefix}time", found.get("time"))
    return Event(
        id=_text(f"{prefix}id", found.get("id")),
        source=_text(f"{prefix}source", found.get("source")),
        type=kind,
        time=_instant(f"{prefix}time", when),
        data=data,
        datacontenttype=content,
        **{name: _text(f"{prefix}{name}", found[name]) for name in _OPTIONAL if name in found},
    )


def _unescaped(name: str, value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = _ESCAPED.sub(r"\1", value[1:-1])
    try:
        return unquote_to_bytes(value).decode() if "%" in value else value
    except UnicodeDecodeError:
        raise Malformed(name, f"L'en-tête « {name} » n'est pas en UTF-8.") from None


def from_headers(headers: Mapping[str, str] | None, data: bytes) -> Event:
    """Return the event of a binary-mode message.

    Raises:
        Malformed: a required attribute is missing, empty, too long or of another form.
    """
    found: dict[str, str] = {}
    for name, value in (headers or {}).items():
        lowered = name.lower()
        if lowered.startswith("ce-"):
            found[lowered[3:]] = _unescaped(lowered, value)
    return _event(found, data, "ce-")


def from_structured(document: object) -> Event:
    """Return the event of a decoded structured-mode JSON document.

    Raises:
        Malformed: as `from_headers`; also when attributes are not texts or `data` is absent.
    """
    if not isinstance(document, dict):
        raise Malformed("", "Un CloudEvent est un objet JSON.")
    found: dict[str, str] = {}
    for name, value in document.items():
        if name in {"data", "data_base64"}:
            continue
        if not _ATTRIBUTE.match(name):
            raise Malformed(name, f"« {name} » n'est pas un nom d'attribut CloudEvents.")
        if isinstance(value, bool | int):  # Extensions may be numbers and booleans in JSON.
            found[name] = str(value).lower()
        elif value is not None:
            found[name] = value if isinstance(value, str) else _text(name, value)
    return _event(found, _data(document), "")


def _data(document: Mapping[str, object]) -> bytes:
    if "data" in document and "data_base64" in document:
        raise Malformed("data", "Donnez « data » ou « data_base64 », pas les deux.")
    if "data_base64" in document:
        try:
            return b64decode(str(document["data_base64"]), validate=True)
        except ValueError:
            raise Malformed("data_base64", "« data_base64 » n'est pas en base 64.") from None
    if "data" not in document:
        raise Malformed("data", "Le champ « data » manque ; ajoutez-le.")
    return msgspec.json.encode(document["data"])
