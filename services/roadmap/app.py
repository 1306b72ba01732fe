"""Put the roadmap service together."""

from litestar import Litestar

from services.chassis import http
from services.chassis.service import Service
from services.roadmap import api, consumers
from services.roadmap.settings import Settings


def create_app(settings: Settings) -> tuple[Litestar, Service]:
    """Return the ASGI application and the running parts behind it."""
    service = Service("roadmap", settings, sources=consumers.SOURCES)
    return http.application(service, [api.Sheets], title="CTIN — feuille de route"), service
