"""The closed lists a signal draws on: those of the contracts, and what an installation adds."""

import tomllib
from importlib.resources import files
from pathlib import Path

import msgspec


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an exposure count may measure: its French label and the units it comes in."""

    label: str
    units: list[str]


class Domain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an elected delegation answers for: problems and digital themes of its own."""

    label: str
    problems: list[str] = []
    themes: list[str] = []


class Vocabulary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words by list; each stands for the French a reader sees."""

    purposes: dict[str, str] = {}
    measures: dict[str, Measure] = {}
    problems: dict[str, str] = {}
    themes: dict[str, str] = {}
    publics: dict[str, str] = {}
    place_kinds: dict[str, str] = {}
    domains: dict[str, Domain] = {}


def load() -> Vocabulary:
    """Return the lists of the contracts."""
    text = files("contracts").joinpath("vocabulary.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Vocabulary)


def extended(known: Vocabulary, text: str) -> Vocabulary:
    """Return the lists with what a TOML text adds to them.

    A word keeps its meaning for ever, so one that is known cannot be given again; domains alone
    may be: which delegation answers for what is each installation's own.

    Raises:
        ValueError: the text is no TOML of lists, gives a known word again, or a domain names a
            problem or a theme that is in no list.
    """
    try:
        added = msgspec.convert(tomllib.loads(text), Vocabulary)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise ValueError(str(fault)) from fault
    lists: dict[str, dict[str, object]] = {}
    for name in Vocabulary.__struct_fields__:
        ours, theirs = getattr(known, name), getattr(added, name)
        again = sorted(ours.keys() & theirs.keys())
        if again and name != "domains":
            raise ValueError(f"{name} has {again[0]} already; give a word of your own")
        lists[name] = {**ours, **theirs}
    whole = msgspec.convert(msgspec.to_builtins(lists), Vocabulary)
    for code, domain in whole.domains.items():
        unknown = [one for one in domain.problems if one not in whole.problems]
        unknown += [one for one in domain.themes if one not in whole.themes]
        if unknown:
            raise ValueError(f"domain {code} names {unknown[0]}, which is in no list")
    return whole


def extend(path: str) -> None:
    """Add an installation's words to those of this process, once, at start.

    Raises:
        SystemExit: the file cannot be read or is not what `extended` takes; one sentence says why.
    """
    try:
        whole = extended(VOCABULARY, Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise SystemExit(f"The vocabulary of {path} cannot be used: {fault}.") from None
    for name in Vocabulary.__struct_fields__:
        getattr(VOCABULARY, name).update(getattr(whole, name))


VOCABULARY = load()
