"""The closed lists a signal draws on, read once from `vocabulary.toml`."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files

import msgspec


class Measure(msgspec.Struct, frozen=True):
    """What an exposure count may measure: its French label and the units it comes in."""

    label: str
    units: list[str]


class Delegation(msgspec.Struct, frozen=True):
    """What an elected official is in charge of: the problems and the publics that are its own."""

    label: str
    problems: list[str]
    publics: list[str]


class Vocabulary(msgspec.Struct, frozen=True):
    """Words by list; each stands for the French a reader sees."""

    purposes: Mapping[str, str]
    measures: Mapping[str, Measure]
    problems: Mapping[str, str]
    themes: Mapping[str, str]
    publics: Mapping[str, str]
    place_kinds: Mapping[str, str]
    delegations: Mapping[str, Delegation]


def load() -> Vocabulary:
    """Return the lists of this installation."""
    text = files("contracts").joinpath("vocabulary.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Vocabulary)


VOCABULARY = load()
