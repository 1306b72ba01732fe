"""What texts, words and days of the field must be."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from contracts import privacy
from services.diagnostics.errors.field import (
    CommuneIsElsewhere,
    DayIsAhead,
    DaysAreReversed,
    TextHoldsControls,
    TextHoldsPerson,
    ValueIsRepeated,
    WordIsUnknown,
)

PARIS = ZoneInfo("Europe/Paris")
NOT_WRITTEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories that no sentence has: controls, halves of characters, ends of lines."""


def day_of(instant: datetime) -> date:
    """Return the civil day of an instant, in Europe/Paris."""
    assert instant.tzinfo is not None, "an instant without an offset has no day"
    return instant.astimezone(PARIS).date()


def must_be_plain(asked: msgspec.Struct, *texts: str) -> None:
    """Refuse control characters anywhere, and personal data in the fields named by `texts`.

    A field inside another is named with a dot; numbers of lists are left out: `questions.text`.

    Raises:
        TextHoldsControls: a text holds a line feed, a NUL or the like.
        TextHoldsPerson: one of `texts` holds what looks like a person's data.
    """
    for place, name, text in _texts(msgspec.to_builtins(asked), "", ""):
        if any(unicodedata.category(character) in NOT_WRITTEN for character in text):
            raise TextHoldsControls(place)
        _must_hold_nobody(place, text if name in texts else "")


def must_name_nobody(asked: msgspec.Struct, *texts: str) -> None:
    """Refuse personal data in the fields named by `texts`, as `must_be_plain` names them.

    Raises:
        TextHoldsPerson: one of them holds what looks like a person's data.
    """
    for place, name, text in _texts(msgspec.to_builtins(asked), "", ""):
        _must_hold_nobody(place, text if name in texts else "")


def _must_hold_nobody(place: str, text: str) -> None:
    found = privacy.scan(text)
    if found:
        raise TextHoldsPerson(place, found[0].kind.value)


def _texts(value: object, place: str, name: str) -> Iterable[tuple[str, str, str]]:
    if isinstance(value, str):
        yield place, name, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, f"{place}.{key}".strip("."), f"{name}.{key}".strip("."))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{place}.{number}".strip("."), name)


def must_be_word(field: str, word: str | None, known: Collection[str]) -> None:
    """Refuse a word that a closed list does not have.

    Raises:
        WordIsUnknown: it is not there.
    """
    if word is not None and word not in known:
        raise WordIsUnknown(field, word)


def must_be_here(field: str, communes: Iterable[str], covered: Collection[str]) -> None:
    """Refuse a commune of elsewhere.

    Raises:
        CommuneIsElsewhere: one is.
    """
    for commune in communes:
        if commune not in covered:
            raise CommuneIsElsewhere(field, commune)


def must_be_once(field: str, values: Iterable[object]) -> None:
    """Refuse a list that names something twice.

    Raises:
        ValueIsRepeated: it does.
    """
    for value, times in Counter(values).items():
        if times > 1:
            raise ValueIsRepeated(field, value)


def must_have_come(field: str, day: date, *, today: date) -> None:
    """Refuse a day to come for what happened.

    Raises:
        DayIsAhead: it is after today.
    """
    if day > today:
        raise DayIsAhead(field, day)


def must_follow(field: str, first: date, last: date) -> None:
    """Refuse two days in the wrong order; the same day twice is right.

    Raises:
        DaysAreReversed: `last` is before `first`.
    """
    if last < first:
        raise DaysAreReversed(field, first=first, last=last)
