"""What an operator and a reader are told is what the code has."""

import inspect
import re
from enum import StrEnum
from importlib import import_module
from pkgutil import walk_packages

import msgspec
import pytest

from contracts import events, values
from contracts.events import FACTS, SIGNALS
from contracts.streams import SERVICES
from services.chassis.settings import ServiceSettings
from tests.conftest import ROOT


def rows(document: str) -> list[list[str]]:
    """Return the cells of every table of a document in `docs`."""
    text = (ROOT / "docs" / document).read_text()
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def shown(field: msgspec.structs.FieldInfo) -> str:
    """Return how a setting's default is written."""
    if field.required:
        return "required"
    if field.default is None:
        return "–"
    said = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
    return f"`{said}`"


def settings_of(service: str) -> dict[str, str]:
    """Return the default of each variable of a service, as the document names them."""
    common = {one.name for one in msgspec.structs.fields(ServiceSettings)}
    kind = import_module(f"services.{service}.settings").Settings
    return {
        f"`{'<SERVICE>' if one.name in common else service.upper()}_{one.name.upper()}`": shown(one)
        for one in msgspec.structs.fields(kind)
    }


@pytest.mark.parametrize("service", SERVICES)
def test_every_setting_is_documented_with_its_default(service):
    told = {row[0]: row[1] for row in rows("operations.md")}
    asked = settings_of(service)
    assert {name: told.get(name) for name in asked} == asked


def test_every_documented_setting_exists():
    known = {name for service in SERVICES for name in settings_of(service)}
    told = {row[0] for row in rows("operations.md") if re.fullmatch(r"`[<>A-Z_]+`", row[0])}
    assert told - known == set()


def test_every_event_has_its_names_in_the_glossary():
    told = {row[0]: row[1:] for row in rows("glossary.md")}
    for kind in (*(fact for facts in FACTS.values() for fact in facts), *SIGNALS):
        named, english, french = told[f"`{kind.__name__}`"]
        assert named == f"`{kind.TYPE}`"
        assert english
        assert french


def words():
    """Yield every Struct and list of values that events are made of."""
    named = (one.name for one in walk_packages(events.__path__, f"{events.__name__}."))
    modules = [values, *map(import_module, named)]
    for module in modules:
        for name, kind in inspect.getmembers(module, inspect.isclass):
            own = f"{kind.__module__}.".startswith(f"{module.__name__}.") and name[0] != "_"
            if own and issubclass(kind, msgspec.Struct | StrEnum):
                yield name


def test_every_word_of_an_event_is_in_the_glossary():
    told = {row[0].strip("`") for row in rows("glossary.md")}
    assert set(words()) - told == set()


def test_the_glossary_names_nothing_that_is_gone():
    told = {row[0].strip("`") for row in rows("glossary.md") if row[0].startswith("`")}
    assert told - set(words()) == set()


def test_the_changelog_of_the_contracts_names_what_partners_send_and_receive():
    text = (ROOT / "contracts/CHANGELOG.md").read_text()
    for kind in (*SIGNALS, *(one for facts in FACTS.values() for one in facts)):
        if getattr(kind, "TIER", "in") in {"in", "pub"}:
            assert f"`{kind.TYPE.rpartition('.')[0]}`" in text
