"""The CNAF's real feed by IRIS, sent as a CAF sends it, adds up to the file's own totals."""

import csv
import gzip
from collections import Counter

import pytest

from contracts.partner import adapters
from tests.conftest import real_data
from tests.integration.conftest import until
from tests.integration.signals.conftest import CAF, OPEN_LICENCE

PER_REQUEST = 2_000
EPCI = {"Sicoval": "243100633", "Bordeaux Métropole": "243300316", "Lille": "200093201"}


def communes_of(siren: str) -> frozenset[str]:
    """Return the communes of an EPCI."""
    path = real_data() / "cog/communes_epci_2026.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return frozenset(row["code_commune"] for row in rows if row["siren_epci"] == siren)


def totals(codes: frozenset[str]):
    """Return the file's sums by commune and measure, read by nothing of ours, and its blanks."""
    sums: Counter[tuple[str, str]] = Counter()
    blanks: Counter[tuple[str, str]] = Counter()
    small: Counter[tuple[str, str]] = Counter()
    path = real_data() / "social/cnaf_2021_iris.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter=";"):
            commune = row["iris_code"][:5]
            if commune not in codes:
                continue
            for column, (measure, _) in adapters.CNAF_MEASURES.items():
                cell = row[column].strip()
                if not cell:
                    blanks[commune, measure] += 1
                elif 0 < int(cell) < 5:
                    small[commune, measure] += 1
                else:
                    sums[commune, measure] += int(cell)
    return sums, blanks, small


@pytest.mark.real_data
@pytest.mark.parametrize("place", EPCI)
async def test_the_feed_reconciles_with_the_files_own_totals(rig, place):
    codes = communes_of(EPCI[place])
    assert len(codes) > 20
    territory = await rig.found(sorted(codes))
    path = real_data() / "social/cnaf_2021_iris.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        feed = list(adapters.cnaf_iris(file, licence=OPEN_LICENCE, communes=codes))
    assert not any(isinstance(one, adapters.Unreadable) for one in feed)
    events = [territory.event({"type": "exposure_count", **adapters.sparse(one)}) for one in feed]
    for start in range(0, len(events), PER_REQUEST):
        items = await territory.send(*events[start : start + PER_REQUEST])
        assert {item["status"] for item in items} == {"kept"}

    async def all_decided():
        async with rig.services["exchange"].read() as connection:
            return not await connection.fetchval(
                "SELECT count(*) FROM receipts WHERE coordination = $1 AND status = 'kept'",
                territory.slug,
            )

    await until(all_decided, 60)
    sums, blanks, small = totals(codes)
    assert sums, "the file has something of it"
    for commune in sorted(codes):
        area = await territory.area(commune)
        figures = {
            one["measure"]: one
            for one in area["exposures"]
            if one["grid"] == "iris" and one["institution"] == CAF
        }
        assert {one["source"] for one in figures.values()} <= {"Donnée publique CNAF"}
        covered = {measure for code, measure in (*sums, *blanks) if code == commune}
        for measure, figure in figures.items():
            known = sums.get((commune, measure))
            assert figure["known"] == known, (commune, measure)
            assert figure["secret_parts"] == blanks[commune, measure]
            assert (figure["status"] == "not_covered") == (measure not in covered)
    assert not small, "the CNAF publishes from five"
