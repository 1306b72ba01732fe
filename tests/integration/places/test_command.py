"""`ctin import` checks a file of places without a running stack, whoever's columns it has."""

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.integration.places.conftest import lieux
from tests.spec.diagnostics.producer_mappings import MAPPINGS


@pytest.mark.real_data
def test_a_producers_file_is_checked_by_a_mapping_in_the_national_importers_form(tmp_path):
    mapping, report = tmp_path / "mapping.json", tmp_path / "report.json"
    mapping.write_text(json.dumps(MAPPINGS["raw_mulhouse_68.json"]))
    asked = ("import", "places", str(lieux("raw_mulhouse_68.json")), "--dry-run")
    told = ("--mapping", str(mapping), "--report", str(report))
    done = subprocess.run(
        [sys.executable, "-m", "infra.cli.main", *asked, *told],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(report.read_text())
    assert (found["read"], found["accepted"]) == (55, 55)
    assert {one["code"] for one in found["warnings"]} >= {"W_ID", "W_PIVOT"}


def test_a_mapping_that_says_nothing_known_is_refused(tmp_path):
    file, mapping = tmp_path / "places.json", tmp_path / "mapping.json"
    file.write_text('[{"Lieu": "Ici"}]')
    mapping.write_text('{"nom": 3}')
    done = subprocess.run(
        [
            *(sys.executable, "-m", "infra.cli.main", "import", "places", str(file)),
            *("--dry-run", "--mapping", str(mapping)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "nom" in done.stderr
    assert "Traceback" not in done.stderr
