"""A table somebody else wrote is read row by row: good rows are kept, bad ones are told."""

import asyncio
import gzip
from io import BytesIO

import pytest

from services.chassis import importer
from services.chassis.importer import (
    FileIsUnreadable,
    Kind,
    Row,
    RowIsRefused,
    plain,
    run,
    spool,
    table,
)

TEXT = "Collège;Nom\nprivé;La Poste\ninstitution;Caf d'Ariège\n"


def rows(content: bytes, **options) -> list[Row]:
    return list(table(BytesIO(content), **options))


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("cp1252"),
        TEXT.encode("utf-16"),
        gzip.compress(TEXT.encode()),
        TEXT.replace(";", "\t").encode(),
        TEXT.replace(";", "|").replace("\n", "\r\n").encode(),
        ("Attention : données provisoires\n\n" + TEXT).encode(),
    ],
    ids=["utf-8", "bom", "cp1252", "utf-16", "gzip", "tab", "pipe and CRLF", "lines before"],
)
def test_a_file_is_read_whatever_its_encoding_and_delimiter(content):
    found = rows(content, needs={"college", "nom"})

    assert [one.values for one in found] == [
        {"college": "privé", "nom": "La Poste"},
        {"college": "institution", "nom": "Caf d'Ariège"},
    ]


def test_columns_are_found_by_the_names_of_a_producer():
    (row,) = rows(
        b"Raison sociale,X\nEmmabuntus,1\n", mapping={"Raison Sociale": "nom"}, needs={"nom"}
    )
    assert row.values == {"nom": "Emmabuntus", "x": "1"}


@pytest.mark.parametrize(
    ("name", "kept"),
    [("Collège (n°)", "college_n"), ("  nomAttribuant ", "nomattribuant"), ("l’été", "l_ete")],
)
def test_names_of_columns_are_compared_plain(name, kept):
    assert plain(name) == kept


def test_a_cell_of_several_lines_is_one_row_and_lines_are_counted():
    found = rows(b'a,b\n1,"x\ny"\n\n2,z\n')
    assert [(one.line, one.values["b"]) for one in found] == [(2, "x\ny"), (5, "z")]


def test_a_quote_that_never_closes_loses_its_own_line_only():
    found = rows(b'a,b\n1,"x\n2,y\n3,z\n')
    assert [(one.line, one.fault is None) for one in found] == [(2, False), (3, True), (4, True)]
    assert found[2].values == {"a": "3", "b": "z"}


def test_a_delimiter_too_many_is_a_fault_and_a_trailing_one_is_not():
    found = rows(b"a,b\n1,100 000,00\n1,2,\n1\n")
    assert [one.fault is None for one in found] == [False, True, True]
    assert found[2].values == {"a": "1", "b": ""}


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", gzip.compress(TEXT.encode())[:30]])
def test_a_file_without_its_header_is_refused_whole(content):
    with pytest.raises(FileIsUnreadable) as refused:
        rows(content, needs={"nom"})
    assert str(refused.value).endswith((".", "!"))


def numbers() -> Kind[int]:
    def read(row: Row, warn) -> int:
        if not row.values["n"].isdigit():
            raise RowIsRefused("Un nombre est attendu.", column="n")
        if row.values["n"].startswith("0"):
            warn("Un zéro commence ce nombre.", column="n")
        return int(row.values["n"])

    return Kind("numbers", {"n"}, lambda: read, totals=lambda n: {"sum": n})


async def test_each_row_is_accepted_unchanged_or_refused_and_the_sums_agree():
    kept: set[int] = set()

    async def write(items):
        answers = []
        for one in items:
            if one == 13:
                answers.append(RowIsRefused("Treize est refusé.", code="E_DIFFERS"))
            else:
                answers.append(one not in kept)
                kept.add(one)
        return answers

    content = b"n\n1\nx\n13\n02\n1\n"
    report = await run(table(BytesIO(content), needs={"n"}), numbers(), write, batch=2)

    assert (report.read, report.accepted, report.unchanged) == (5, 2, 1)
    assert [(one.line, one.column, one.code) for one in report.refused] == [
        (3, "n", "E_FIELD"),
        (4, None, "E_DIFFERS"),
    ]
    assert [(one.line, one.code) for one in report.warnings] == [(5, "W_FIELD")]
    assert report.totals == {"sum": 4}
    assert report.read == report.accepted + report.unchanged + len(report.refused)


async def test_a_dry_run_writes_nothing_and_tells_the_same_refusals():
    report = await run(table(BytesIO(b"n\n1\nx\n")), numbers())
    assert (report.read, report.accepted, len(report.refused)) == (2, 1, 1)


async def test_a_body_is_kept_as_a_file_that_can_be_read_twice():
    async def chunks():
        yield b"n\n"
        await asyncio.sleep(0)
        yield b"7\n"

    file = await spool(chunks())
    for _ in range(2):
        file.seek(0)
        assert [one.values for one in table(file)] == [{"n": "7"}]
        file = BytesIO(b"n\n7\n")


async def test_a_body_beyond_its_limit_is_refused(monkeypatch):
    monkeypatch.setattr("services.chassis.tables.FILE_BYTES_MAX", 3)

    async def chunks():
        yield b"1234"

    with pytest.raises(FileIsUnreadable):
        await spool(chunks())


def test_a_list_of_objects_is_read_as_rows_whatever_their_values():
    content = b'[\n{"Nom": " Caf ", "Postes": 2, "Ville": null},\n{"Nom": "Cpam", "Fait": true}]'

    assert [(one.line, one.values) for one in rows(content, needs={"nom"})] == [
        (2, {"nom": "Caf", "postes": "2", "ville": ""}),
        (3, {"nom": "Cpam", "fait": "true"}),
    ]
    assert rows(gzip.compress(content), mapping={"Nom": "titre"}, needs={"titre"})


@pytest.mark.parametrize("content", [b"[1]", b"[{", b'[{"x": 1}]', b"[]"])
def test_a_list_that_is_none_or_lacks_a_field_is_refused(content):
    with pytest.raises(FileIsUnreadable):
        rows(content, needs={"nom"})


async def test_a_compressed_body_is_read_from_where_it_was_spooled():
    async def chunks():
        yield gzip.compress(TEXT.encode())

    with await spool(chunks()) as file:
        assert len(list(table(file, needs={"nom"}))) == 2


async def test_a_row_with_a_cell_too_many_is_mended_by_its_kind_where_it_can():
    def mend(row):
        if row.values["nom"] == "a":
            return Row(row.line, {**row.values, "nom": f"a,{row.surplus[0]}"})
        if row.values["nom"] == "b":
            raise RowIsRefused("Trop de virgules.", column="nom", code="E_ROW")
        return None

    kind = Kind("x", {"nom"}, lambda: lambda row, _: row.values["nom"], mend=mend)
    found = await run(table(BytesIO(b"nom,x\na,1,2\nb,1,2\nc,1,2\n"), needs={"nom"}), kind)

    assert (found.read, found.accepted) == (3, 1)
    assert [(one.line, one.column, one.code) for one in found.refused] == [
        (3, "nom", "E_ROW"),
        (4, None, "E_ROW"),
    ]


def test_one_of_several_layouts_is_the_header_below_a_warning():
    text = b"Version beta\ncode;b\n1;2\n"
    rows = list(importer.table(BytesIO(text), forms=(("code", "a"), ("code", "b"))))
    assert [(row.line, row.values) for row in rows] == [(3, {"code": "1", "b": "2"})]
    with pytest.raises(importer.FileIsUnreadable, match="il manque : c"):
        importer.table(BytesIO(text), forms=(("code", "b", "c"), ("x", "y", "z")))


def test_a_mapping_may_put_the_same_value_in_every_row():
    mapping = {"insee": "area", "=2024": "vintage"}
    text = b"insee,v\n1,2\n"
    (row,) = importer.table(BytesIO(text), mapping=mapping, needs=("area", "vintage"))
    assert row.values == {"area": "1", "v": "2", "vintage": "2024"}
    (item,) = importer.table(BytesIO(b'[{"insee": "1"}]'), mapping=mapping, needs=("vintage",))
    assert item.values == {"area": "1", "vintage": "2024"}


async def test_a_row_about_elsewhere_counts_as_unchanged_and_in_no_sum():
    kind = Kind("any", (), lambda: lambda row, _: row, totals=lambda _: {"rows": 1})

    async def write(rows: list[importer.Row]) -> list[importer.Outcome]:
        return [True, None, importer.Doubt(is_new=False, detail="Est-ce bien ici ?")]

    rows = importer.table(BytesIO(b"a\n1\n2\n3\n"), needs=("a",))
    report = await importer.run(rows, kind, write)
    assert (report.accepted, report.unchanged, report.refused) == (1, 2, [])
    assert report.totals == {"rows": 2, importer.ELSEWHERE: 1}
    assert [(one.line, one.detail) for one in report.warnings] == [(4, "Est-ce bien ici ?")]


async def test_progress_is_told_now_and_then():
    told: list[int] = []
    kind = Kind("any", (), lambda: lambda row, _: row)
    lines = BytesIO(b"a\n" + b"1\n" * (2 * importer.PROGRESS_ROWS + 1))
    await importer.run(importer.table(lines, needs=("a",)), kind, progress=told.append)
    assert told == [importer.PROGRESS_ROWS, 2 * importer.PROGRESS_ROWS]
