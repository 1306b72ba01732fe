"""A stranger brings the real national files and finds any EPCI's figures, with where they are from.

What is read over HTTP is recomputed here from the files with csv and nothing else.
"""

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.acceptance.conftest import Stack, free_port_base, run_ctin, until
from tests.conftest import real_data

TERRITORIES = {
    "243100633": ("31", 36),  # Sicoval
    "200093201": ("59", 95),  # Lille
    "200041572": ("24", 16),  # Dronne et Belle
}
NATIONAL = (
    ("cog", "cog/communes_epci_2026.csv.gz", 34_969, 0),
    ("cog", "cog/mouvements-communes-2026.csv.gz", 13_734, 0),
    ("ifn", "ifn/ifn_communes.csv.gz", 22_114, 0),
    ("ifn", "ifn/ifn_epci.csv", 750, 1),
    ("indicators", "social/taux_pauvrete.csv.gz", 22_113, 0),
    ("indicators", "social/defm2019_communes.csv", 857, 0),
    ("activity", "conum/activite_cras_codes_postaux.csv", 4_812, 29),
)
"""Kind, file, rows and rows that cannot be read."""
IRIS = "social/cnaf_2021_iris.csv.gz"


def table(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a file, read by csv alone."""
    held = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(StringIO(held.decode("utf-8-sig")), delimiter=delimiter))


def imported(folder: Path, kind: str, path: Path, *options: str) -> dict[str, Any]:
    """Run `ctin import` and return its report."""
    told = folder / f"{uuid4().hex}.json"
    done = run_ctin("import", kind, str(path), "--report", str(told), *options)
    assert done.returncode == 0, done.stderr
    report = json.loads(told.read_text())
    whole = report["accepted"] + report["unchanged"] + len(report["refused"])
    assert report["read"] == whole, report["refused"][:3]
    return report


@pytest.fixture(scope="module")
def national(ground: Path) -> Iterator[Stack]:
    """A stack of its own, to which the national files were brought."""
    data = real_data()
    stack = Stack(ground / "figures", base=free_port_base())
    stack.start()
    try:
        for kind, name, rows, refused in NATIONAL:
            report = imported(stack.folder, kind, data / name, "--data-dir", str(stack.data))
            assert (report["read"], len(report["refused"])) == (rows, refused), name
        yield stack
    finally:
        stack.stop()


class Newcomer:
    """Founds a coordination from the SIREN of an EPCI and reads its diagnostic."""

    def __init__(self, stack: Stack, siren: str) -> None:
        self.stack, self.siren = stack, siren
        self.slug = f"chiffres-{uuid4().hex[:8]}"
        answer = stack.ask(
            "members", "/v1/coordinations", verb="POST", json={"slug": self.slug, "siren": siren}
        )
        assert answer.status_code == 201, answer.text
        self.communes: list[str] = answer.json()["communes"]
        given = stack.ask("members", "/v1/me/token", verb="POST", json={"coordination": self.slug})
        self._headers = {"Authorization": f"Bearer {given.json()['access_token']}"}
        until(lambda: len(self.get("map")["points"]) == len(self.communes))

    def get(self, path: str) -> Any:
        answer = httpx.get(
            f"{self.stack.ready['services']['diagnostics']}/v1/coordinations/{self.slug}/{path}",
            headers=self._headers,
            timeout=15,
            trust_env=False,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.mark.real_data
def test_a_file_is_checked_without_a_stack(tmp_path):
    report = imported(tmp_path, "ifn", real_data() / "ifn/ifn_communes.csv.gz", "--dry-run")
    assert (report["read"], report["accepted"], len(report["warnings"])) == (22_114, 22_114, 1)


@pytest.mark.real_data
@pytest.mark.parametrize("siren", TERRITORIES, ids=["sicoval", "lille", "dronne-et-belle"])
def test_a_newcomer_finds_every_figure_of_its_communes_and_recomputes_them(national, siren):
    data = real_data()
    here = Newcomer(national, siren)
    assert len(here.communes) == TERRITORIES[siren][1]
    places = {row["code_commune"]: row for row in table(data / "cog/communes_epci_2026.csv.gz")}
    report = imported(
        national.folder,
        "cnaf-iris",
        data / IRIS,
        *("--coordination", here.slug, "--data-dir", str(national.data)),
    )
    counts = [row for row in table(data / IRIS, ";") if row["iris_code"][:5] in set(here.communes)]
    assert report["accepted"] == len(counts)
    assert report["totals"].get("foyers_allocataires", 0) == sum(int(r["a"] or 0) for r in counts)

    index = {row["code"]: row for row in table(data / "ifn/ifn_communes.csv.gz")}
    poverty = {row["CODE_INSEE"]: row for row in table(data / "social/taux_pauvrete.csv.gz")}
    seekers = {row["CODGEO"]: row for row in table(data / "social/defm2019_communes.csv", ";")}
    known, secret = Counter(), Counter()
    for row in counts:
        known[row["iris_code"][:5]] += int(row["a"] or 0)
        secret[row["iris_code"][:5]] += not row["a"]
    for code in here.communes:
        area = here.get(f"areas/{code}")
        assert area["name"] == places[code]["nom"]
        assert area["population"] == int(places[code]["population"])
        told = {one["indicator"]: one for one in area["indicators"]}
        for one in (*told.values(), *area["exposures"]):
            assert one["source"], one
            assert one["status"], one
            assert one["reading"], one
        assert all(one["vintage"] and one["licence"] for one in told.values())
        if code in index:
            assert told["ifn_total"]["value"] == (index[code]["total"] or None)
        if code in poverty:
            rate = poverty[code]["TX_POVERTY"] or None
            assert told["poverty_rate"]["value"] == rate
            assert (told["poverty_rate"]["status"] == "complete") == (rate is not None)
        if code in seekers:
            assert told["job_seekers_abc"]["value"] == seekers[code]["ABC"]
        assert "job_seekers_abc" not in told or code in seekers
        for one in area["exposures"]:
            if one["measure"] == "foyers_allocataires" and not one["breakdown"]:
                assert (one["known"] or 0, one["secret_parts"]) == (known[code], secret[code])
        assert [wide["area"] for wide in area["wider"]] == [siren, TERRITORIES[siren][0]]
    wide = {row["code"]: row["total"] for row in table(data / "ifn/ifn_epci.csv")}
    values = here.get("indicators/ifn_total")
    assert [(one["area"], one["value"]) for one in values["wider"]] == [(siren, wide[siren])]
    summed = here.get("indicators/job_seekers_abc") if set(here.communes) & seekers.keys() else None
    if summed:
        assert int(summed["summary"]) == sum(
            int(seekers[code]["ABC"]) for code in here.communes if code in seekers
        )


@pytest.mark.real_data
def test_the_same_national_file_again_changes_nothing(national):
    path = real_data() / "ifn/ifn_epci.csv"
    report = imported(national.folder, "ifn", path, "--data-dir", str(national.data))
    assert (report["accepted"], report["unchanged"]) == (0, 749)


@pytest.mark.real_data
def test_rural_communes_that_a_source_does_not_cover_are_told_so(national):
    """The file by IRIS has no row in Dronne et Belle: nothing reads zero there."""
    data = real_data()
    here = Newcomer(national, "200041572")
    report = imported(
        national.folder,
        "cnaf-iris",
        data / IRIS,
        *("--coordination", here.slug, "--data-dir", str(national.data)),
    )
    assert report["accepted"] == 0
    assert report["totals"] == {"rows_elsewhere": report["read"]}
    for code in here.communes:
        assert not [one for one in here.get(f"areas/{code}")["exposures"] if one["known"] == 0]
