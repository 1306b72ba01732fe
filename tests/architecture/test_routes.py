"""Nobody may use a route by accident: each names who may."""

import httpx
import pytest

from contracts.streams import SERVICES
from services.chassis.policies import Policy


def handlers(app):
    """Yield path and handler of every route that answers more than OPTIONS."""
    for route in app.routes:
        if route.path.startswith("/schema"):
            continue
        for handler in getattr(route, "route_handlers", None) or [route.route_handler]:
            if getattr(handler, "http_methods", {"any"}) != {"OPTIONS"}:
                yield route.path, handler


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_names_its_policy(service, assembled):
    app, _ = assembled[service]
    found = list(handlers(app))
    assert len(found) > 3, "health and metrics alone are three"
    for path, handler in found:
        assert isinstance(handler.opt.get("policy"), Policy), f"{service}: {path} names no policy"


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_describes_itself_to_anyone(service, assembled):
    app, _ = assembled[service]
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get("/schema/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.")


@pytest.mark.parametrize("service", SERVICES)
async def test_a_stranger_without_token_gets_nothing_that_has_roles(service, assembled):
    app, _ = assembled[service]
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        for path, handler in handlers(app):
            if handler.opt["policy"].is_public:
                continue
            where = "/".join(_filled(part) for part in path.split("/"))
            for method in handler.http_methods - {"OPTIONS", "HEAD"}:
                answer = await client.request(method, where)
                assert answer.status_code == 401, f"{method} {path}: {answer.text}"
                assert answer.json()["code"] == "E_TOKEN"


def _filled(part: str) -> str:
    if not part.startswith("{"):
        return part
    kinds = {"uuid": "0192f3a0-0000-7000-8000-000000000000", "int": "1"}
    return kinds.get(part.strip("{}").partition(":")[2], "x")


@pytest.mark.parametrize("service", SERVICES)
async def test_asking_what_a_route_admits_is_no_fault(service, assembled):
    app, _ = assembled[service]
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        for path, _handler in handlers(app):
            answer = await client.request("OPTIONS", "/".join(map(_filled, path.split("/"))))
            assert answer.status_code < 500, f"OPTIONS {path}: {answer.text}"
