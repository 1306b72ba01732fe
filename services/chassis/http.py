"""The HTTP face every service has: health, metrics, its own description, refusals as problems."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog
import uvicorn
from litestar import Controller, Litestar, Response, Router, get
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.enums import ScopeType
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.chassis import ids, policies, problems
from services.chassis.log import logger
from services.chassis.service import Service
from services.chassis.tokens import Verifier
from services.chassis.upkeep import Upkeep

BODY_BYTES_MAX = 256 * 1024
PAGE_MAX = 200
TheService = NamedDependency[Service]


class Health(Controller):
    """What a supervisor and an operator ask."""

    opt = policies.PUBLIC.opt()
    tags = ("Santé",)

    @get("/health/live", sync_to_thread=False)
    def live(self) -> dict[str, str]:
        """Answer while the process serves."""
        return {"status": "live"}

    @get("/health/ready")
    async def ready(self, service: TheService) -> Response[dict[str, Any]]:
        """Answer 200 when nothing is missing, 503 with what is missing otherwise."""
        missing = await service.missing()
        body = {"status": "waiting" if missing else "ready", "missing": missing}
        return Response(body, status_code=503 if missing else 200)

    @get("/metrics", include_in_schema=False)
    async def metrics(self, service: TheService) -> Response[bytes]:
        """Show the figures in the format of Prometheus."""
        await service.missing()
        for consumer in service.consumers:
            service.metrics.consumed.labels(consumer.name).set(consumer.handled)
            service.metrics.lag.labels(consumer.name).set(consumer.lag)
        service.metrics.published.set(sum(one.published for one in service.relays))
        return Response(generate_latest(service.metrics.registry), media_type=CONTENT_TYPE_LATEST)


def application(
    service: Service,
    routes: Sequence[Any],
    *,
    title: str,
    dependencies: dict[str, Provide] | None = None,
    enter: policies.Enter | None = None,
    **options: Any,
) -> Litestar:
    """Return the ASGI application of `service`: its routes behind their policies.

    `enter` says what a caller may do in a coordination its token is not for; without it, nothing.
    """

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await service.start()
        try:
            yield
        finally:
            await service.stop()

    provided = {"service": Provide(lambda: service, sync_to_thread=False)}
    app = Litestar(
        route_handlers=[Health, Upkeep, *routes],
        dependencies={**provided, **(dependencies or {})},
        lifespan=[lifespan],
        guards=[policies.check],
        exception_handlers=problems.HANDLERS,
        state=State(
            {
                "verifier": Verifier(
                    service.settings.jwks_url, ca_file=service.settings.tls_ca_file
                ),
                "service": service,
                "enter": enter,
            }
        ),
        request_max_body_size=BODY_BYTES_MAX,
        logging_config=None,
        openapi_config=OpenAPIConfig(
            title=title,
            version="1",
            openapi_router=Router("/schema", route_handlers=[], opt=policies.PUBLIC.opt()),
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
            components=Components(
                security_schemes={
                    "bearer": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT")
                }
            ),
            security=[{"bearer": []}],
        ),
        **options,
    )
    # Around the router itself: what has no address is journalled too.
    app.asgi_handler = _journal(service, app.asgi_handler)
    return app


def _journal(service: Service, app: ASGIApp) -> ASGIApp:
    """Return `app`, writing one line and counting one figure per request."""

    async def journal(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500
        request_id = str(ids.new_id())

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await app(scope, receive, watched)
            seconds = time.perf_counter() - began
            # Never the path itself: strangers choose it, and figures are kept by route.
            route = str(scope.get("path_template") or "unknown")
            if not route.startswith(("/health", "/metrics")):
                logger().info(
                    "request",
                    method=scope["method"],
                    route=route,
                    status=status,
                    ms=round(seconds * 1000, 1),
                )
            service.metrics.requests.labels(route, str(status)).inc()
            service.metrics.seconds.labels(route).observe(seconds)

    return journal


def serve(app: Litestar, service: Service) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is open; by TLS when it has a certificate."""
    shown = service.certificate
    uvicorn.run(
        app,
        host=service.settings.host,
        port=service.settings.port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=3,
        limit_concurrency=512 + 2 * service.held_max,  # A connection and its task are two.
        backlog=512,
        ssl_context_factory=(lambda *_: shown.context) if shown else None,
    )
