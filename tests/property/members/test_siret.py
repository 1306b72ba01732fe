"""The key of a SIRET, against an implementation that nobody here wrote."""

from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.fr import siret

from services.members.model import is_siret

DIGITS = "0123456789"
anyone = st.text(DIGITS, min_size=12, max_size=16)
la_poste = st.text(DIGITS, min_size=5, max_size=5).map("356000000".__add__)


def _keyed(parts: tuple[str, str]) -> str:
    siren, establishment = parts
    known = f"{siren}{luhn.calc_check_digit(siren)}{establishment}"
    return f"{known}{luhn.calc_check_digit(known)}"


right = st.tuples(
    st.text(DIGITS, min_size=8, max_size=8), st.text(DIGITS, min_size=4, max_size=4)
).map(_keyed)


@given(st.one_of(anyone, right, la_poste))
def test_the_key_is_right_exactly_when_the_reference_library_says_so(number):
    assert is_siret(number) is siret.is_valid(number)


@given(la_poste)
def test_one_key_in_five_is_right_for_the_establishments_of_la_poste(number):
    siblings = [f"{number[:-1]}{digit}" for digit in DIGITS]

    right = [one for one in siblings if one != "35600000000048" and is_siret(one)]

    assert 1 <= len(right) <= 2
