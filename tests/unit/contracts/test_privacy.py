"""The detector of personal data misses no NIR and takes almost nothing else for one."""

import csv
import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from stdnum import iban
from stdnum.fr import nir

from contracts import privacy
from contracts.privacy import Kind
from tests.conftest import real_data

NIR_COUNT = 50_000
MONTHS = [*range(1, 13), *range(20, 43), *range(50, 100)]
DEPARTMENTS = [*(f"{n:02}" for n in range(1, 96) if n != 20), "2A", "2B", "97", "98", "99"]
GAPS = (1, 3, 5, 7, 10, 13)
SEPARATORS = [
    " ",
    ".",
    "-",
    "/",
    "_",
    "\t",
    "\u00a0",
    "\u202f",
    "–",
    "—",
    "\u2011",
    "·",
    "\u200b",
    " - ",
]
FULL_WIDTH = str.maketrans("0123456789AB", "０１２３４５６７８９ＡＢ")
AROUND = [
    "{}",
    "NIR {}",
    "{} fin",
    "({})",
    "12 {}",
    "{}, 31",
    "dossier 3, {} et 4",
    "n°{}.",
    "«{}»",
]


def a_nir(random_: random.Random) -> str:
    """Return a valid NIR of a plausible structure, its key worked out by python-stdnum."""
    body = (
        f"{random_.choice('123478')}{random_.randrange(100):02}{random_.choice(MONTHS):02}"
        f"{random_.choice(DEPARTMENTS)}{random_.randrange(1000):03}{random_.randrange(1, 1000):03}"
    )
    return body + nir.calc_check_digits(body)


def written(number: str, random_: random.Random) -> str:
    """Return a NIR as people and machines write it."""
    separator = random_.choice(SEPARATORS)
    shape = random_.randrange(4)
    if shape == 0:
        said = number
    elif shape == 1:
        said = separator.join(parted(number, GAPS))
    elif shape == 2:
        said = separator.join(parted(number, (13,)))
    else:
        said = separator.join(parted(number, [n for n in GAPS if random_.random() < 0.5]))
    said = said.lower() if random_.random() < 0.3 else said
    return said.translate(FULL_WIDTH) if random_.random() < 0.2 else said


def parted(number: str, gaps) -> list[str]:
    """Return the parts of a number cut at `gaps`."""
    ends = [0, *gaps, len(number)]
    return [number[start:end] for start, end in pairwise(ends)]


def kinds(text: str) -> set[Kind]:
    """Return the kinds that are found in a text."""
    return {one.kind for one in privacy.scan(text)}


def test_no_valid_nir_is_missed_however_it_is_written():
    random_ = random.Random(1)
    missed = []
    for _ in range(NIR_COUNT):
        number = a_nir(random_)
        assert nir.is_valid(number)
        text = random_.choice(AROUND).format(written(number, random_))
        if Kind.NIR not in kinds(text):
            missed.append(text)
    assert missed == []


def test_each_digit_apart_hides_nothing():
    assert kinds(" ".join("295109912611193")) == {Kind.NIR}
    assert kinds("2 5 3 0 7 2 B 0 7 3 0 0 4 7 0") == {Kind.NIR}


def test_random_digits_are_rarely_taken_for_a_nir():
    random_ = random.Random(2)
    count = 50_000
    alarms = sum(bool(privacy.scan(f"{random_.randrange(10**15):015}")) for _ in range(count))
    assert alarms / count <= 0.006


def test_a_wrong_key_is_no_nir_when_nothing_parts_it():
    assert kinds("295109912611193") == {Kind.NIR}
    assert kinds("295109912611194") == set()


def test_the_place_is_that_of_the_number():
    (found,) = privacy.scan("dossier 3, 2 95 10 99 126 111 93 et 4")
    assert (found.kind, found.start, found.end) == (Kind.NIR, 11, 32)


@pytest.mark.real_data
def test_no_siret_is_taken_for_a_person():
    with (real_data() / "conformance/sirets_reels.csv").open(encoding="utf-8") as file:
        sirets = [row["siret"] for row in csv.DictReader(file)]
    assert len(sirets) > 3000
    assert [one for one in sirets if privacy.scan(one)] == []
    grouped = [f"{one[:3]} {one[3:6]} {one[6:9]} {one[9:]}" for one in sirets]
    for every in (sirets, grouped):
        assert [one for one in every if privacy.scan(one)] == []
        for separator in (" ", "\n", ", ", ";"):
            assert privacy.scan(separator.join(every)) == [], repr(separator)


def test_identifiers_days_instants_and_amounts_are_no_personal_data():
    random_ = random.Random(3)
    for _ in range(3000):
        on = date(1950, 1, 1) + timedelta(days=random_.randrange(40_000))
        at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=random_.randrange(10**8))
        cents = random_.randrange(10**9)
        euros = f"{cents // 100:,}".replace(",", random_.choice([" ", "\u202f", "."]))
        for text in (
            str(UUID(int=random_.getrandbits(128))),
            f"urn:uuid:{UUID(int=random_.getrandbits(128))}",
            on.isoformat(),
            f"{on:%d/%m/%Y}",
            f"{on:%d/%m/%Y} {random_.randrange(100)} personnes",
            f"du {on.isoformat()} au {(on + timedelta(days=90)).isoformat()}",
            at.isoformat(),
            at.isoformat().replace("+00:00", "Z"),
            f"{euros},{cents % 100:02} €",
            f"{cents} centimes",
        ):
            assert privacy.scan(text) == [], text


@pytest.mark.parametrize(
    "text",
    [
        "01, 02, 03, 04, 05, 06, 07, 08",
        "Les communes 31506, 31113, 31446 et 31582",
        "SIREN 243100633, 36 communes",
        "2021-S1",
        "≥ 1 184, 2 IRIS masqués",
        "il ne rend rien le 12/03/2026",
        "la journée du 12/03/2026",
        "version 1.2.3.4.5.6.7.8.9.10.11.12",
    ],
)
def test_what_the_field_writes_every_day_is_let_through(text):
    assert privacy.scan(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("jean.dupont@exemple.fr", Kind.EMAIL),
        ("écrire à Jean_Dupont+caf@mail.exemple.org.", Kind.EMAIL),
        ("jean＠exemple.fr", Kind.EMAIL),
        ("06 12 34 56 78", Kind.PHONE),
        ("tél. 0612345678", Kind.PHONE),
        ("+33 6 12 34 56 78", Kind.PHONE),
        ("+33 (0)6 12 34 56 78", Kind.PHONE),
        ("0033612345678", Kind.PHONE),
        ("06.12.34.56.78 ou 05-61-00-00-00", Kind.PHONE),
        ("31000 06 12 34 56 78", Kind.PHONE),
        ("FR76 3000 6000 0112 3456 7890 189", Kind.IBAN),
        ("IBAN FR7630006000011234567890189 merci", Kind.IBAN),
        ("compte BE68 5390 0754 7034 svp", Kind.IBAN),
        ("né le 12/03/1980", Kind.BIRTH_DATE),
        ("Née le 1er mars 1980", Kind.BIRTH_DATE),
        ("né(e) le : 12-03-80", Kind.BIRTH_DATE),
        ("NEE LE 12/03/1980", Kind.BIRTH_DATE),
        ("allocataire n° 1234567", Kind.FILE_NUMBER),
        ("dossier 123 456 7", Kind.FILE_NUMBER),
        ("2 95 10 99 126 111", Kind.NIR),
    ],
)
def test_a_personal_datum_is_found_among_words(text, kind):
    assert kind in kinds(text)


def test_ibans_are_proven_by_their_key():
    assert iban.is_valid("FR7630006000011234567890189")
    assert kinds("FR7630006000011234567890188") == set()


def test_a_text_of_the_size_a_message_may_have_is_read_in_time_that_grows_with_it():
    """Each part is a run that never ends for one of the patterns."""
    for part in ("1 2 3 4 ", "12 34 56 78 ", "FR76", "a@", "né ", "dossier ", "1.", "a@a."):
        privacy.scan((part * 16_000)[:64_000] + "1")
