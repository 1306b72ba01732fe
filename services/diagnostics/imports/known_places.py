"""Producers' files of places that are known by their header, read without a mapping being given."""

import tomllib
from collections.abc import Callable, Collection
from functools import lru_cache
from importlib.resources import files
from typing import Any

import msgspec

from services.chassis.importer import Row, RowIsRefused
from services.diagnostics.imports.producers import translate


class KnownProducer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A producer's layout: the columns it is known by, and how its rows are read."""

    columns: frozenset[str]
    mapping: dict[str, Any]
    closed: dict[str, str] = {}


def load() -> dict[str, KnownProducer]:
    """Return the known producers, by name."""
    text = files("services.diagnostics.imports").joinpath("known_places.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, KnownProducer])


KNOWN = load()
FORMS: tuple[Collection[str], ...] = tuple(one.columns for one in KNOWN.values())


@lru_cache(maxsize=len(KNOWN))
def _reader(name: str) -> Callable[[Row], Row]:
    return translate(KNOWN[name].mapping)


def translated(row: Row) -> Row:
    """Return a row in the columns of the national schema, as it is where its producer is not known.

    Raises:
        RowIsRefused: its producer says that the place is one no more.
    """
    for name, known in KNOWN.items():
        if known.columns <= row.values.keys():
            _must_be_open(row, known)
            return _reader(name)(row)
    return row


def _must_be_open(row: Row, known: KnownProducer) -> None:
    for column, word in known.closed.items():
        if row.values[column].casefold() == word:
            raise RowIsRefused(
                "Son producteur dit ce lieu fermé ou retiré ; il n'est pas gardé.",
                column=column,
                code="E_CLOSED",
            )
