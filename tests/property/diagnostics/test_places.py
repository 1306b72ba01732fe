"""A place told in the schema comes back the same; how its values are parted or ordered is nothing."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.importer import Row, RowIsRefused
from services.diagnostics.imports.places import PLACES
from services.diagnostics.model import french_hours, place_words
from services.diagnostics.model.place_hours import opening, parses
from services.diagnostics.model.place_schema import COLUMNS, cells
from services.diagnostics.model.places import distance_km, freshness, row_of

LISTS = {field: column for column, field in COLUMNS.items() if field in place_words.LISTS}
words = st.text(st.characters(codec="utf-8", exclude_characters=";|,"), min_size=1, max_size=40)
minutes = st.integers(0, 96).map(lambda quarter: quarter * 15)
ranges = st.lists(st.tuples(minutes, minutes), max_size=3)


@st.composite
def told(draw):
    """Return a row of the national schema."""
    row = {
        "id": draw(st.from_regex(r"[a-zA-Z0-9-]{1,20}", fullmatch=True)),
        "source": draw(st.sampled_from(("", "Hubik", "Hinaura"))),
        "pivot": draw(st.sampled_from(("43493312300029", "W131004321", "", "00000000000000"))),
        "nom": draw(words),
        "commune": "Ramonville",
        "code_postal": "31520",
        "adresse": draw(words),
        "latitude": str(draw(st.floats(42, 51))),
        "longitude": str(draw(st.floats(-4, 8))),
        "date_maj": draw(st.dates(date(2010, 1, 1), date(2030, 1, 1))).isoformat(),
        "telephone": draw(st.from_regex(r"0[1-9]\d{8}", fullmatch=True)),
        "courriels": draw(st.sampled_from(("", "a@b.fr", "a@b.fr|c@d.org"))),
        "site_web": draw(
            st.sampled_from(("", "https://a.fr", "http://a.fr/b,c?d=1|https://e.org"))
        ),
        "horaires": draw(
            st.sampled_from(("", "Mo-Fr 09:00-12:00", "lundi de 9h à 12h", "parfois"))
        ),
        "presentation_detail": draw(words),
        "autres_formations_labels": draw(st.sampled_from(("", "QPV", "QPV|Un label, deux"))),
    }
    for field, column in LISTS.items():
        values = draw(st.lists(st.sampled_from(place_words.LISTS[field]), max_size=3))
        row[column] = draw(st.sampled_from(("|", ";", "; "))).join(values)
    return row


def read(row):
    """Return what the importer makes of a row, None where it refuses it."""
    try:
        return PLACES.open()(Row(2, row), lambda *_, **__: None)
    except RowIsRefused:
        return None


@given(told())
def test_what_is_exported_is_imported_the_same(row):
    place = read(row)
    if place is None:
        return
    kept = row_of(place, "here", "31506")
    out = {name: "" if value is None else str(value) for name, value in cells(kept, "x").items()}
    again = read(
        {**out, "id": f"{place.source}_{place.local_id}" if place.source else place.local_id}
    )
    assert again is not None
    assert row_of(again, "here", "31506").content == kept.content
    assert again.place_id == place.place_id


@given(st.sampled_from(sorted(place_words.LISTS)), st.data())
def test_values_are_the_same_however_they_are_parted_written_or_ordered(name, data):
    values = data.draw(st.lists(st.sampled_from(place_words.LISTS[name]), max_size=4))
    between = data.draw(st.sampled_from((";", "|", ", ", " ; ")))
    written = [
        data.draw(st.sampled_from((one, one.upper(), one.replace("'", "’")))) for one in values
    ]
    found = place_words.sort(between.join(written), name).found.get(name, [])
    again = place_words.sort("|".join(values[::-1]), name).found.get(name, [])
    assert place_words.in_order(name, found) == place_words.in_order(name, again)
    assert set(found) == set(values)


@given(st.dictionaries(st.integers(0, 6), ranges, max_size=7))
def test_hours_written_from_days_are_read_by_the_library(opened):
    line = french_hours.compact(opened)
    if line is None:
        return
    assert parses(line)
    found = opening(line)
    whole = {day: french_hours.merged(spans) for day, spans in opened.items()}
    assert found.weekend == any(whole.get(day) for day in (5, 6))
    assert found.evening == any(end > 18 * 60 for day in range(5) for _, end in whole.get(day, []))


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_hours(text):
    found = french_hours.week(text)
    assert found is None or parses(found)


point = st.tuples(st.floats(-89, 89), st.floats(-179, 179))


@given(point, point, point)
def test_distances_are_those_of_a_sphere(one, other, third):
    there = distance_km(one, other)
    assert abs(there - distance_km(other, one)) < 1e-6
    assert there <= distance_km(one, third) + distance_km(third, other) + 1e-6
    assert distance_km(one, one) == 0


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 2000))
def test_freshness_only_wears_off(day, later):
    today = date.fromordinal(day.toordinal() + later)
    after = date.fromordinal(today.toordinal() + 1)
    assert 0 <= freshness(day, after) <= freshness(day, today) <= 1
    assert (freshness(day, today) == 1) == (later <= 183)
    assert (freshness(day, today) == 0) == (later >= 730)
