"""`ctin protect`: hide the small counts of a table, and those that would give them away."""

import argparse
import csv
import io
import sys

from services.diagnostics.model.protection import Table, protect, shown

DONE, REFUSED, USAGE = 0, 1, 2
COUNT_MAX, CELLS_MAX = 10**9, 10_000
SEPARATORS = ",;\t"
_SPACES = str.maketrans("", "", " \u00a0\u202f")


class _Wrong(Exception):
    """A table that cannot be protected: its text is the French reason."""


def run(arguments: argparse.Namespace) -> int:
    """Write the table with its secret counts empty, or its statuses in the place of counts."""
    if arguments.threshold < 1:
        sys.stderr.write("--threshold demande un nombre entier, 1 ou plus.\n")
        return USAGE
    text = sys.stdin.buffer.read()
    if not text.strip():
        sys.stderr.write("Aucune table n'est donnée ; écrivez-la en CSV sur l'entrée standard.\n")
        return USAGE
    try:
        separator, lines = _lines(text)
        table = _table(lines)
    except _Wrong as wrong:
        sys.stderr.write(f"{wrong}\n")
        return REFUSED
    statuses = protect(table, arguments.threshold)
    out = csv.writer(sys.stdout, delimiter=separator, lineterminator="\n")
    out.writerow(lines[0])
    for number, (line, counts) in enumerate(zip(lines[1:], shown(table, statuses), strict=True)):
        letters = [statuses[number, column].value for column in range(len(counts))]
        out.writerow([line[0], *(letters if arguments.statuses else counts)])
    return DONE


def _lines(text: bytes) -> tuple[str, list[list[str]]]:
    """Return what separates columns, and the cells of each line, blank lines at the end aside."""
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise _Wrong("La table n'est pas en UTF-8 ; enregistrez-la en UTF-8.") from fault
    head = decoded.partition("\n")[0]
    separator = max(SEPARATORS, key=head.count)
    try:
        lines = list(csv.reader(io.StringIO(decoded), delimiter=separator, strict=True))
    except csv.Error as fault:
        raise _Wrong(f"La table n'est pas du CSV ({fault}) ; vérifiez ses guillemets.") from fault
    while lines and not any(cell.strip() for cell in lines[-1]):
        lines.pop()
    return separator, lines


def _table(lines: list[list[str]]) -> Table:
    """Return the counts of a table that has labels and totals, and whose totals add up."""
    width = len(lines[0])
    if len(lines) < 3 or width < 3:  # noqa: PLR2004  # Labels, counts, totals.
        raise _Wrong(
            "La table demande des libellés en première ligne et en première colonne, des comptes, "
            "et des totaux en dernière ligne et en dernière colonne."
        )
    if (len(lines) - 1) * (width - 1) > CELLS_MAX:
        raise _Wrong(f"La table dépasse {CELLS_MAX} cases ; donnez-la en plusieurs fois.")
    counts: list[list[int]] = []
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != width:
            raise _Wrong(f"ligne {number} : {len(line)} colonnes, {width} sont attendues.")
        named = zip(lines[0][1:], line[1:], strict=True)
        counts.append(
            [_count(cell, number, place, name) for place, (name, cell) in enumerate(named, 2)]
        )
    _must_add_up(counts, lines)
    return Table(counts)


def _count(cell: str, line: int, column: int, name: str) -> int:
    where = f"ligne {line}, colonne {column} (« {name} »)"
    digits = cell.translate(_SPACES)
    if not digits:
        raise _Wrong(f"{where} : le compte manque ; écrivez 0 s'il est nul.")
    if digits.startswith("-") and digits[1:].isdecimal():
        raise _Wrong(f"{where} : {cell.strip()} est négatif ; un compte est 0 ou plus.")
    if not (digits.isascii() and digits.isdecimal()):
        raise _Wrong(f"{where} : « {cell.strip()} » n'est pas un nombre entier.")
    if len(digits) > len(str(COUNT_MAX)) or int(digits) > COUNT_MAX:
        raise _Wrong(f"{where} : {digits} dépasse {COUNT_MAX}.")
    return int(digits)


def _must_add_up(counts: list[list[int]], lines: list[list[str]]) -> None:
    """Refuse totals that are not the sums of what they close."""
    for number, row in enumerate(counts, start=2):
        if sum(row[:-1]) != row[-1]:
            raise _Wrong(
                f"ligne {number}, colonne {len(row) + 1} (« {lines[0][-1]} ») : le total est "
                f"{row[-1]}, la somme de la ligne « {lines[number - 1][0]} » {sum(row[:-1])}."
            )
    for place, column in enumerate(zip(*counts, strict=True), start=2):
        if sum(column[:-1]) != column[-1]:
            raise _Wrong(
                f"ligne {len(lines)}, colonne {place} (« {lines[0][place - 1]} ») : le total est "
                f"{column[-1]}, la somme de la colonne {sum(column[:-1])}."
            )
