"""Check a frozen version of a diagnostic: its hash and what it says of itself, from the file alone.

Nothing here is shared with the service: a version is read as any JSON, and what it adds up to is
worked out again.
"""

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from contracts.verify.lines import Differs, must

SHAPE = "le fichier n'est pas une version de diagnostic"
STATUSES = {"complete", "partial", "secret", "not_covered"}
HIDDEN = {"secret", "not_covered"}
PEOPLE = {"needs", "surveys", "activity"}
"""Chapters whose small counts never leave."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    must(len(found) == len(pairs), "un champ est donné deux fois")
    return found


def _no_fraction(text: str) -> None:
    raise Differs(f"le nombre {text} n'est pas entier : l'empreinte n'en admet pas d'autre")


def canonical(value: object) -> bytes:
    """Return a value in canonical JSON: RFC 8785, for keys in ASCII and whole numbers."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def check(text: bytes) -> dict[str, Any]:
    """Return a version whose every claim holds.

    Raises:
        Differs: the first claim that does not, in French.
        ValueError: it is no JSON.
    """
    version: dict[str, Any] = json.loads(
        text, object_pairs_hook=_once, parse_float=_no_fraction, parse_constant=_no_fraction
    )
    must(isinstance(version, dict) and isinstance(version.get("hash"), str), SHAPE)
    said = version["hash"]
    found = hashlib.sha256(canonical({k: v for k, v in version.items() if k != "hash"})).hexdigest()
    must(said == found, f"l'empreinte annoncée est {said}, celle du contenu {found}")
    elements = version["elements"]
    _keys(version, elements)
    for element in elements:
        _value(version, element)
    _sources(version, elements)
    return version


def _keys(version: dict[str, Any], elements: list[dict[str, Any]]) -> None:
    keys = Counter(one["key"] for one in elements)
    for key, times in keys.items():
        must(times == 1, f"l'élément {key} est donné {times} fois")
    communes = {one["commune"] for one in version["areas"]} | {"_all"}
    for one in elements:
        must(
            one["area"] in communes,
            f"l'élément {one['key']} est d'un territoire qui n'est pas de la version",
        )


def _value(version: dict[str, Any], one: dict[str, Any]) -> None:
    """Check that a value is shown exactly where its status says so, and is one that may leave."""
    key, value, status = one["key"], one["value"], one["status"]
    must(status in STATUSES, f"l'élément {key} a un état inconnu : {status}")
    must(
        (value is None) == (status in HIDDEN),
        f"l'élément {key} montre {value} sous l'état {status}",
    )
    if one["chapter"] in PEOPLE and isinstance(value, int):
        threshold = version["threshold"] - (version["rounded_to"] // 2)
        must(
            value == 0 or value >= threshold,
            f"l'élément {key} montre un compte de {value}, sous le seuil {version['threshold']}",
        )


def _sources(version: dict[str, Any], elements: list[dict[str, Any]]) -> None:
    counts = Counter((one["chapter"], one["source"]) for one in elements)
    said = {(one["chapter"], one["source"]): one["elements"] for one in version["sources"]}
    must(said == dict(counts), "les sources annoncées ne sont pas celles des éléments")


def main(path: str | Path) -> int:
    """Check a file: return 0 when all of it holds, 1 with the first difference on stderr."""
    try:
        version = check(Path(path).read_bytes())
    except Differs as difference:
        sys.stderr.write(f"{difference}.\n")
        return 1
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        sys.stderr.write(f"{SHAPE} ({fault}).\n")
        return 1
    sys.stdout.write(
        f"Version vérifiée : {version['coordination']} n° {version['number']}, "
        f"{len(version['elements'])} éléments, empreinte {version['hash']}.\n"
    )
    return 0
