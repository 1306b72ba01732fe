"""Files of indicators: known by their header, or told column by column by a mapping."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Annotated

import msgspec
from msgspec import Meta

from services.chassis.importer import Kind, Row, RowIsRefused, Warn
from services.diagnostics.imports import cells
from services.diagnostics.model.observed import (
    COUNT_UNITS,
    AreaRow,
    Edition,
    Observed,
    area_kind,
    number,
)

Plain = Annotated[str, Meta(pattern="^[a-z0-9_]+$")]
LONG = ("area", "indicator", "value", "label", "unit", "source", "licence", "vintage")
"""Columns of a table that says everything on each row: the form of the exports."""
OVER = ("source", "licence", "vintage")
"""Columns that a mapping may add to a known file, to say which edition it is."""
SECRET = frozenset({"s", "secret"})


class KnownIndicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of a known file."""

    column: Plain
    indicator: str
    label: str
    unit: str
    max: float | None = None


class KnownFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that is known by its header."""

    area: Plain
    source: str
    licence: str
    indicators: tuple[KnownIndicator, ...]
    vintage: str = ""
    is_assumed: bool = False
    vintage_column: Plain | None = None
    needs: list[Plain] = []
    flags: list[Plain] = []

    @property
    def columns(self) -> frozenset[str]:
        """The columns it is known by."""
        named = {self.area, *self.needs, *self.flags, *(one.column for one in self.indicators)}
        return frozenset(named | ({self.vintage_column} if self.vintage_column else set()))


def load() -> dict[str, KnownFile]:
    """Return the known files, by name."""
    text = files("services.diagnostics.imports").joinpath("known_files.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, KnownFile])


KNOWN = load()


def _open(known: Mapping[str, KnownFile]) -> Callable[[], Callable[[Row, Warn], AreaRow]]:
    def opened() -> Callable[[Row, Warn], AreaRow]:
        seen: set[tuple[str, ...]] = set()

        def read(row: Row, warn: Warn) -> AreaRow:
            form = _form(row, known)
            told = _wide(row, form) if form else _long(row)
            key: tuple[str, ...] = (told.area,)
            if form is None:
                key = (told.area, row.values["indicator"], row.values["vintage"])
            if key in seen:
                raise RowIsRefused(
                    f"Le territoire {told.area} est déjà donné plus haut ; gardez une ligne.",
                    column=form.area if form else "area",
                    code="E_TWICE",
                )
            if form and form.is_assumed and not seen and not row.values.get("vintage"):
                warn(
                    f"Le fichier ne dit pas de quand il est ; {form.vintage} est supposé. Dites-le "
                    'par --mapping {"=2017": "vintage"}.',
                    column="vintage",
                    code="W_VINTAGE",
                )
            seen.add(key)
            if len(told.observed) > 1 and all(one.value is None for one in told.observed):
                warn("Aucune valeur sur cette ligne : secret ou absence, jamais zéro.")
            return told

        return read

    return opened


def _form(row: Row, known: Mapping[str, KnownFile]) -> KnownFile | None:
    fitting = [one for one in known.values() if one.columns <= row.values.keys()]
    return max(fitting, key=lambda one: len(one.columns), default=None)


def _wide(row: Row, form: KnownFile) -> AreaRow:
    area = _area(row, form.area)
    is_secret = any(row.values[flag] not in {"", "0"} for flag in form.flags)
    dated = row.values[form.vintage_column] if form.vintage_column else form.vintage
    over = {name: row.values.get(name) or "" for name in OVER}
    cells.must_name_nobody(over)
    editions = _editions(
        form.indicators,
        over["vintage"] or dated,
        over["source"] or form.source,
        over["licence"] or form.licence,
    )
    observed = []
    for one, edition in zip(form.indicators, editions, strict=True):
        value = _value(row, one.column, most=one.max)
        observed.append(Observed(edition, value, secret=value is None and is_secret))
    hosts = cells.hosts(row.values) if area_kind(area) == "qpv" else ()
    return AreaRow(area, tuple(observed), hosts)


@lru_cache(maxsize=64)
def _editions(
    indicators: tuple[KnownIndicator, ...], vintage: str, source: str, licence: str
) -> list[Edition]:
    """Return the edition of each column; a file repeats them on every row."""
    return [
        Edition(
            indicator=one.indicator,
            vintage=vintage,
            label=one.label,
            unit=one.unit,
            source=source,
            licence=licence,
        )
        for one in indicators
    ]


def _long(row: Row) -> AreaRow:
    area = _area(row, "area")
    words = {name: row.values[name] for name in Edition.__struct_fields__}
    cells.must_name_nobody(words)
    edition = cells.read(words, Edition, {})
    said = row.values["value"]
    if said.casefold() in SECRET:
        return AreaRow(area, (Observed(edition, None, secret=True),))
    return AreaRow(area, (Observed(edition, _value(row, "value", most=None)),))


def _area(row: Row, column: str) -> str:
    code = row.values[column]
    if area_kind(code) is None:
        raise RowIsRefused(
            f"« {code} » n'est pas le code d'une commune, d'un EPCI, d'un QPV ni d'un département, "
            "et d'un seul.",
            column=column,
            code="E_AREA",
        )
    return code


def _value(row: Row, column: str, *, most: float | None) -> str | None:
    said = row.values[column]
    try:
        value = number(said)
    except ValueError:
        raise RowIsRefused(f"« {said} » n'est pas un nombre.", column=column) from None
    if value is not None and most is not None and not 0 <= float(value) <= most:
        raise RowIsRefused(
            f"{said} n'est pas entre 0 et {most:g} ; vérifiez l'unité.", column=column
        )
    return value


def _totals(row: AreaRow) -> Mapping[str, int]:
    """Return how many values are known or not, and the sum of each count."""
    sums = {"values": 0, "blanks": 0, "secrets": 0}
    for one in row.observed:
        if one.value is None:
            sums["secrets" if one.secret else "blanks"] += 1
            continue
        sums["values"] += 1
        if one.edition.unit in COUNT_UNITS and "." not in one.value:
            name = one.edition.indicator
            sums[name] = sums.get(name, 0) + int(one.value)
    return sums


def _forms(known: Mapping[str, KnownFile]) -> Iterator[frozenset[str]]:
    for one in known.values():
        yield one.columns


def _only(name: str) -> dict[str, KnownFile]:
    return {name: KNOWN[name]}


IFN: Kind[AreaRow] = Kind(
    name="ifn",
    needs=(),
    open=_open(_only("ifn")),
    totals=_totals,
    is_shared=True,
    forms=tuple(_forms(_only("ifn"))),
)
"""The index of digital fragility by commune or by EPCI; its `*_rate` columns are scores."""
INDICATORS: Kind[AreaRow] = Kind(
    name="indicators",
    needs=(),
    open=_open(KNOWN),
    totals=_totals,
    is_shared=True,
    forms=(*_forms(KNOWN), frozenset(LONG)),
)
"""Any file of `known_files.toml`, or one whose rows say area, indicator, value and edition."""
