"""How a folded figure reads: what is known, what is secret, what is not published.

Each line: sum, known parts, secret parts, grid, denominator | status | reading, with `~` for the
narrow no-break space.
"""

import pytest

from services.diagnostics.model.figures import folded_reading

THIN = "\u202f"
READINGS = """
    1184  2 0 iris    -    | complete    | 1~184
    0     1 0 commune -    | complete    | 0
    3567  4 1 iris    -    | partial     | ≥ 3~567, 1 IRIS masqué
    3567  4 2 iris    -    | partial     | ≥ 3~567, 2 IRIS masqués
    40    1 1 commune -    | partial     | ≥ 40, 1 compte masqué
    0     0 3 iris    -    | secret      | secret statistique
    0     0 0 iris    -    | not_covered | non diffusé à cette maille
    123   1 0 commune 1000 | complete    | 12,3~% (123 / 1~000)
    1234567 3 0 commune -  | complete    | 1~234~567
"""


@pytest.mark.parametrize(
    "line", READINGS.strip().splitlines(), ids=lambda line: line.rpartition("|")[2].strip()
)
def test_reading(line: str):
    given, status, reading = line.split("|")
    total, known, secret, grid, denominator = given.split()
    found = folded_reading(
        int(total),
        int(known),
        int(secret),
        grid=grid,
        denominator=None if denominator == "-" else int(denominator),
    )
    assert found == (status.strip(), reading.strip().replace("~", THIN))
