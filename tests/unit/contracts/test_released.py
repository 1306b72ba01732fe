"""What was released stays as it was."""

import json

import pytest

from contracts import released

SCHEMA = {"type": "object", "properties": {"title": {"type": "string", "description": "Words."}}}
WORDED = {**SCHEMA, "title": "A", "description": "Other words."}
CHANGED = {"type": "object", "properties": {"title": {"type": "integer"}}}


@pytest.fixture
def at(tmp_path, monkeypatch):
    """Return a function that releases schemas under a version, open or dated, and what it holds."""
    monkeypatch.setattr(released, "RELEASED", tmp_path / "released.json")

    def release(version, today, *, dated=False):
        monkeypatch.setattr(released, "VERSION", version)
        monkeypatch.setattr(released, "frozen", lambda _: dated)
        found = released.release(today)
        (tmp_path / "released.json").write_text(json.dumps(found))
        return found

    return release


def broken(today):
    return list(released.broken_releases(today))


def test_words_do_not_change_a_digest_and_a_property_called_title_is_kept():
    assert released.digest(released.bare(SCHEMA)) == released.digest(released.bare(WORDED))
    assert released.bare(WORDED)["properties"] == {"title": {"type": "string"}}


def test_an_open_version_may_be_frozen_again(at):
    at("0.1.0", {"a.v1": SCHEMA})
    assert broken({"a.v1": WORDED}) == []
    assert len(broken({"a.v1": CHANGED})) == 1

    found = at("0.1.0", {"a.v1": CHANGED})

    assert broken({"a.v1": CHANGED}) == []
    assert list(found["a.v1"]) == ["0.1.0"]


def test_a_type_may_be_taken_back_before_its_version_is_out(at):
    at("0.1.0", {"a.v1": SCHEMA, "b.v1": SCHEMA})
    assert "b.v1" not in at("0.1.0", {"a.v1": SCHEMA})


def test_a_version_that_is_out_never_changes(at):
    at("0.1.0", {"a.v1": SCHEMA})
    with pytest.raises(ValueError, match=r"0\.1\.0 is out"):
        at("0.1.0", {"a.v1": CHANGED}, dated=True)
    assert at("0.1.0", {"a.v1": SCHEMA}, dated=True)["a.v1"].keys() == {"0.1.0"}


def test_a_next_version_adds_its_schema_beside_the_others(at):
    at("0.1.0", {"a.v1": SCHEMA})
    found = at("0.2.0", {"a.v1": CHANGED})
    assert list(found["a.v1"]) == ["0.1.0", "0.2.0"]
    assert broken({"a.v1": SCHEMA}) == []
    assert at("0.2.0", {"a.v1": SCHEMA})["a.v1"].keys() == {"0.1.0"}


def test_a_type_that_was_released_is_never_gone(at):
    at("0.1.0", {"a.v1": SCHEMA})
    assert broken({}) == [
        "a.v1 was released and is gone: a released type stays beside its successor"
    ]


def test_a_digest_changed_by_hand_is_seen(at):
    found = at("0.1.0", {"a.v1": SCHEMA})
    found["a.v1"]["0.1.0"]["schema"] = CHANGED
    released.RELEASED.write_text(json.dumps(found))
    assert any("changed by hand" in one for one in broken({"a.v1": SCHEMA}))
