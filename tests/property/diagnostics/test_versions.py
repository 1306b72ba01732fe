"""A version's hash: of what it says, not of how it was gathered."""

import json
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contracts.events.diagnostics import FigureStatus
from contracts.http.diagnostics.versions import DiagnosticVersion, Tier, VersionArea, VersionElement
from contracts.verify import diagnostic as verifier
from services.diagnostics.model import versions

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@st.composite
def elements(draw) -> list[VersionElement]:
    keys = draw(st.lists(words, unique=True, max_size=8))
    return [
        VersionElement(
            key=key,
            chapter=draw(st.sampled_from(["exposures", "needs", "indicators", "places"])),
            area="31113",
            about=draw(st.dictionaries(st.sampled_from(["measure", "grid"]), words)),
            label=draw(words),
            value=draw(st.one_of(st.just(0), st.integers(11, 10**9), st.just("1.5"))),
            unit="household",
            source=draw(words),
            period="2025",
            status=FigureStatus.COMPLETE,
            reading=draw(words),
            freshness=draw(st.sampled_from([None, "1.00"])),
            confidence="1.00",
        )
        for key in keys
    ]


def sealed(found: list[VersionElement], title: str = "Diagnostic") -> versions.Sealed:
    row = versions.VersionRow("sicoval", 1, UUID(int=1), title, NOON, "", "", 0)
    areas = [VersionArea(commune="31113", name="Castanet-Tolosan", population=1)]
    made = versions.version(
        row,
        tier=Tier.AGREEMENT,
        threshold=11,
        rounded_to=1,
        as_of_seq=1,
        areas=[],
        elements=found,
        previous=None,
    )
    return versions.seal(
        DiagnosticVersion(
            **{
                name: getattr(made.version, name)
                for name in made.version.__struct_fields__
                if name != "areas"
            },
            areas=areas,
        )
    )


@given(elements(), st.randoms())
def test_the_hash_does_not_depend_on_the_order_elements_came_in(found, chance):
    mixed = list(found)
    chance.shuffle(mixed)
    assert sealed(found).hash == sealed(mixed).hash
    assert sealed(found).document == sealed(mixed).document


@given(elements())
def test_a_stranger_finds_the_same_hash_in_any_text(found):
    one = sealed(found)
    text = versions.with_hash(one.document, one.hash)
    spaced = json.dumps(json.loads(text), indent=3).encode()
    assert verifier.check(text)["hash"] == verifier.check(spaced)["hash"] == one.hash


@given(elements(), elements())
def test_changes_lead_from_one_version_to_the_other_and_to_nothing_else(before, after):
    found = versions.changes(before, after)
    old, new = ({one.key: one for one in side} for side in (before, after))
    told = {one.key: one for one in found}
    assert len(told) == len(found)
    for key in old.keys() | new.keys():
        same = (
            key in old
            and key in new
            and (old[key].value, old[key].about)
            == (
                new[key].value,
                new[key].about,
            )
        )
        assert (key in told) != same
        if key in told:
            assert told[key].before == (old[key].value if key in old else None)
            assert told[key].after == (new[key].value if key in new else None)
    assert versions.changes(after, after) == []
    counts = versions.counts_of(found)
    assert counts.appeared + counts.gone + counts.revised + counts.status == len(found)
