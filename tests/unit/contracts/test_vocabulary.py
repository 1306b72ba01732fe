"""An installation adds words of its own to the closed lists; a wrong file stops the start."""

import os
import subprocess
import sys

import pytest

from contracts.vocabulary import extend, extended, load
from tests.conftest import ROOT

ADDED = """
[measures]
pass_numerique = { label = "Pass numériques distribués", units = ["person"] }
[problems]
move_around = "Se déplacer"
[themes]
repair = "Réparer son matériel"
[publics]
caregivers = "Aidants"
[domains]
mobility = { label = "Mobilités", problems = ["move_around"], themes = ["repair"] }
housing = { label = "Habitat", problems = ["housing"] }
"""
SETTINGS = {
    "DIAGNOSTICS_PORT": "1",
    "DIAGNOSTICS_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "DIAGNOSTICS_NATS_URL": "nats://127.0.0.1:1",
    "DIAGNOSTICS_NATS_MONITOR_URL": "http://127.0.0.1:1",
    "DIAGNOSTICS_NATS_SEED_FILE": "/dev/null",
    "DIAGNOSTICS_JWKS_URL": "http://127.0.0.1:1",
}


def test_words_are_added_to_every_list_and_domains_may_be_shared_otherwise():
    known = load()
    whole = extended(known, ADDED)
    assert whole.measures["pass_numerique"].units == ["person"]
    assert whole.measures["rsa_socle"] == known.measures["rsa_socle"]
    assert (whole.problems["move_around"], whole.themes["repair"]) == (
        "Se déplacer",
        "Réparer son matériel",
    )
    assert whole.domains["housing"].label == "Habitat"
    assert whole.domains["mobility"].problems == ["move_around"]
    assert "pass_numerique" not in known.measures


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[measures", "Expected"),
        ("[words]\na = 'b'", "unknown field `words`"),
        ("[measures]\nx = { label = 'X' }", "missing required field `units`"),
        ("[problems]\nhousing = 'Autre chose'", "problems has housing already"),
        ("[domains]\nx = { label = 'X', problems = ['nothing'] }", "names nothing"),
        ("[problems]\nx = 3", "Expected `str`"),
    ],
)
def test_a_file_that_is_no_list_of_new_words_is_refused(text, told):
    with pytest.raises(ValueError, match=told):
        extended(load(), text)


def test_every_problem_and_theme_of_the_contracts_has_one_domain():
    words = load()
    for named, known in (("problems", words.problems), ("themes", words.themes)):
        listed = [one for domain in words.domains.values() for one in getattr(domain, named)]
        assert sorted(listed) == sorted(known)


def run(program: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *program],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **SETTINGS, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_service_refuses_to_start_on_a_wrong_file_and_says_why(tmp_path):
    wrong = tmp_path / "words.toml"
    wrong.write_text("[problems]\nhousing = 'Autre chose'\n", encoding="utf-8")
    done = run(["-m", "services.diagnostics", "openapi"], DIAGNOSTICS_VOCABULARY_FILE=str(wrong))
    assert done.returncode == 1
    assert f"The vocabulary of {wrong} cannot be used: problems has housing already" in done.stderr


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(SystemExit, match="No such file"):
        extend(str(tmp_path / "none"))


def test_the_words_of_a_file_are_those_of_the_rules(tmp_path):
    """In a process of its own: words are read once, at start."""
    file = tmp_path / "words.toml"
    file.write_text(ADDED, encoding="utf-8")
    program = (
        "import sys; from contracts import vocabulary; vocabulary.extend(sys.argv[1]);"
        "from services.diagnostics.model import groups, rules;"
        "from services.diagnostics.model.follow_up import NeedKind;"
        "print(groups.domain_of(NeedKind('move_around', 'safe_use', 'caregivers', 'person', '2026', 1, 0, 0)),"
        "'pass_numerique' in rules.VOCABULARY.measures)"
    )
    done = run(["-c", program, str(file)])
    assert done.stdout.split() == ["mobility", "True"], done.stderr
