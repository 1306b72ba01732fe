"""Put the diagnostics service together."""

from litestar import Litestar

from services.chassis import http
from services.chassis.service import Service
from services.diagnostics import api, consumers, jobs
from services.diagnostics.settings import Settings


def create_app(settings: Settings) -> tuple[Litestar, Service]:
    """Return the ASGI application and the running parts behind it."""
    service = Service(
        "diagnostics",
        settings,
        sources=consumers.sources(settings),
        jobs=(jobs.publish_updates, jobs.remind, jobs.forget),
    )
    return http.application(service, api.ROUTES, title="CTIN — diagnostic"), service
