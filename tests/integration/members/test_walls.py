"""Walls between coordinations, route by route as the service has them: what is added is covered."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_type_hints
from uuid import uuid4

import msgspec
import pytest
from hypothesis import find
from hypothesis import strategies as st

from contracts.values import Role
from services.members.app import create_app
from tests.integration.members.people import ANNE
from tests.integration.members.test_sharing import WHOLE

STRANGERS_HOME = "elsewhere"
FILLED = {"int": "1", "str": "x"}
SAMPLES = ("caf", "CAF", "31446", "1/2", "243100633", "_all", "a" * 32, "0" * 64, "A" * 43)
SECRETS = (ANNE["name"], ANNE["email"], WHOLE["legal_text"])
TEXTS = {"date": "2026-03-01", "date-time": "2026-03-01T12:00:00Z"}


@dataclass(frozen=True)
class Route:
    """A method and a path that asks for a token."""

    method: str
    path: str
    body: Any = None
    """The least body that it takes."""

    @property
    def is_of_a_coordination(self) -> bool:
        """Whether the path says, or leads to, whose it is: the others are the same for all."""
        return "{coordination:" in self.path or ":uuid}" in self.path


def routes_of(app) -> list[Route]:
    """Return every route of the service that names roles."""
    return [
        Route(method, route.path, least_of(handler))
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if getattr(handler.opt.get("policy"), "roles", None)
        for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"})
    ]


def least_of(handler) -> Any:
    """Return the least body that a route takes, so that none stops at its contract."""
    told = get_type_hints(getattr(handler.fn, "value", handler.fn)).get("data")
    kinds = [one for one in (told, *get_args(told)) if isinstance(one, type)]
    structs = [one for one in kinds if issubclass(one, msgspec.Struct)]
    if not structs:
        return None
    schema = msgspec.json.schema(structs[0])
    return least(schema, schema["$defs"])


def least(schema: Any, known: Any) -> Any:
    """Return the least that a schema admits."""
    if "$ref" in schema:
        return least(known[schema["$ref"].rpartition("/")[2]], known)
    for choice in ("oneOf", "anyOf", "allOf"):
        if choice in schema:
            return least(next(one for one in schema[choice] if one.get("type") != "null"), known)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if schema.get("type") == "object":
        must = schema.get("required", [])
        return {name: least(schema["properties"][name], known) for name in must}
    if schema.get("type") == "array":
        return [least(schema["items"], known) for _ in range(schema.get("minItems", 0))]
    return _least_value(schema)


@cache
def _matching(pattern: str) -> str:
    bare = pattern.removeprefix("^").removesuffix("$")
    for one in SAMPLES:
        if re.fullmatch(f"({bare})", one):
            return one
    return find(st.from_regex(f"({bare})", fullmatch=True), lambda _: True)


def _least_value(schema: Any) -> Any:
    if schema.get("type") == "string" and "pattern" in schema:
        return _matching(schema["pattern"])
    if schema.get("type") == "string":
        text = str(uuid4()) if schema.get("format") == "uuid" else TEXTS.get(schema.get("format"))
        return text or "x" * max(1, schema.get("minLength", 1))
    return schema.get("minimum", 1) if schema.get("type") in {"integer", "number"} else False


@pytest.fixture
async def world(people, draft):
    """A coordination that has one of everything its neighbours must not see."""
    agreement = {**draft, **WHOLE}
    await people.ask("POST", f"{people.base}/agreements", agreement)
    person, _, _ = await people.enrolled("observer")
    await people.invited(person, "secretary")
    member = await people.member(f"o-{uuid4().hex[:8]}")
    await people.seat(person, member, kind="ELECTED")
    opinion = {"title": "Avis (fictif)", "adopted_on": "2026-03-19"}
    await people.ask("POST", f"{people.base}/opinions", opinion)
    return people


async def one_there(pool, world, name: str) -> str:
    """Return an id that a path names: of the world, or else of anybody, or else of nobody."""
    columns = await pool.fetch(
        """SELECT table_name
             FROM information_schema.columns AS c
            WHERE column_name = $1
              AND table_schema = 'public'
              AND EXISTS (SELECT 1
                            FROM information_schema.columns AS o
                           WHERE o.table_name = c.table_name AND o.column_name = 'coordination')
            ORDER BY table_name""",
        f"{name}_id",
    )
    for owner in ("= $1", "<> $1"):
        for (table,) in columns:
            query = f"SELECT {name}_id FROM {table} WHERE coordination {owner} LIMIT 1"
            found = await pool.fetchval(query, world.coordination)
            if found:
                return str(found)
    return str(uuid4())


async def addressed(pool, world, route: Route) -> str:
    """Return the address of a route in the world."""
    parts = []
    for part in route.path.split("/"):
        name, _, kind = part.strip("{}").partition(":")
        if not part.startswith("{"):
            parts.append(part)
        elif name == "coordination":
            parts.append(world.coordination)
        elif kind == "uuid":
            parts.append(await one_there(pool, world, name))
        else:
            parts.append(FILLED[kind])
    return "/".join(parts)


@pytest.fixture(scope="module")
def routes(settings):
    """The routes of the service as it is put together."""
    app, _ = create_app(settings)
    return routes_of(app)


async def test_nobody_of_another_coordination_gets_through_any_route(
    http, bearer, pool, world, routes, allow
):
    walled = [route for route in routes if route.is_of_a_coordination]
    assert len(walled) >= 40
    neighbour = f"c-{uuid4().hex[:12]}"
    founded = {"slug": neighbour, "name": "Voisine", "level": "COMMUNE", "communes": ["31446"]}
    await http.post("/v1/coordinations", json=founded, headers=bearer())
    await allow(neighbour, f"coordinator@{STRANGERS_HOME}", "coordinator")

    let_in = []
    strangers = {role: bearer(role.value, STRANGERS_HOME, "cpam-31") for role in Role}
    for route in walled:
        address = await addressed(pool, world, route)
        for role, headers in strangers.items():
            answer = await http.request(route.method, address, json=route.body, headers=headers)
            told = answer.text
            leaked = [word for word in SECRETS if word in told]
            if answer.status_code not in {403, 404} or leaked:
                let_in.append((route, role.value, answer.status_code, told[:200]))

    assert let_in == []


async def test_whoever_is_of_the_coordination_does_get_through(http, bearer, pool, world, routes):
    """Negative control: the same requests, from inside, are not stopped at the wall."""
    stopped = []
    for route in routes:
        if not route.is_of_a_coordination or route.method != "GET":
            continue
        answer = await http.request(
            route.method,
            await addressed(pool, world, route),
            json=route.body,
            headers=bearer("operator"),
        )
        if answer.status_code == 403:
            stopped.append((route.path, answer.text))

    assert stopped == []


async def test_what_is_the_same_for_all_says_nothing_of_a_coordination(
    http, bearer, pool, world, routes
):
    shared = [one for one in routes if not one.is_of_a_coordination and one.method == "GET"]
    assert shared

    for route in shared:
        address = await addressed(pool, world, route)
        for role in Role:
            answer = await http.get(address, headers=bearer(role.value, STRANGERS_HOME))
            assert world.coordination not in answer.text, f"{route.path} as {role.value}"
            assert ANNE["name"] not in answer.text
