"""Tables as other programs open them: CSV for French spreadsheets, and cells that run nothing.

A text that a spreadsheet would take for a formula is kept a text by an apostrophe before it.
Amounts are whole cents here and euros with two decimals there.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
BOM = "\ufeff"


class Holds(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    EUROS = "euros"
    WHOLE = "whole"
    DAY = "day"


class Column(msgspec.Struct, frozen=True):
    """A column: its French title, and what its cells hold."""

    title: str
    holds: Holds = Holds.TEXT


Cell = str | int | date | None
"""Euros are whole cents."""


class Dialect(msgspec.Struct, frozen=True):
    """How a CSV is written: for a spreadsheet in French, or as an open-data schema asks."""

    delimiter: str
    decimal: str
    bom: bool


FRENCH = Dialect(";", ",", bom=True)
OPEN = Dialect(",", ".", bom=False)


def guarded(text: str) -> str:
    """Return a text that no spreadsheet computes, on one line."""
    plain = " ".join(text.split()) if "\n" in text or "\r" in text else text
    return f"'{plain}" if plain.startswith(FORMULA_STARTS) else plain


def euros(cents: int) -> Decimal:
    """Return cents as euros, exactly."""
    return Decimal(cents).scaleb(-2)


def shown(cell: Cell, holds: Holds, dialect: Dialect) -> str:
    """Return a cell as a CSV holds it."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell)
    if holds is Holds.EUROS:
        assert isinstance(cell, int), "euros are whole cents"
        return f"{euros(cell):.2f}".replace(".", dialect.decimal)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def header(columns: Sequence[Column], dialect: Dialect) -> bytes:
    """Return the first line of a CSV."""
    bom = BOM if dialect.bom else ""
    return (bom + _line([column.title for column in columns], dialect)).encode()


def lines(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], dialect: Dialect) -> bytes:
    """Return rows as lines of a CSV."""
    return "".join(
        _line(
            [shown(cell, column.holds, dialect) for cell, column in zip(row, columns, strict=True)],
            dialect,
        )
        for row in rows
    ).encode()


def _line(cells: Sequence[str], dialect: Dialect) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=dialect.delimiter, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
