"""Exports, yielded page by page: no connection is held between pages, no file is kept whole."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import TypeVar

import msgspec

from services.chassis.database import Connection
from services.funding.errors import NotKnown
from services.funding.errors.references import AgreementIsNotNamed, NoSuchExport
from services.funding.model import exports as model
from services.funding.model import financial_report, post_years, sheets
from services.funding.model.financial_report import Convention, Entry
from services.funding.model.grants import GrantRow
from services.funding.model.posts import PostRow
from services.funding.model.requests import NEED_COLUMNS, NeedsRow, need_rows
from services.funding.model.sheets import FRENCH, OPEN, Cell, Column, Dialect
from services.funding.reads import calendar, workbook
from services.funding.reads.questions import plans
from services.funding.reads.statements import pool
from services.funding.store import exports as rows
from services.funding.store import posts as post_rows
from services.funding.store import published
from services.funding.store import requests as request_rows

EXPORT_PAGE = 500
CSV, MARKDOWN, CALENDAR, WORKBOOK = (
    "text/csv",
    "text/markdown",
    "text/calendar",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
R = TypeVar("R", bound=msgspec.Struct)
P = TypeVar("P")
Open = Callable[[], AbstractAsyncContextManager[Connection]]


class Asked(msgspec.Struct, frozen=True):
    """One export of one coordination: where to read it, and as of when."""

    read: Open
    coordination: str
    now: datetime
    today: date
    agreement: str | None = None
    as_of: date | None = None


class Export(msgspec.Struct, frozen=True):
    """What a file is, and what yields it."""

    media_type: str
    stream: Callable[[Asked], AsyncIterator[bytes]]


async def opened(name: str, asked: Asked) -> tuple[str, AsyncIterator[bytes]]:
    """Return the media type of an export and its bytes, the first of which are read.

    Raises:
        NoSuchExport: nothing has this name.
        AgreementIsNotNamed: a report is about one agreement.
        NotKnown: the agreement was never written.
    """
    export = EXPORTS.get(name)
    if export is None:
        raise NoSuchExport(name, sorted(EXPORTS))
    stream = export.stream(asked)
    first = await anext(stream)  # What is refused is refused before a byte is sent.

    async def whole() -> AsyncIterator[bytes]:
        yield first
        async for chunk in stream:
            yield chunk

    return export.media_type, whole()


async def _csv(
    columns: Sequence[Column], pages: AsyncIterator[Iterable[Sequence[Cell]]], dialect: Dialect
) -> AsyncIterator[bytes]:
    yield sheets.header(columns, dialect)
    async for page in pages:
        yield sheets.lines(columns, page, dialect)


async def _pages(
    asked: Asked,
    read: Callable[[Connection, P], Awaitable[list[R]]],
    start: P,
    place: Callable[[R], P],
) -> AsyncIterator[list[R]]:
    after = start
    while True:
        async with asked.read() as connection:
            found = await read(connection, after)
        if not found:
            return
        yield found
        after = place(found[-1])


def _commitments(asked: Asked) -> AsyncIterator[list[model.Committed]]:
    async def read(connection: Connection, after: tuple[int, int]) -> list[model.Committed]:
        return await rows.commitments(connection, asked.coordination, after, EXPORT_PAGE)

    return _pages(asked, read, (0, -1), lambda row: (row.block, row.n))


async def _scdl_pages(asked: Asked) -> AsyncIterator[list[list[Cell]]]:
    async for page in _commitments(asked):
        yield [model.scdl_row(row, today=asked.today) for row in page if not model.scdl_lacks(row)]


async def _lacking_pages(asked: Asked) -> AsyncIterator[list[list[Cell]]]:
    async for page in _commitments(asked):
        yield [model.lacking_row(row) for row in page if model.scdl_lacks(row)]


async def _published_pages(asked: Asked) -> AsyncIterator[list[list[Cell]]]:
    async def read(connection: Connection, after: tuple[str, int]) -> list[GrantRow]:
        return await published.grants(connection, asked.coordination, after, EXPORT_PAGE)

    async for page in _pages(asked, read, ("", 0), lambda row: (row.grant_key, row.nth)):
        yield [model.published_row(row) for row in page]


async def _need_pages(asked: Asked) -> AsyncIterator[list[Sequence[Cell]]]:
    async def read(connection: Connection, after: str) -> list[NeedsRow]:
        return await request_rows.needs(connection, asked.coordination, after, EXPORT_PAGE)

    async for page in _pages(asked, read, "", lambda row: row.action):
        yield [line for row in page for line in need_rows(row)]


async def _remainder_pages(asked: Asked) -> AsyncIterator[list[list[Cell]]]:
    async with asked.read() as connection:
        found = await rows.remainders(connection, asked.coordination, asked.as_of or asked.today)
    yield [model.remainder_row(row) for row in found]


async def _claim_pages(asked: Asked) -> AsyncIterator[list[list[Cell]]]:
    async with asked.read() as connection:
        found = await rows.claimables(connection, asked.coordination)
    yield [model.claim_row(row) for row in found]


async def _post_pages(asked: Asked) -> AsyncIterator[list[list[Cell]]]:
    async def read(connection: Connection, after: str) -> list[PostRow]:
        return await post_rows.posts(connection, asked.coordination, after, EXPORT_PAGE)

    day = asked.as_of or asked.today
    async for page in _pages(asked, read, "", lambda row: row.post):
        async with asked.read() as connection:
            known = await post_rows.known_posts(connection, asked.coordination, page, day=day)
        yield [line for one in known for line in post_years.rows(one.row, one.rate, one.standing)]


async def _post_workbook(asked: Asked) -> AsyncIterator[bytes]:
    sheet = workbook.Sheet("Postes", post_years.COLUMNS, _post_pages(asked))
    async for chunk in workbook.written([sheet]):
        yield chunk


async def _report(asked: Asked) -> tuple[Convention, list[Entry]]:
    """Return an agreement and the table of its financial report, one moment for both."""
    if asked.agreement is None:
        raise AgreementIsNotNamed
    async with (
        asked.read() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        found = await rows.convention(connection, asked.coordination, asked.agreement)
        if found is None:
            raise NotKnown("La convention", asked.agreement, field="agreement")
        charges = await rows.charges(connection, asked.coordination, found.fund, found.action)
        sources = (
            await rows.sources(connection, asked.coordination, found.action) if found.action else []
        )
    return found, financial_report.entries(found, charges, sources)


async def _report_csv(asked: Asked) -> AsyncIterator[bytes]:
    convention, table = await _report(asked)
    columns = financial_report.COLUMNS
    yield sheets.header(columns, FRENCH)
    cells = [financial_report.row(convention, entry) for entry in table]
    yield sheets.lines(columns, cells, FRENCH)


async def _report_text(asked: Asked) -> AsyncIterator[bytes]:
    convention, table = await _report(asked)
    yield financial_report.text(convention, table, on=asked.today).encode()


async def _calendar(asked: Asked) -> AsyncIterator[bytes]:
    async with asked.read() as connection:
        funds = await rows.endings(connection, asked.coordination)
        agreements = await rows.terms(connection, asked.coordination)
        posts = await rows.post_endings(connection, asked.coordination)
    found = model.deadlines(funds, agreements, posts)
    yield calendar.written(asked.coordination, found, at=asked.now)


async def _workbook(asked: Asked) -> AsyncIterator[bytes]:
    async with asked.read() as connection:
        summary = await pool(connection, asked.coordination, as_of=asked.as_of, known_at=None)

    async def actions() -> AsyncIterator[list[list[Cell]]]:
        after: str | None = ""
        while after is not None:
            async with asked.read() as connection:
                found, after = await plans(
                    connection, asked.coordination, after=after, most=EXPORT_PAGE
                )
            yield [row for plan in found for row in workbook.plan_rows(plan)]

    sheets_of = [
        workbook.Sheet("Fonds", workbook.FUNDS, workbook.fund_pages(summary)),
        workbook.Sheet("Plans de financement", workbook.PLANS, actions()),
        workbook.Sheet("Restes à réaliser", model.REMAINDERS, _remainder_pages(asked)),
        workbook.Sheet("Soldes à demander", model.CLAIMS, _claim_pages(asked)),
    ]
    async for chunk in workbook.written(sheets_of):
        yield chunk


EXPORTS: dict[str, Export] = {
    "subventions-scdl.csv": Export(CSV, lambda asked: _csv(model.SCDL, _scdl_pages(asked), OPEN)),
    "subventions-a-completer.csv": Export(
        CSV, lambda asked: _csv(model.LACKING, _lacking_pages(asked), FRENCH)
    ),
    "subventions-publiees.csv": Export(
        CSV, lambda asked: _csv(model.PUBLISHED, _published_pages(asked), FRENCH)
    ),
    "restes-a-realiser.csv": Export(
        CSV, lambda asked: _csv(model.REMAINDERS, _remainder_pages(asked), FRENCH)
    ),
    "soldes-a-demander.csv": Export(
        CSV, lambda asked: _csv(model.CLAIMS, _claim_pages(asked), FRENCH)
    ),
    "besoins-ingenierie.csv": Export(
        CSV, lambda asked: _csv(NEED_COLUMNS, _need_pages(asked), FRENCH)
    ),
    "postes.csv": Export(CSV, lambda asked: _csv(post_years.COLUMNS, _post_pages(asked), FRENCH)),
    "postes.xlsx": Export(WORKBOOK, _post_workbook),
    "compte-rendu-financier.csv": Export(CSV, _report_csv),
    "compte-rendu-financier.md": Export(MARKDOWN, _report_text),
    "echeances.ics": Export(CALENDAR, _calendar),
    "fonds-commun.xlsx": Export(WORKBOOK, _workbook),
}
"""Every export, by the name of its file."""
