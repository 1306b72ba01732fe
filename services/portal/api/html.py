"""Turn what was read into HTML: one template environment, one shell, errors as pages."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Request, Response
from litestar.config.app import AppConfig
from litestar.types import Message, Scope

from contracts.http.members import Coordination
from services.chassis import problems
from services.chassis.problems import Problem
from services.portal.api.assets import KINDS, address
from services.portal.model import french, money, words
from services.portal.model.answers import Known

MACHINES = ("/health", "/metrics", "/schema", "/v1/")
"""Paths that programs read: their errors stay problem documents."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SECURITY_HEADERS = tuple(
    (name.encode(), value.encode())
    for name, value in {
        "content-security-policy": POLICY,
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }.items()
)
PAGES = (
    ("", "Vue d'ensemble"),
    ("/argent", "Argent"),
    ("/diagnostic", "Diagnostic"),
    ("/gouvernance", "Gouvernance"),
    ("/feuille-de-route", "Feuille de route"),
    ("/echanges", "Échanges"),
    ("/annuaire", "Annuaire"),
)


class Shell(msgspec.Struct, frozen=True, kw_only=True):
    """What every page of a coordination shows around its own content."""

    slug: str
    name: str
    path: str
    """Of the page, under the coordination: empty for the first one."""
    coordination: Known[Coordination]
    changes: Mapping[str, datetime]
    """When each topic last changed."""


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("services.portal", "views"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., Any]] = {
        "money": french.money,
        "number": french.number,
        "day": french.day,
        "clock": french.clock,
        "instant": french.instant,
        "period": french.period,
        "plural": french.plural,
        "slug": words.slug,
        "family": words.family,
        "followed": words.followed,
        "health": words.health,
        "signal_status": words.signal_status,
        "custody": money.custody,
    }
    environment.filters.update(filters)
    environment.globals.update(
        asset={name: address(name) for name in KINDS},
        words=words,
        place=words.area,
        fund_lines=money.fund_lines,
    )
    return environment


ENVIRONMENT = _environment()


def render(template: str, /, *, status: int = 200, **shown: Any) -> Response[str]:
    """Return a template with `shown`, never kept by the browser: its figures move."""
    text = ENVIRONMENT.get_template(template).render(pages=PAGES, **shown)
    return Response(
        text,
        status_code=status,
        media_type=MediaType.HTML,
        headers={"cache-control": "no-store"},
    )


def _as_page(
    handler: Callable[[Request[Any, Any, Any], Any], Response[Problem]],
) -> Callable[[Request[Any, Any, Any], Any], Response[Any]]:
    def shown(request: Request[Any, Any, Any], error: Any) -> Response[Any]:
        answer = handler(request, error)
        if request.url.path.startswith(MACHINES):
            return answer
        return render("error.html", status=answer.content.status, problem=answer.content)

    return shown


async def secure(message: Message, _: Scope) -> None:
    """Add the security headers to an answer, whatever made it."""
    if message["type"] == "http.response.start":
        message["headers"] = [*message["headers"], *SECURITY_HEADERS]


def install(config: AppConfig) -> AppConfig:
    """Make errors pages, and every answer safe to show."""
    config.exception_handlers = {
        kind: _as_page(handler) for kind, handler in problems.HANDLERS.items()
    }
    config.before_send = [*config.before_send, secure]
    return config
