"""What an import answers, whichever service takes the file."""

import msgspec


class RowRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """A row that was refused, or a doubt about one that was kept; `line` counts from 1."""

    line: int
    column: str | None
    code: str
    detail: str


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of each row of a file: `read` = `accepted` + `unchanged` + those refused.

    A dry run checks each row by itself and writes nothing. `totals` are sums of the rows kept.
    """

    read: int = 0
    accepted: int = 0
    unchanged: int = 0
    refused: list[RowRefusal] = []
    warnings: list[RowRefusal] = []
    totals: dict[str, int] = {}
