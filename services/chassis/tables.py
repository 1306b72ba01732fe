"""Read a table somebody else wrote, row by row, whatever it is written in.

A file is gzip or not, UTF-8, UTF-16 or Windows-1252, with any usual delimiter, and may have lines
before its header; or it is a list of JSON objects. A quote that never closes loses its own line
only.
"""

import codecs
import csv
import gzip
import string
import tempfile
import unicodedata
from collections import deque
from collections.abc import AsyncIterable, Collection, Iterator, Mapping
from functools import lru_cache
from io import TextIOWrapper
from typing import IO, Any

import msgspec

from services.chassis.errors import Refusal

FILE_BYTES_MAX = 512 * 1024 * 1024
MEMORY_BYTES_MAX = 4 * 1024 * 1024
HEADER_LINES_MAX = 10
ROW_LINES_MAX = 100
"""How many lines a quoted cell may make one row of; beyond, its quote never closes."""
DELIMITERS = ";,\t|"
_CHUNK_BYTES = 1024 * 1024
_KEPT = frozenset(string.ascii_lowercase + string.digits)
_GZIP = b"\x1f\x8b"


class FileIsUnreadable(Refusal):
    """A file that is not a table, or lacks a column nothing can be read without."""

    code, status, field = "E_FILE", 422, "file"


class Row(msgspec.Struct, frozen=True):
    """One row: where it starts, and its cells by the plain name of their column, blanks cut.

    `fault` says why it could not be cut into cells; `surplus` are the cells that no column has.
    """

    line: int
    values: dict[str, str]
    fault: str | None = None
    surplus: list[str] = []


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """Return a name without case, accents or punctuation: `Collège (n°)` gives `college_n`."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    letters = (one for one in bare if not unicodedata.combining(one))
    return "_".join("".join(one if one in _KEPT else " " for one in letters).split())


async def spool(chunks: AsyncIterable[bytes]) -> IO[bytes]:
    """Return a request's body as a file that can be read twice; large ones stay on disk.

    Raises:
        FileIsUnreadable: it is larger than `FILE_BYTES_MAX`.
    """
    file = tempfile.SpooledTemporaryFile(max_size=MEMORY_BYTES_MAX)  # noqa: SIM115
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > FILE_BYTES_MAX:
            file.close()
            raise FileIsUnreadable(f"Le fichier dépasse {FILE_BYTES_MAX} octets ; coupez-le.")
        file.write(chunk)
    file.seek(0)
    return file


def table(
    file: IO[bytes],
    *,
    mapping: Mapping[str, str] | None = None,
    needs: Collection[str] = (),
    forms: Collection[Collection[str]] = (),
) -> Iterator[Row]:
    """Yield the rows below the header, which is the first line that has the columns of `needs`.

    Args:
        file: what to read, from its start; it must be seekable.
        mapping: our name of a column, by the producer's; names are compared plain. What begins
            with `=` is no column of theirs: the rest of it is in our column on every row.
        needs: plain names of columns that must be there.
        forms: instead of `needs`, the columns of several layouts, of which one must be there.

    Raises:
        FileIsUnreadable: no line is such a header, or the file is no text.
    """
    given = (mapping or {}).items()
    names = {plain(theirs): plain(ours) for theirs, ours in given if theirs[:1] != "="}
    same = {plain(ours): theirs[1:].strip() for theirs, ours in given if theirs[:1] == "="}
    wanted = [set(form) - same.keys() for form in forms or (needs,)]
    text = _text(file)
    if text.read(1) == "[":
        text.seek(0)
        return _items(text, names, same, wanted)
    text.seek(0)
    lines = deque(text.readline() for _ in range(HEADER_LINES_MAX))
    missing = _lacking(wanted, ())
    for skipped in range(len(lines)):
        found = [names.get(one, one) for one in map(plain, _first(lines[skipped]))]
        lacking = _lacking(wanted, found)
        if not lacking and any(found):
            delimiter = _delimiter(lines[skipped])
            rest = deque(line for line in list(lines)[skipped + 1 :] if line)
            return _rows(found, same, _records(rest, text, delimiter, after=skipped + 1))
        missing = min(missing, lacking, key=len) if found else missing
    asked = ", ".join(missing) or "un en-tête"
    raise FileIsUnreadable(f"Aucune ligne d'en-tête ; il manque : {asked}.")


def _lacking(wanted: Collection[Collection[str]], found: Collection[str]) -> list[str]:
    """Return what the layout that is nearest lacks."""
    lists: list[list[str]] = [sorted(set(form) - set(found)) for form in wanted]
    return min(lists, key=len)


def _text(file: IO[bytes]) -> IO[str]:
    """Return the file as text: what is not valid UTF-8 throughout is Windows-1252."""
    start = file.read(len(_GZIP))
    file.seek(0)
    raw: Any = gzip.GzipFile(fileobj=file, mode="rb") if start == _GZIP else file
    try:
        head = raw.read(len(codecs.BOM_UTF8))
        raw.seek(0)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return TextIOWrapper(raw, "utf-16", newline="")
        encoding, size = "utf-8-sig", 0
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := raw.read(_CHUNK_BYTES):
                size += len(chunk)
                if size > FILE_BYTES_MAX:
                    raise FileIsUnreadable(f"Le fichier dépasse {FILE_BYTES_MAX} octets.")
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            encoding = "cp1252"
        raw.seek(0)
    except (OSError, EOFError) as fault:
        raise FileIsUnreadable("Le fichier compressé est abîmé ; renvoyez-le.") from fault
    return TextIOWrapper(raw, encoding, errors="replace", newline="")


def _delimiter(header: str) -> str:
    return max(DELIMITERS, key=header.count)


def _first(line: str) -> list[str]:
    return next(csv.reader([line], delimiter=_delimiter(line)), [])


def _records(
    waiting: deque[str], text: IO[str], delimiter: str, *, after: int
) -> Iterator[tuple[int, list[str], str | None]]:
    """Yield line, cells and fault of each record; a broken one loses one line."""
    while True:
        taken: list[str] = []
        reader = csv.reader(_feed(waiting, text, taken), delimiter=delimiter, strict=True)
        fault, cells = None, []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            fault = "Les guillemets de cette ligne ne se répondent pas ; corrigez-la."
            waiting.extendleft(reversed(taken[1:]))
            del taken[1:]
        if any(taken[0].strip(f"{DELIMITERS}\r\n\t ")):
            yield after + 1, cells, fault
        after += len(taken)


def _feed(waiting: deque[str], text: IO[str], taken: list[str]) -> Iterator[str]:
    while len(taken) < ROW_LINES_MAX:
        line = waiting.popleft() if waiting else text.readline()
        if not line:
            return
        taken.append(line)
        yield line


def _rows(
    names: list[str],
    same: Mapping[str, str],
    records: Iterator[tuple[int, list[str], str | None]],
) -> Iterator[Row]:
    for line, cells, told in records:
        fault = told
        if any(cells[len(names) :]):
            fault = f"{len(cells)} cellules pour {len(names)} colonnes ; un délimiteur est de trop."
        values = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
        whole = {**dict.fromkeys(filter(None, names), ""), **values, **same}
        yield Row(line, whole, fault, [cell.strip() for cell in cells[len(names) :]])


def _items(
    file: IO[str],
    names: Mapping[str, str],
    same: dict[str, str],
    wanted: Collection[Collection[str]],
) -> Iterator[Row]:
    """Yield the objects of a JSON list as rows, one a line after the bracket."""
    try:
        found = msgspec.json.decode(file.read(), type=list[dict[str, Any]])
    except msgspec.DecodeError as fault:
        raise FileIsUnreadable("Une liste JSON d'objets est attendue ; renvoyez-la.") from fault
    there = {names.get(one, one) for item in found for one in map(plain, item)}
    if lacking := _lacking(wanted, there):
        raise FileIsUnreadable(f"Aucun objet n'a ces champs : {', '.join(lacking)}.")
    for line, item in enumerate(found, start=2):
        bare = {plain(name): _cell(value) for name, value in item.items()}
        yield Row(line, {names.get(name, name): text for name, text in bare.items()} | same)


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    return "" if value is None else msgspec.json.encode(value).decode()
