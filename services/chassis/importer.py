"""Take the rows of a file somebody else wrote: good rows are kept, bad ones are told."""

from collections.abc import AsyncIterable, Awaitable, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Generic, Protocol, TypeVar

import msgspec

from contracts.http.imports import ImportReport, RowRefusal
from services.chassis.tables import FILE_BYTES_MAX, FileIsUnreadable, Row, plain, spool, table

T = TypeVar("T")
ROWS_PER_BATCH = 500
__all__ = [
    "FILE_BYTES_MAX",
    "Doubt",
    "FileIsUnreadable",
    "ImportReport",
    "Kind",
    "Outcome",
    "Row",
    "RowIsRefused",
    "Warn",
    "Write",
    "mapped",
    "plain",
    "receive",
    "run",
    "spool",
    "table",
]


class RowIsRefused(Exception):
    """A row that cannot be kept: why, in which column."""

    def __init__(self, detail: str, *, column: str | None = None, code: str = "E_FIELD") -> None:
        """Say in French what is wrong and what to do."""
        super().__init__(detail)
        self.column, self.code = column, code


class Warn(Protocol):
    """Keeps a doubt about the row being read, which is accepted all the same."""

    def __call__(self, detail: str, *, column: str | None = None, code: str = "W_FIELD") -> None:
        """Say in French what is doubtful."""


class Doubt(msgspec.Struct, frozen=True):
    """A row that was written, with a doubt that only what was there before could raise."""

    is_new: bool
    detail: str
    column: str | None = None
    code: str = "W_FIELD"


Outcome = bool | Doubt | RowIsRefused | None
"""What became of a row that was written: True if it is new, False if it was there, or refused.

None if it is about another territory than the one the file was given for: nothing is kept.
"""
ELSEWHERE = "rows_elsewhere"
"""The total that counts the rows about other territories; they are told as unchanged."""
PROGRESS_ROWS = 20_000
Write = Callable[[list[T]], Awaitable[list[Outcome]]]
"""Writes rows, and says what became of each."""


@dataclass(frozen=True)
class Kind(Generic[T]):
    """One kind of file: the columns it needs, how a row is read, what is summed over its rows.

    `forms` are the columns of each of several layouts, where there is not one alone. `open`
    returns a reader for one file, which may remember the rows before. `mend` puts together a row
    that has too many cells, where what was meant is certain. `mapping` gives our name of columns
    that producers call otherwise. A shared kind belongs to no coordination. `translate` reads rows
    by a mapping that says more than names, None where no such mapping is taken.
    """

    name: str
    needs: Collection[str]
    open: Callable[[], Callable[[Row, Warn], T]]
    mend: Callable[[Row], Row | None] = lambda _: None
    totals: Callable[[T], Mapping[str, int]] = lambda _: {}
    mapping: Mapping[str, str] = field(default_factory=dict)
    is_shared: bool = False
    forms: Collection[Collection[str]] = ()
    translate: Callable[[Mapping[str, Any]], Callable[[Row], Row]] | None = None


async def receive(
    chunks: AsyncIterable[bytes],
    kind: Kind[T],
    write: Write[T] | None,
    *,
    mapping: str | None = None,
) -> ImportReport:
    """Import a request's body; `mapping` is a JSON object, our name of a column by theirs.

    Raises:
        FileIsUnreadable: the body is no such table, or the mapping no such object.
    """
    with await spool(chunks) as file:
        return await run(mapped(file, kind, mapping), kind, write)


def mapped(file: IO[bytes], kind: Kind[T], mapping: str | bytes | None = None) -> Iterator[Row]:
    """Yield the rows of a file of this kind, its columns named by `mapping`, a JSON object.

    Raises:
        FileIsUnreadable: the file is no such table, or the mapping no such object.
    """
    try:
        given = msgspec.json.decode(mapping, type=dict[str, Any]) if mapping else {}
        if kind.translate and not all(isinstance(one, str) for one in given.values()):
            return map(kind.translate(given), table(file))
        names = msgspec.convert(given, dict[str, str])
    except (msgspec.DecodeError, msgspec.ValidationError) as fault:
        raise FileIsUnreadable("« mapping » : un objet JSON est attendu.") from fault
    return table(file, mapping={**kind.mapping, **names}, needs=kind.needs, forms=kind.forms)


async def run(
    rows: Iterator[Row],
    kind: Kind[T],
    write: Write[T] | None = None,
    *,
    batch: int = ROWS_PER_BATCH,
    progress: Callable[[int], None] = lambda _: None,
) -> ImportReport:
    """Read every row and write those that hold, a batch at a time; return what became of each.

    Without `write` nothing is kept: a row that reads is counted as accepted. `progress` is told
    how many rows were read, now and then.
    """
    taking = _Taking(kind, write)
    for number, row in enumerate(rows, start=1):
        taking.read(row)
        if number % PROGRESS_ROWS == 0:
            progress(number)
        if len(taking.waiting) >= batch:
            await taking.write_waiting()
    await taking.write_waiting()
    return taking.report()


class _Taking(Generic[T]):
    """One file being imported."""

    def __init__(self, kind: Kind[T], write: Write[T] | None) -> None:
        self.waiting: list[tuple[int, T]] = []
        self._kind, self._write, self._reader = kind, write, kind.open()
        self._seen = self._accepted = self._unchanged = 0
        self._refused: list[RowRefusal] = []
        self._warnings: list[RowRefusal] = []
        self._totals: dict[str, int] = {}

    def read(self, row: Row) -> None:
        """Read a row, which waits to be written, or keep why not."""

        def warn(detail: str, *, column: str | None = None, code: str = "W_FIELD") -> None:
            doubt = RowRefusal(line=row.line, column=column, code=code, detail=detail)
            self._warnings.append(doubt)

        self._seen += 1
        try:
            row = (self._kind.mend(row) or row) if row.fault and row.surplus else row
            item = self._reader(row, warn) if row.fault is None else None
        except RowIsRefused as why:
            self._refuse(row.line, why)
            return
        if item is None:
            self._refuse(row.line, RowIsRefused(row.fault or "", code="E_ROW"))
        else:
            self.waiting.append((row.line, item))

    async def write_waiting(self) -> None:
        """Write what waits, if anything is written at all."""
        items = [item for _, item in self.waiting]
        kept: list[Outcome] = [True] * len(items)
        outcomes = await self._write(items) if self._write and items else kept
        for (line, item), outcome in zip(self.waiting, outcomes, strict=True):
            if isinstance(outcome, RowIsRefused):
                self._refuse(line, outcome)
                continue
            if isinstance(outcome, Doubt):
                told = RowRefusal(
                    line=line, column=outcome.column, code=outcome.code, detail=outcome.detail
                )
                self._warnings.append(told)
                outcome = outcome.is_new  # noqa: PLW2901  # The doubt is told; the rest counts.
            self._accepted += outcome is True
            self._unchanged += outcome is not True
            sums = {ELSEWHERE: 1} if outcome is None else self._kind.totals(item)
            for name, amount in sums.items():
                self._totals[name] = self._totals.get(name, 0) + amount
        self.waiting.clear()

    def _refuse(self, line: int, why: RowIsRefused) -> None:
        told = RowRefusal(line=line, column=why.column, code=why.code, detail=str(why))
        self._refused.append(told)

    def report(self) -> ImportReport:
        """Return what became of the rows, those refused by line."""
        return ImportReport(
            read=self._seen,
            accepted=self._accepted,
            unchanged=self._unchanged,
            refused=sorted(self._refused, key=lambda one: one.line),
            warnings=self._warnings,
            totals=self._totals,
        )
