"""How names are compared and shortened, whatever they hold."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from services.members.model.names import another_slug, name_key, slug_of, words_begun

SLUG = re.compile(r"[a-z][a-z0-9_-]{0,59}")
names = st.text(max_size=200)
french = st.text("abcdefgéèêàâçîïôùœæÉÈÀÇŒ '’-.", min_size=1, max_size=60)


@given(names)
def test_a_key_is_words_of_plain_letters_and_comparing_again_changes_nothing(name):
    key = name_key(name)

    assert re.fullmatch(r"([a-z0-9]+( [a-z0-9]+)*)?", key)
    assert name_key(key) == key


@given(french)
def test_case_accents_and_signs_do_not_count(name):
    decomposed = unicodedata.normalize("NFD", name)

    assert name_key(name.upper()) == name_key(name) == name_key(decomposed)
    assert name_key(f"« {name} »") == name_key(name)


@given(st.text("abcé", min_size=1, max_size=8), st.text("xyz", min_size=1, max_size=8))
def test_names_that_differ_by_a_letter_stay_apart(one, other):
    assert name_key(one) != name_key(other)


@given(names)
def test_a_name_always_gives_a_slug(name):
    assert SLUG.fullmatch(slug_of(name))


@given(names, st.integers(2, 99))
def test_another_slug_is_a_slug_and_another(name, number):
    slug = slug_of(name)

    assert SLUG.fullmatch(another_slug(slug, number))
    assert another_slug(slug, number).endswith(f"-{number}")


@given(names)
def test_a_text_query_is_made_of_beginnings_and_of_nothing_that_commands(name):
    assert re.fullmatch(r"([a-z0-9]+:\*( & [a-z0-9]+:\*)*)?", words_begun(name))
