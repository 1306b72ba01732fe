"""Every named query is correct on the real schema, before any other test calls it."""

import re
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from importlib import import_module
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import asyncpg
import pytest

from contracts.streams import SERVICES
from services.chassis import sql
from tests.conftest import ROOT

OWNERS = ("chassis", *SERVICES)
QUERIES = [(owner, query) for owner in OWNERS for query in sql.load(f"services.{owner}")]
PYTHON: dict[str, Any] = {
    "bool": bool,
    "bytea": bytes,
    "date": date,
    "float8": float,
    "int2": int,
    "int4": int,
    "int8": int,
    "jsonb": str,
    "numeric": Decimal,
    "text": str,
    "timestamptz": datetime,
    "uuid": UUID,
}
"""What asyncpg gives for a column of each type."""


@pytest.fixture(scope="session")
async def databases(make_database):
    """A connection to a migrated database of each service; the chassis's tables are in all."""
    opened = {service: await asyncpg.connect(await make_database(service)) for service in SERVICES}
    yield {**opened, "chassis": opened["members"]}
    for connection in opened.values():
        await connection.close()


def of_column(name: str) -> Any:
    """Return the Python type of a column's type."""
    return list[of_column(name.removesuffix("[]"))] if name.endswith("[]") else PYTHON[name]


def of_field(kind: Any) -> Any:
    """Return the Python type that a row's field stands for, null aside."""
    origin = get_origin(kind)
    if origin is Annotated:
        return of_field(get_args(kind)[0])
    if origin is Literal:
        return type(get_args(kind)[0])
    if origin in {Union, UnionType}:
        (one,) = {of_field(part) for part in get_args(kind) if part is not NoneType}
        return one
    if origin in {list, tuple}:
        return list[of_field(get_args(kind)[0])]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return str
    return kind


def test_types_are_compared_null_and_labels_aside():
    assert of_field(Annotated[list[UUID] | None, "x"]) == of_column("uuid[]")
    assert of_field(Literal["a", "b"]) is of_column("text")
    assert of_field(int | None) != of_column("text")


@pytest.mark.parametrize(("owner", "query"), QUERIES, ids=str)
async def test_every_query_prepares_on_the_real_schema(owner, query, databases):
    await databases[owner].prepare(sql.load(f"services.{owner}")[query])


@pytest.mark.parametrize("service", SERVICES)
async def test_columns_of_a_query_are_the_fields_of_its_row(service, databases):
    store = import_module(f"services.{service}.store")
    assert store.ROWS.keys() <= store.SQL.keys()
    for query, row in store.ROWS.items():
        prepared = await databases[service].prepare(store.SQL[query])
        columns = [(one.name, of_column(one.type.name)) for one in prepared.get_attributes()]
        hints = get_type_hints(row, include_extras=True)
        fields = [(name, of_field(hints[name])) for name in row.__struct_fields__]
        assert columns == fields, f"{service}: {query} and {row.__name__} differ"


@pytest.mark.parametrize("owner", OWNERS)
def test_every_query_is_used_where_sql_is_run(owner):
    folder = ROOT / "services" / owner
    rooms = folder.glob("*.py") if owner == "chassis" else folder.glob("store*/**/*.py")
    texts = [path.read_text() for path in (*rooms, folder / "store.py") if path.exists()]
    used = set(re.findall(r'SQL\[\s*"([a-z_]+)"\s*\]', "\n".join(texts)))
    assert sql.load(f"services.{owner}").keys() - used == set()


@pytest.mark.parametrize("owner", OWNERS)
def test_every_query_says_why_and_names_its_columns(owner):
    for name, text in sql.load(f"services.{owner}").items():
        assert text.startswith("-- "), f"{owner}: {name} does not say why"
        assert not re.search(r"select\s+(\w+\.)?\*\s+from\s+(?!unnest)", text, re.IGNORECASE), (
            f"{owner}: {name} takes all"
        )
