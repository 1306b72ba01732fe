"""How rows are shown: the row's columns under the names of the contract."""

from typing import TypeVar

import msgspec

B = TypeVar("B", bound=msgspec.Struct)


def shown(row: msgspec.Struct, kind: type[B], **renamed: str) -> B:
    """Return a row as a body of `kind`; `renamed` gives the column of a field named otherwise."""
    columns = {**msgspec.structs.asdict(row)}
    for field, column in renamed.items():
        columns[field] = columns.pop(column)
    return msgspec.convert(columns, kind)
