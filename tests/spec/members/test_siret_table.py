"""SIRET numbers, valid and not, with La Poste's own rule."""

import csv
import json
import os
from pathlib import Path

import pytest

from services.members.model import is_siret

# number | key | because
SIRETS = """
    73282932000074 | right | Luhn
    73282932000079 | wrong | one digit off
    35600000000048 | right | La Poste's head office follows Luhn alone
    35600000009075 | right | La Poste: digits add up to 35, though Luhn fails
    35600000049838 | wrong | La Poste: digits add up to 46
    12345678900007 | wrong | its own key is right, its SIREN's is not
    3560000000004  | wrong | thirteen digits
    356000000000048| wrong | fifteen digits
    7328293200007a | wrong | a letter
"""


@pytest.mark.parametrize("line", SIRETS.strip().splitlines())
def test_the_key_of_a_siret_follows_luhn_or_la_poste(line):
    number, key, _ = (part.strip() for part in line.split("|"))

    assert is_siret(number) is (key == "right")


def test_digits_of_another_script_are_not_a_siret():
    assert not is_siret("٧٣٢٨٢٩٣٢٠٠٠٠٧٤")


def _real(name: str) -> Path:
    folder = os.environ.get("CTIN_REAL_DATA")
    if not folder:
        pytest.skip("CTIN_REAL_DATA names no folder of real data")
    return Path(folder) / "conformance" / name


@pytest.mark.real_data
def test_the_national_examples_are_told_right_from_wrong():
    found = json.loads(_real("identifiants_fr.json").read_text())

    def compact(written: str) -> str:
        return written.replace(" ", "").replace(".", "")

    assert [one for one in found["siret_valid"] if not is_siret(compact(one))] == []
    assert [one for one in found["siret_invalid"] if is_siret(compact(one))] == []
    assert found["siret_la_poste"]
    for one in found["siret_la_poste"]:
        assert is_siret(one["v"]) is one["valid"], one


@pytest.mark.real_data
def test_real_sirets_get_the_key_that_their_list_says():
    with _real("sirets_reels.csv").open() as file:
        rows = list(csv.DictReader(file))

    assert len(rows) > 3000
    differ = [row["siret"] for row in rows if is_siret(row["siret"]) != (row["luhn"] == "1")]
    la_poste = [one for one in differ if one.startswith("356000000") and is_siret(one)]
    assert differ == la_poste, "Luhn decides for all but La Poste"
    assert len(la_poste) == 214, "as the list's own notes say"
