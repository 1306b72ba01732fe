"""Indicators as their producers observed them: what a value is, of what, in which edition."""

import re
from collections.abc import Sequence
from datetime import datetime
from statistics import median
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.values import Label, Slug

SHARED = ""
"""The coordination of what is national: kept once, read by all."""
VALUE = re.compile(r"^-?[0-9]{1,12}(\.[0-9]{1,20})?$")
_BLANKS = str.maketrans("", "", " \u00a0\u202f\u2009")
_AREA = re.compile(
    r"^(?:(?P<epci>[0-9]{9})|(?P<commune>[0-9][0-9AB][0-9]{3})|(?P<qpv>Q[PN][0-9A-Z]{6})|"
    r"(?P<department>[0-9][0-9AB][0-9]?))$"
)
COUNT_UNITS = frozenset({"personnes", "foyers", "locaux", "logements", "demandeurs d'emploi"})
"""Units that may be brought to a number of inhabitants; a rate or a score may not."""
PER_INHABITANTS = 1000
POPULATION_CLASSES = (0, 500, 2_000, 10_000, 50_000)
"""Where each class of communes begins, in inhabitants."""
SIMILAR_MAX = 10
SIMILAR_METHOD = (
    "Communes de la même classe de population (bornes : 500, 2 000, 10 000 et 50 000 habitants) "
    "dont cette édition donne la valeur : les dix de population la plus proche."
)


class Edition(msgspec.Struct, frozen=True):
    """One edition of an indicator."""

    indicator: Slug
    vintage: Annotated[str, Meta(min_length=1, max_length=60)]
    label: Label
    unit: Label
    source: Label
    licence: Label


class Observed(msgspec.Struct, frozen=True):
    """One value of an edition; None is secrecy, told as such by its producer, or absence."""

    edition: Edition
    value: str | None
    secret: bool = False


class AreaRow(msgspec.Struct, frozen=True):
    """What one row of a file tells of one area; `hosts` name the communes that a QPV is in."""

    area: str
    observed: tuple[Observed, ...]
    hosts: tuple[str, ...] = ()


class Place(msgspec.Struct, frozen=True):
    """An observation that is new or changed: of which area, in which edition."""

    commune: str
    indicator: str
    vintage: str


class ChangedRow(msgspec.Struct, frozen=True):
    """Columns of `changed_observations`: a place in a batch, from 1, and whether it replaces."""

    nth: int
    is_known: bool


class EditionRow(msgspec.Struct, frozen=True):
    """Columns of `editions`: an edition, and how much of some areas it covers."""

    coordination: str
    indicator: str
    vintage: str
    label: str
    unit: str
    source: str
    licence: str
    brought_at: datetime
    areas: int
    known: int
    secret: int


class ValueRow(msgspec.Struct, frozen=True):
    """Columns of `area_values`."""

    commune: str
    value: str | None
    secret: bool
    revision: int
    observed_at: datetime


class HistoryRow(msgspec.Struct, frozen=True):
    """Columns of `area_history`: every value that was ever told of one area."""

    coordination: str
    vintage: str
    label: str
    unit: str
    source: str
    licence: str
    revision: int
    value: str | None
    secret: bool
    observed_at: datetime
    replaced_at: datetime | None


class SimilarRow(msgspec.Struct, frozen=True):
    """Columns of `similar_communes`."""

    commune: str
    name: str
    population: int
    value: str


def number(text: str) -> str | None:
    """Return a number as it is kept: its digits, all of them, and a decimal point; None if blank.

    `10 171` with any space is ten thousand, `18,7` has a decimal comma.

    Raises:
        ValueError: it is no number.
    """
    bare = text.translate(_BLANKS).replace(",", ".")
    if not bare:
        return None
    if not VALUE.fullmatch(bare):
        raise ValueError(text)
    return bare


def area_kind(code: str) -> str | None:
    """Return `commune`, `epci`, `qpv` or `department` by the shape of a code, None without one."""
    found = _AREA.fullmatch(code)
    return found.lastgroup if found else None


def per_thousand(value: str | None, unit: str, population: int | None) -> str | None:
    """Return a count brought to a thousand inhabitants, one decimal; None where it makes none."""
    if value is None or unit not in COUNT_UNITS or not population:
        return None
    return f"{float(value) * PER_INHABITANTS / population:.1f}"


def population_class(population: int) -> tuple[int, int]:
    """Return the least and the most inhabitants of the class of a commune."""
    least = max(start for start in POPULATION_CLASSES if start <= population)
    above = [start for start in POPULATION_CLASSES if start > population]
    return least, (min(above) - 1 if above else 10**8)


def middle(values: Sequence[str]) -> str | None:
    """Return the median of values, without needless zeros."""
    if not values:
        return None
    return f"{median(map(float, values)):.4f}".rstrip("0").rstrip(".")
