"""Values are kept digit for digit; areas are known by the shape of their code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.diagnostics.model import activity, observed
from services.diagnostics.model.counts import department_of_qpv


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("10\u202f171", "10171"),
        ("1\u00a0234 567", "1234567"),
        ("18,7", "18.7"),
        ("32.49999999999999", "32.49999999999999"),
        ("-3", "-3"),
        ("", None),
        (" \u202f", None),
    ],
)
def test_a_number_keeps_its_digits(said, kept):
    assert observed.number(said) == kept


@pytest.mark.parametrize("said", ["beaucoup", "2,43E+13", "1.2.3", "nan", "1" * 13, "٣", "--1"])
def test_what_is_no_number_is_refused(said):
    with pytest.raises(ValueError):
        observed.number(said)


@given(st.integers(0, 10**12 - 1))
def test_a_count_is_read_however_it_is_spaced(count):
    assert observed.number(f"{count:,}".replace(",", "\u202f")) == str(count)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("31555", "commune"),
        ("2A004", "commune"),
        ("97411", "commune"),
        ("243100633", "epci"),
        ("31", "department"),
        ("2B", "department"),
        ("974", "department"),
        ("QP001002", "qpv"),
        ("QN02101M", "qpv"),
        ("1305513070", None),
        ("ZZZZZZZZZ", None),
        ("", None),
    ],
)
def test_an_area_is_known_by_its_code(code, kind):
    assert observed.area_kind(code) == kind


@pytest.mark.parametrize(
    ("population", "least", "most"),
    [(0, 0, 499), (499, 0, 499), (500, 500, 1999), (10_000, 10_000, 49_999)],
)
def test_a_class_of_population_has_its_bounds(population, least, most):
    assert observed.population_class(population) == (least, most)


@given(st.integers(0, 2_500_000))
def test_a_population_is_in_its_own_class(population):
    least, most = observed.population_class(population)
    assert least <= population <= most


def test_only_counts_are_brought_to_inhabitants():
    assert observed.per_thousand("25", "personnes", 500) == "50.0"
    assert observed.per_thousand("25", "%", 500) is None
    assert observed.per_thousand("25", "personnes", 0) is None
    assert observed.per_thousand(None, "personnes", 500) is None


@pytest.mark.parametrize(
    ("values", "median"), [([], None), (["3"], "3"), (["1", "2"], "1.5"), (["1", "9", "4"], "4")]
)
def test_the_middle_of_values(values, median):
    assert observed.middle(values) == median


@pytest.mark.parametrize(
    ("code", "department"),
    [("QP001002", "01"), ("QP059010", "59"), ("QP974001", "974"), ("QP02A001", "2A")],
)
def test_the_code_of_a_qpv_says_its_departement(code, department):
    assert department_of_qpv(code) == department


def test_small_counts_of_activity_stay_inside_and_zero_does_not_hide():
    figures = {"retired": 10, "student": 0, "over_60": 11}
    assert activity.shown(figures, threshold=11) == {"retired": None, "student": 0, "over_60": 11}
    assert activity.shown(figures, threshold=None) == figures
