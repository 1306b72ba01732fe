"""What was released stays: the frozen schemas, and how today's are compared with them.

Until `CHANGELOG.md` beside this file dates VERSION, its schemas may be frozen again and again; from
then on they never change, and a later version is compared with every one that was released.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

VERSION = "0.1.0"
PUBLISHED = Path(__file__).parent / "published"
RELEASED = PUBLISHED / "released.json"
Document = dict[str, Any]
_WORDS = ("title", "description", "examples")


def bare(document: Any) -> Any:
    """Return a schema without the words around it: what a digest covers and a change breaks."""
    if isinstance(document, dict):
        return {
            key: {name: bare(one) for name, one in value.items()}
            if key in {"properties", "$defs"}
            else bare(value)
            for key, value in document.items()
            if key not in _WORDS
        }
    return [bare(one) for one in document] if isinstance(document, list) else document


def digest(document: Any) -> str:
    """Return the SHA-256 of a document's canonical form, in lower-case hex."""
    return hashlib.sha256(msgspec.json.encode(document, order="deterministic")).hexdigest()


def released() -> dict[str, dict[str, Document]]:
    """Return the frozen schemas, by event type and version, each with its digest."""
    if not RELEASED.exists():
        return {}
    return msgspec.json.decode(RELEASED.read_bytes(), type=dict[str, dict[str, Document]])


def frozen(version: str) -> bool:
    """Tell whether the changelog gives `version` a date, after which its schemas never change."""
    text = (Path(__file__).parent / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = [line for line in text.splitlines() if line.startswith(f"## {version} ")]
    return bool(headings) and "unreleased" not in headings[0]


def release(today: Mapping[str, Document]) -> Document:
    """Return what `released.json` holds once the schemas of `today`, by type, are those of VERSION.

    Raises:
        ValueError: VERSION is out, and a schema differs from all those released.
    """
    found = released()
    for named, described in today.items():
        schema = bare(described)
        versions = found.setdefault(named, {})
        others = {one["sha256"] for version, one in versions.items() if version != VERSION}
        known = {one["sha256"] for one in versions.values()}
        if frozen(VERSION) and digest(schema) not in known:
            raise ValueError(f"{VERSION} is out: give VERSION its next number to release {named}")
        if not frozen(VERSION):
            versions.pop(VERSION, None)
            if digest(schema) not in others:
                versions[VERSION] = {"sha256": digest(schema), "schema": schema}
    if not frozen(VERSION):
        for named in found.keys() - today.keys():
            found[named].pop(VERSION, None)
    return {named: versions for named, versions in found.items() if versions}


def broken_releases(today: Mapping[str, Document]) -> Iterator[str]:
    """Yield one sentence for each released type whose schema `today` was never released."""
    for named, versions in released().items():
        if any(digest(one["schema"]) != one["sha256"] for one in versions.values()):
            yield f"contracts/published/{RELEASED.name} was changed by hand: {named}"
        if named not in today:
            yield f"{named} was released and is gone: a released type stays beside its successor"
        elif digest(bare(today[named])) not in {one["sha256"] for one in versions.values()}:
            yield (
                f"{named} was released and its schema changed: make it v2 beside v1 or, when the "
                "compatibility tests pass, run `python -m contracts.generate --release`"
            )
