"""Every refusal has a code, a status with a title, and a French sentence that says what to do."""

import ast
import inspect
import re
from importlib import import_module
from pkgutil import iter_modules
from textwrap import dedent

import pytest

from contracts.streams import SERVICES
from services.chassis import policies, problems
from services.chassis.errors import Refusal
from tests.conftest import ROOT


def rooms():
    """Yield the module of refusals of each service, or the modules of its package."""
    for service in SERVICES:
        room = import_module(f"services.{service}.errors")
        yield room
        for one in iter_modules(getattr(room, "__path__", ())):
            yield import_module(f"{room.__name__}.{one.name}")


def refusals():
    """Yield every refusal that is raised: those that others only derive from aside."""
    for module in (policies, *rooms()):
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, Refusal) and kind.__module__ == module.__name__:
                yield kind


KINDS = sorted(set(refusals()), key=lambda kind: (kind.__module__, kind.__name__))

CALLS = [
    node
    for path in (ROOT / "services").rglob("*.py")
    for node in ast.walk(ast.parse(path.read_text()))
    if isinstance(node, ast.Call)
]


def sentences(kind: type[Refusal]) -> list[str]:
    """Return the texts a refusal is made with: in its constructor, or where it is raised."""
    own = ast.parse(dedent(inspect.getsource(kind)))
    calls = [
        call
        for call in ast.walk(own)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__"
    ]
    if not calls:
        calls = [call for call in CALLS if ast.unparse(call.func).split(".")[-1] == kind.__name__]
    return [ast.unparse(call.args[0]) for call in calls if call.args]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_refusal_has_code_status_and_sentence(kind):
    assert re.fullmatch(r"E_[A-Z][A-Z_]*", kind.code)
    assert kind.status in problems.TITLES
    assert (kind.__doc__ or "").strip() != (Refusal.__doc__ or "").strip()
    said = sentences(kind)
    if not said:
        assert kind.__subclasses__(), f"{kind.__name__} is never said"
    for text in said:
        if re.match(r"f?['\"]", text):
            assert re.search(r"[.!?»]['\"]$", text), f"{kind.__name__}: {text}"


def test_every_refusal_of_the_framework_has_a_title():
    assert all(title.strip() for title in problems.TITLES.values())
