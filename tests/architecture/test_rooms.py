"""Every service has the same rooms, and the code stays of a size that one person reads."""

import ast
import re

import pytest

from contracts.streams import SERVICES
from tests.conftest import ROOT

ROOMS = {
    "__init__",
    "__main__",
    "api",
    "app",
    "commands",
    "consumers",
    "errors",
    "model",
    "reads",
    "settings",
    "sql",
    "store",
}
OPTIONAL = {"imports", "jobs", "lane", "views"}
SOURCES = sorted(
    path for top in ("contracts", "services", "infra") for path in (ROOT / top).rglob("*.py")
)
CHASSIS = sorted((ROOT / "services/chassis").glob("*.py"))
DOMAIN = re.compile(r"\b(members?|funds?|colleges?|grants?|diagnos\w*|roadmaps?)\b", re.IGNORECASE)
FILE_LINES_MAX, FUNCTION_LINES_MAX, CHASSIS_LINES_MAX = 400, 60, 2100
BANNED_PARTS = {"util", "utils", "helper", "helpers", "common", "misc", "manager"}
BANNED_ALONE = BANNED_PARTS | {"base", "data", "info"}


def lines(text: str) -> int:
    """Return how many lines a text has."""
    return len(text.splitlines())


def definitions(text: str):
    """Yield every function and class of a source."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_its_rooms_and_no_other(service):
    folder = ROOT / "services" / service
    there = {path.stem for path in folder.iterdir() if path.name != "__pycache__"}
    assert there >= ROOMS
    assert there - ROOMS <= OPTIONAL
    for path in folder.iterdir():
        if path.is_dir() and path.name not in {"sql", "views", "__pycache__"}:
            assert (path / "__init__.py").exists(), f"{path.name} is a folder and no package"


@pytest.mark.parametrize("service", SERVICES)
def test_a_charter_says_what_a_service_owns_publishes_consumes_and_never_does(service):
    charter = ast.get_docstring(ast.parse((ROOT / f"services/{service}/__init__.py").read_text()))
    assert lines(charter) <= 10
    for heading in ("Owns:", "Publishes:", "Consumes:", "Never:"):
        assert re.search(rf"^{heading} \S", charter, re.MULTILINE), f"{service}: {heading}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short(path):
    text = path.read_text()
    assert lines(text) <= FILE_LINES_MAX
    for node in definitions(text):
        if not isinstance(node, ast.ClassDef):
            length = node.end_lineno - node.lineno + 1
            assert length <= FUNCTION_LINES_MAX, f"{path.name}:{node.lineno} {node.name}"


def code_lines(text: str) -> int:
    """Return the lines of code: blank ones, comments and docstrings are not counted."""
    told = {
        number
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for number in range(node.lineno, node.end_lineno + 1)
    }
    return sum(
        1
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.strip().startswith("#") and number not in told
    )


def test_the_chassis_stays_small():
    assert sum(code_lines(path.read_text()) for path in CHASSIS) <= CHASSIS_LINES_MAX


@pytest.mark.parametrize("path", CHASSIS, ids=lambda path: path.name)
def test_the_chassis_knows_no_domain_word(path):
    assert DOMAIN.findall(path.read_text()) == []


def parts(name: str) -> set[str]:
    """Return the words of a name, whatever its case."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return set(parted.lower().split("_"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_say_something(path):
    named = [path.stem, path.parent.name, *(one.name for one in definitions(path.read_text()))]
    for name in named:
        assert not parts(name) & BANNED_PARTS, name
        assert name.lower() not in BANNED_ALONE, name


def test_a_banned_word_is_seen_in_any_case():
    assert parts("HTTPUtils") & BANNED_PARTS
    assert parts("make_helpers") & BANNED_PARTS
    assert not parts("utilise_information") & BANNED_PARTS
