"""How a cell that does not fit is told to whoever wrote it."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from contracts import privacy
from contracts.refusals import explain
from services.chassis.importer import RowIsRefused

T = TypeVar("T")


def read(told: Mapping[str, object], kind: type[T], columns: Mapping[str, str]) -> T:
    """Return what cells tell; `columns` gives the column of each field.

    Raises:
        RowIsRefused: one does not fit, with its column and what it should be.
    """
    try:
        return msgspec.convert(told, kind, strict=False)
    except msgspec.ValidationError as error:
        why = explain(error)
        field = why.field.partition("[")[0]
        raise RowIsRefused(why.detail, column=columns.get(field, field) or None) from None


def hosts(told: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the communes that a row says its QPV is in."""
    return tuple(one.strip() for one in told.get("lib_com", "").split(",") if one.strip())


def must_name_nobody(told: Mapping[str, str]) -> None:
    """Refuse a row whose texts, by column, hold what looks like a person's data.

    Raises:
        RowIsRefused: one does; the column is named, what it holds is not repeated.
    """
    for column, text in told.items():
        found = privacy.scan(text[: 64 * 1024])
        if found:
            raise RowIsRefused(
                f"Une donnée personnelle se lit dans « {column} » ; retirez-la.",
                column=column,
                code=f"E_PII_{found[0].kind.value}",
            )
