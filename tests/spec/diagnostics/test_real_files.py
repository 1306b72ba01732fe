"""What is read of each real file: its rows, those kept, those told, and what they add up to.

The table is the one of docs/imports.md, which a test compares.
"""

import asyncio
import csv
import gzip
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path

import pytest

from contracts.http.imports import ImportReport
from services.chassis import importer
from services.diagnostics.imports import KINDS
from tests.conftest import ROOT, real_data

FILES = """
    kind       | file                                       | rows  | kept  | refused | doubts
    cog        | cog/communes_epci_2026.csv.gz              | 34969 | 34969 | 0       | 0
    cog        | cog/mouvements-communes-2026.csv.gz        | 13734 | 13734 | 0       | 0
    ifn        | ifn/ifn_communes.csv.gz                    | 22114 | 22114 | 0       | 1
    ifn        | ifn/ifn_epci.csv                           | 750   | 749   | 1       | 0
    indicators | social/taux_pauvrete.csv.gz                | 22113 | 22113 | 0       | 1
    indicators | social/taux_rsa.csv.gz                     | 22113 | 22113 | 0       | 1
    indicators | social/taux_couverture_thd.csv.gz          | 22309 | 22309 | 0       | 0
    indicators | social/taux_couverture_mobile.csv.gz       | 22113 | 22113 | 0       | 1
    indicators | social/arcep_debit_2019.csv.gz             | 22309 | 22309 | 0       | 0
    indicators | social/defm2019_communes.csv               | 857   | 857   | 0       | 0
    indicators | social/illectronisme_epci_hauts_de_france.json | 93 | 93    | 0       | 1
    indicators | social/demo_cnaf_2020_communes_qpv.csv     | 602   | 488   | 114     | 0
    indicators | social/demo_cnaf_2020_epci.csv             | 249   | 227   | 22      | 0
    indicators | social/demo_cnaf_2020_qpv.csv              | 1023  | 1023  | 0       | 0
    cnaf-iris  | social/cnaf_2021_iris.csv.gz               | 10735 | 10735 | 0       | 588
    cnaf-iris  | social/demo_cnaf_2020_communes_qpv.csv     | 602   | 488   | 114     | 6
    cnaf-iris  | social/demo_cnaf_2020_epci.csv             | 249   | 227   | 22      | 3
    cnaf-iris  | social/demo_cnaf_2020_qpv.csv              | 1023  | 1023  | 0       | 49
    activity   | conum/activite_cras_codes_postaux.csv      | 4812  | 4783  | 29      | 0
    activity   | conum/activite_cras_departements.json      | 59    | 59    | 0       | 0
"""
ROWS = [tuple(cell.strip() for cell in line.split("|")) for line in FILES.strip().splitlines()[1:]]


@cache
def read(kind: str, path: Path) -> ImportReport:
    """Check a file as a dry run does."""
    taken = KINDS[kind]
    file = BytesIO(path.read_bytes())
    rows = importer.table(file, mapping=taken.mapping, needs=taken.needs, forms=taken.forms)
    return asyncio.run(importer.run(rows, taken))


def table(path: Path, delimiter: str) -> list[dict[str, str]]:
    """The rows of a file, read by csv alone."""
    held = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(StringIO(held.decode("utf-8-sig")), delimiter=delimiter))


@pytest.mark.real_data
@pytest.mark.parametrize(("kind", "name", "rows", "kept", "refused", "doubts"), ROWS, ids=str)
def test_each_real_file_is_read_row_by_row(kind, name, rows, kept, refused, doubts):
    report = read(kind, real_data() / name)
    found = report.read, report.accepted, len(report.refused), len(report.warnings)
    assert found == (int(rows), int(kept), int(refused), int(doubts))
    assert all(one.line > 1 and one.detail for one in (*report.refused, *report.warnings))


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("kind", "name", "delimiter", "columns"),
    [
        (
            "indicators",
            "social/defm2019_communes.csv",
            ";",
            {"ABCDE": "job_seekers_abcde", "ABC": "job_seekers_abc", "ABC_RSA": "job_seekers_rsa"},
        ),
        (
            "cnaf-iris",
            "social/cnaf_2021_iris.csv.gz",
            ";",
            {"a": "foyers_allocataires", "percou": "personnes_couvertes", "arsas": "rsa_socle"},
        ),
    ],
    ids=["job-seekers", "iris"],
)
def test_totals_are_those_of_the_file_itself(kind, name, delimiter, columns):
    path = real_data() / name
    report, rows = read(kind, path), table(path, delimiter)
    for column, total in columns.items():
        assert report.totals[total] == sum(int(row[column] or 0) for row in rows)
    if kind == "cnaf-iris":
        counted = ("a", "percou", "aal", "aapl", "aaah", "appa", "arsas")
        counted += ("ai", "am", "acssenf", "acavenf")
        assert report.totals["secrets"] == sum(not row[name] for row in rows for name in counted)


@pytest.mark.real_data
def test_blanks_of_the_poverty_file_are_not_zeros():
    path = real_data() / "social/taux_pauvrete.csv.gz"
    report = read("indicators", path)
    blank = sum(not row["TX_POVERTY"] for row in table(path, ","))
    assert (report.totals["blanks"], report.totals["values"]) == (blank, report.read - blank)
    assert blank > report.read // 2


@pytest.mark.real_data
def test_the_row_without_values_and_the_one_without_territory_are_told_by_line():
    data = real_data() / "ifn"
    (doubt,) = read("ifn", data / "ifn_communes.csv.gz").warnings
    rows = table(data / "ifn_communes.csv.gz", ",")
    assert not rows[doubt.line - 2]["total"]
    (refused,) = read("ifn", data / "ifn_epci.csv").refused
    assert table(data / "ifn_epci.csv", ",")[refused.line - 2]["name"] == "Sans objet"
    assert refused.column == "code"


@pytest.mark.real_data
def test_a_file_of_sites_without_territory_says_what_it_lacks():
    with pytest.raises(importer.FileIsUnreadable, match="il manque"):
        read("indicators", real_data() / "social/sites_mobiles_reunion_2020T2.csv")


def test_the_document_tells_the_same_table():
    text = (ROOT / "docs/imports.md").read_text()
    told = {
        tuple(cell.strip(" `") for cell in line.strip("|").split("|"))[:6]
        for line in text.splitlines()
        if line.startswith("| `")
    }
    assert set(ROWS) - told == set()
