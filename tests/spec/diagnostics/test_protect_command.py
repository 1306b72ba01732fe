"""`ctin protect`: what it gives back, and how it says what is wrong with a table."""

import io
import sys
from types import SimpleNamespace

import pytest

from infra.cli.main import main

TABLE = "commune,moins de 60,60 et plus,Total\nNord,3,20,23\nSud,30,12,42\nTotal,33,32,65\n"


@pytest.fixture
def protect(monkeypatch, capsys):
    """Return a function that runs the command on a text: exit code, output and error."""

    def run(text: str | bytes, *options: str) -> tuple[int, str, str]:
        given = text.encode() if isinstance(text, str) else text
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(given)))
        code = main(["protect", "--threshold", "11", *options])
        return code, *capsys.readouterr()

    return run


def test_secret_counts_are_empty_and_everything_else_is_as_it_was(protect):
    assert protect(TABLE) == (
        0,
        "commune,moins de 60,60 et plus,Total\nNord,,,23\nSud,,,42\nTotal,33,32,65\n",
        "",
    )


def test_statuses_say_what_is_small_and_what_protects_it(protect):
    _, told, _ = protect(TABLE, "--statuses")
    assert told.splitlines()[1:] == ["Nord,A,D,V", "Sud,D,D,V", "Total,V,V,V"]


def test_a_table_without_small_counts_comes_back_whole(protect):
    whole = TABLE.replace("3,20,23", "0,20,20").replace("33,32,65", "30,32,62")
    assert protect(whole) == (0, whole, "")


def test_semicolons_spaced_thousands_and_a_byte_order_mark_are_read(protect):
    text = "x;a;b;Total\nN;3;20;23\nS;30;1\u202f012;1 042\nTotal;33;1032;1065\n"
    code, told, _ = protect(b"\xef\xbb\xbf" + text.encode())
    assert (code, told.splitlines()) == (
        0,
        ["x;a;b;Total", "N;;;23", "S;;;1042", "Total;33;1032;1065"],
    )


def test_labels_with_separators_and_quotes_survive(protect):
    text = TABLE.replace("Nord", '"Nord, dit ""le Haut"""')
    assert protect(text)[1].splitlines()[1] == '"Nord, dit ""le Haut""",,,23'


WRONG = """
    3,20,23   -> trois,20,23 | ligne 2, colonne 2 (« moins de 60 ») : « trois » n'est pas un nombre
    3,20,23   -> -3,20,17    | ligne 2, colonne 2 (« moins de 60 ») : -3 est négatif
    3,20,23   -> 3.0,20,23   | ligne 2, colonne 2 (« moins de 60 ») : « 3.0 » n'est pas un nombre
    3,20,23   -> ,20,23      | ligne 2, colonne 2 (« moins de 60 ») : le compte manque
    3,20,23   -> 3,20        | ligne 2 : 3 colonnes, 4 sont attendues
    3,20,23   -> 3,20,24     | ligne 2, colonne 4 (« Total ») : le total est 24
    33,32,65  -> 34,32,66    | ligne 4, colonne 2 (« moins de 60 ») : le total est 34
    33,32,65  -> 33,32,99999999999 | ligne 4, colonne 4 (« Total ») : 99999999999 dépasse
"""


@pytest.mark.parametrize("line", WRONG.strip().splitlines(), ids=lambda one: one.split("|")[0])
def test_what_is_wrong_is_said_with_its_place(protect, line):
    change, sentence = line.split("|")
    old, new = (part.strip() for part in change.split("->"))
    code, told, why = protect(TABLE.replace(old, new))
    assert (code, told) == (1, "")
    assert why.startswith(sentence.strip())
    assert why.endswith(".\n")


def test_a_table_needs_labels_counts_and_totals(protect):
    assert protect("x,Total\na,1\nTotal,1\n")[0] == 1
    assert protect("x,a,Total\n")[0] == 1
    assert "UTF-8" in protect(TABLE.encode() + b"\xff")[2]
    assert "guillemets" in protect(TABLE + '"x"y,1\n')[2]


def test_nothing_at_all_and_a_threshold_of_nothing_are_wrong_usage(protect):
    assert protect("\n")[0] == 2
    assert protect(TABLE, "--threshold", "0")[0] == 2
    with pytest.raises(SystemExit) as stopped:
        main(["protect"])
    assert stopped.value.code == 2
