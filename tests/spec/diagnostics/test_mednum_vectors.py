"""The national importer's own 501 vectors: how many we answer alike, published group by group."""

import json
import re
from collections import Counter

import pytest

from tests.conftest import ROOT, real_data
from tests.spec.diagnostics.mednum_vectors import compared

PAGE = ROOT / "docs/places.md"
ROW = re.compile(r"^\| `([a-z-]+)` \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|")


@pytest.mark.real_data
def test_the_page_publishes_how_many_vectors_agree_differ_and_cannot_be_compared():
    vectors = json.loads((real_data() / "lieux/importer_vectors_mednum_cli.json").read_text())
    found = {group: Counter() for group in vectors}
    for group, _, _, _, agrees in compared(vectors):
        found[group][agrees] += 1
    counted = {
        group.removesuffix(".field"): (
            len(vectors[group]),
            found[group][True],
            found[group][False],
            found[group][None],
        )
        for group in vectors
    }
    published = {
        row[1]: tuple(map(int, row.groups()[1:]))
        for row in map(ROW.match, PAGE.read_text().splitlines())
        if row
    }
    assert published == counted
    assert sum(one[0] for one in counted.values()) == 501
    total = tuple(map(sum, zip(*counted.values(), strict=True)))
    assert "**{1} of {0} agree**, {2} differ, {3} cannot be compared".format(*total) in (
        PAGE.read_text()
    )
