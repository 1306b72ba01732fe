"""Write the published documents from the Structs; `--check` fails when they are out of date.

Run it as `python -m contracts.generate`; `--release` also freezes today's schemas (`released.py`).
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec
from joserfc.jwk import OKPKey
from msgspec.inspect import DateTimeType, StructType, UnionType, multi_type_info

from contracts import streams
from contracts.envelope import Fact
from contracts.events import BY_TYPE, FACTS, SIGNAL_BY_TYPE, SIGNALS
from contracts.events.signals import Signal
from contracts.released import PUBLISHED, RELEASED, VERSION, broken_releases, release
from contracts.vocabulary import VOCABULARY

ROOT = Path(__file__).parents[1]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
DESCRIBE_SECONDS_MAX = 300
Document = dict[str, Any]
_TEXT = {"type": "string"}
_PARAMETERS: Document = {
    "institution": {
        "description": "Slug an institution receives at admission.",
        "examples": ["caf-31"],
    },
    "coordination": {"description": "Slug of a coordination.", "examples": ["sicoval"]},
    "area": {
        "description": (
            "`c` and the INSEE code of a commune, `e` and the SIREN of an EPCI, `d` and the code "
            "of a département, `q` or `i` and the code of a QPV or an IRIS, or `_all`."
        ),
        "examples": ["c31506", "_all"],
    },
}
_HEADERS: Document = {
    "type": "object",
    "description": (
        "CloudEvents 1.0 in binary mode: attributes are headers, the data alone is the body. "
        "Values are percent-encoded where they are not printable ASCII."
    ),
    "required": ["ce-specversion", "ce-id", "ce-source", "ce-type", "ce-time"],
    "properties": {
        "ce-specversion": {"const": "1.0"},
        "ce-id": {"type": "string", "minLength": 1, "maxLength": 1024},
        "ce-source": {
            "type": "string",
            "minLength": 1,
            "maxLength": 1024,
            "description": "`urn:ctin:institution:<institution>` for what an institution sends.",
        },
        "ce-type": {"type": "string"},
        "ce-time": {"type": "string", "format": "date-time"},
        "ce-datacontenttype": {"type": "string", "default": "application/json"},
        "ce-subject": {"type": "string", "description": "What the event is about."},
        "ce-sequence": {"type": "string", "description": "Its number among events about that."},
        "ce-causationid": {"type": "string", "description": "`ce-id` of the event it answers."},
        "ce-correlationid": {"type": "string", "description": "`ce-id` of the first of the chain."},
    },
}


class Undescribed(RuntimeError):
    """A service did not print its OpenAPI description; the message ends with why."""


def event_types() -> dict[str, type[Fact] | type[Signal]]:
    """Return every published Struct by event type, facts first."""
    return {**BY_TYPE, **SIGNAL_BY_TYPE}


def _described(document: Any) -> Any:
    """Return `document` with the indentation of docstrings taken out of its descriptions."""
    if isinstance(document, dict):
        return {
            key: cleandoc(value)
            if key == "description" and isinstance(value, str)
            else _described(value)
            for key, value in document.items()
        }
    return [_described(one) for one in document] if isinstance(document, list) else document


def _structs(kinds: Sequence[type]) -> Iterator[StructType]:
    """Yield every Struct that `kinds` are made of, once."""
    seen: set[type] = set()
    waiting: list[Any] = list(multi_type_info(kinds))
    while waiting:
        one = waiting.pop()
        if isinstance(one, StructType) and one.cls not in seen:
            seen.add(one.cls)
            yield one
            waiting += [field.type for field in one.fields]
        for inner in ("item_type", "key_type", "value_type", "type"):
            if hasattr(one, inner):
                waiting.append(getattr(one, inner))
        waiting += getattr(one, "types", ())


def _date(properties: Document, struct: StructType) -> None:
    """Say which of a Struct's texts are instants; we write them all with their offset."""
    for field in struct.fields:
        found = properties[field.encode_name]
        if isinstance(field.type, DateTimeType):
            found["format"] = "date-time"
        elif isinstance(field.type, UnionType) and any(
            isinstance(one, DateTimeType) for one in field.type.types
        ):
            found["anyOf"] = [
                {**one, "format": "date-time"} if one == _TEXT else one for one in found["anyOf"]
            ]


def _components(kinds: Sequence[type], prefix: str) -> tuple[list[Document], Document]:
    references, schemas = msgspec.json.schema_components(kinds, ref_template=f"{prefix}{{name}}")
    named: Document = _described(schemas)
    for struct in _structs(kinds):
        _date(named[struct.cls.__name__]["properties"], struct)
    for kind in SIGNALS:
        if kind.__name__ in named:  # What both families must say stands in their base.
            said = f"{cleandoc(kind.__doc__ or '')}\n\n{cleandoc(Signal.__doc__ or '')}"
            named[kind.__name__]["description"] = said
    return list(references), named


def json_schema(kind: type) -> Document:
    """Return the self-contained JSON Schema 2020-12 of one payload."""
    (reference,), definitions = _components([kind], "#/$defs/")
    named: str = getattr(kind, "TYPE", kind.__name__)
    return {
        "$schema": DIALECT,
        "$id": f"urn:ctin:schema:{named}",
        **reference,
        "$defs": definitions,
    }


def schemas() -> dict[str, Document]:
    """Return the JSON Schema of every event, by type."""
    return {named: json_schema(kind) for named, kind in event_types().items()}


def _address(kind: type[Fact] | type[Signal]) -> str:
    if issubclass(kind, Signal):
        return streams.intake_subject("{institution}", "{coordination}", kind.TYPE)
    area = "{institution}" if kind.TIER == "out" else "{area}"
    return streams.filter_of(kind, coordination="{coordination}", area=area)


def _channel(kind: type[Fact] | type[Signal]) -> Document:
    address, name = _address(kind), kind.__name__
    return {
        "address": address,
        "title": kind.TYPE,
        "summary": cleandoc(kind.__doc__ or "").partition("\n")[0],
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "parameters": {
            parameter: {"$ref": f"#/components/parameters/{parameter}"}
            for parameter in _PARAMETERS
            if f"{{{parameter}}}" in address
        },
    }


def _message(kind: type[Fact] | type[Signal], payload: Document) -> Document:
    return {
        "name": kind.TYPE,
        "title": kind.__name__,
        "contentType": "application/json",
        "headers": {
            "allOf": [
                {"$ref": "#/components/schemas/CloudEventHeaders"},
                {"properties": {"ce-type": {"const": kind.TYPE}}},
            ]
        },
        "payload": payload,
    }


def _operation(who: str, action: str, kind: type[Fact] | type[Signal]) -> Document:
    return {
        "action": action,
        "title": f"{who} {action}s {kind.__name__}",
        "channel": {"$ref": f"#/channels/{kind.__name__}"},
        "messages": [{"$ref": f"#/channels/{kind.__name__}/messages/{kind.__name__}"}],
        "tags": [{"name": who}],
    }


def _operations() -> Document:
    found: Document = {}
    for service, facts in FACTS.items():
        for fact in facts:
            found[f"{service}.send.{fact.__name__}"] = _operation(service, "send", fact)
            if fact.TIER != "evt":
                found[f"institution.receive.{fact.__name__}"] = _operation(
                    "institution", "receive", fact
                )
    for signal in SIGNALS:
        found[f"institution.send.{signal.__name__}"] = _operation("institution", "send", signal)
    return found


def asyncapi() -> Document:
    """Return one AsyncAPI 3.0 document: every channel, who sends on it, what institutions read."""
    kinds = list(event_types().values())
    payloads, schemas = _components(kinds, "#/components/schemas/")
    return {
        "asyncapi": "3.0.0",
        "id": "urn:ctin:events",
        "info": {
            "title": "CTIN — events",
            "version": VERSION,
            "license": {"name": "MIT"},
            "description": (
                "Facts that services publish and signals that institutions send, over NATS "
                "JetStream. An institution sends its signals, then reads the durables `answers` "
                f"and `updates` of the stream `{streams.PUB}`; it may read nothing else."
            ),
        },
        "defaultContentType": "application/json",
        "servers": {
            "nats": {
                "host": "{host}:{port}",
                "protocol": "nats",
                "description": "The coordination's NATS server, with JetStream.",
                "variables": {"host": {"default": "127.0.0.1"}, "port": {"default": "8422"}},
                "security": [{"$ref": "#/components/securitySchemes/nkey"}],
            }
        },
        "channels": {kind.__name__: _channel(kind) for kind in kinds},
        "operations": _operations(),
        "components": {
            "parameters": _PARAMETERS,
            "schemas": {**schemas, "CloudEventHeaders": _HEADERS},
            "messages": {
                kind.__name__: _message(kind, payload)
                for kind, payload in zip(kinds, payloads, strict=True)
            },
            "securitySchemes": {
                "nkey": {
                    "type": "asymmetricEncryption",
                    "description": "An Ed25519 NKey whose public half was given at admission.",
                }
            },
        },
    }


def dummy_settings(service: str, folder: Path) -> dict[str, str]:
    """Return settings under which a service describes itself; it opens none of these addresses."""
    key = folder / "key.jwk"
    named = {
        "PORT": "1",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1/nothing",
        "NATS_URL": "nats://127.0.0.1:1",
        "NATS_MONITOR_URL": "http://127.0.0.1:1",
        "NATS_SEED_FILE": str(key),
        "JWKS_URL": "http://127.0.0.1:1/v1/jwks",
        "CLIENT_KEY_FILE": str(key),
        "SIGNING_KEY_FILE": str(key),
        **{f"{peer.upper()}_URL": "http://127.0.0.1:1" for peer in streams.SERVICES},
    }
    return {f"{service.upper()}_{name}": value for name, value in named.items()}


def openapi(service: str, *, root: Path = ROOT) -> Document:
    """Return what `python -m services.<service> openapi` prints, run in `root`.

    Raises:
        Undescribed: it printed no description in time.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = OKPKey.generate_key("Ed25519").as_dict(private=True)
        (folder / "key.jwk").write_bytes(msgspec.json.encode(key))
        try:
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-m", f"services.{service}", "openapi"],
                cwd=root,
                env={**os.environ, **dummy_settings(service, folder)},
                capture_output=True,
                check=True,
                timeout=DESCRIBE_SECONDS_MAX,
            )
            described: Document = msgspec.json.decode(done.stdout)
        except (subprocess.SubprocessError, msgspec.DecodeError) as fault:
            said = getattr(fault, "stderr", None) or str(fault).encode()
            why = said.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise Undescribed(f"services.{service} does not describe itself: {why}") from fault
    return described


def _encoded(document: Any) -> bytes:
    text = msgspec.json.encode(document, order="deterministic")
    return msgspec.json.format(text, indent=2) + b"\n"


def documents(describe: Callable[[str], Document] = openapi) -> dict[str, bytes]:
    """Return every published document but `released.json`, by path.

    Args:
        describe: returns what a service says of itself, by its name.

    Raises:
        Undescribed: a service does not start, so it cannot be described.
    """
    built: dict[str, Any] = {
        "asyncapi.json": asyncapi(),
        "vocabulary.json": msgspec.to_builtins(VOCABULARY),
    }
    built |= {f"schemas/{named}.json": schema for named, schema in schemas().items()}
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # A process each: more would only wait.
        described = pool.map(describe, streams.SERVICES)
        for service, document in zip(streams.SERVICES, described, strict=True):
            built[f"openapi-{service}.json"] = document
    return {path: _encoded(document) for path, document in built.items()}


def stale(wanted: dict[str, bytes]) -> list[str]:
    """Return the paths of published documents that differ from `wanted`, lack or are left over."""
    there = {
        path.relative_to(PUBLISHED).as_posix(): path.read_bytes()
        for path in PUBLISHED.rglob("*.json")
        if path != RELEASED
    }
    return sorted(
        path for path in there.keys() | wanted.keys() if there.get(path) != wanted.get(path)
    )


def main(arguments: list[str]) -> int:
    """Write the documents, or with `--check` say which are out of date; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m contracts.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when stale")
    parser.add_argument("--release", action="store_true", help="freeze today's schemas too")
    asked = parser.parse_args(arguments)
    try:
        wanted = documents()
        if asked.release:
            RELEASED.write_bytes(_encoded(release(schemas())))
    except (Undescribed, ValueError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    if asked.check:
        faults = [
            f"contracts/published/{one} is stale: run make contracts" for one in stale(wanted)
        ]
        faults += broken_releases(schemas())
        sys.stderr.writelines(f"{one}\n" for one in faults)
        return 1 if faults else 0
    for path in stale(wanted):
        file = PUBLISHED / path
        if path in wanted:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(wanted[path])
        else:
            file.unlink()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
