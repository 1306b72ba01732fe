"""Put the funding service together."""

from litestar import Litestar
from litestar.di import NamedDependency, Provide

from services.chassis import http
from services.chassis.service import Service
from services.funding import api, consumers, jobs
from services.funding.api import alerts, terms
from services.funding.api.euros import Euros
from services.funding.api.exports import Exports
from services.funding.api.families import Families
from services.funding.api.imports import Imports
from services.funding.api.requests import Requests
from services.funding.lane import Lane
from services.funding.settings import Settings


def create_app(settings: Settings) -> tuple[Litestar, Service]:
    """Return the ASGI application and the running parts behind it."""
    lane = Lane(transfers_max=settings.lane_transfers_max, ledgers_max=settings.lane_ledgers_max)

    def the_lane(service: NamedDependency[Service]) -> Lane:  # noqa: ARG001
        # Asked for after the service: two that stand alone would take a task each, per request.
        return lane

    service = Service("funding", settings, sources=consumers.SOURCES, jobs=[lane.run, jobs.watch])
    app = http.application(
        service,
        [
            *(api.References, api.Ledger, api.Periods, api.AdviserPosts),
            *terms.ROUTES,
            *(Imports, Euros, Exports, Families, Requests, alerts.Watch),
        ],
        title="CTIN — financement",
        dependencies={"lane": Provide(the_lane, sync_to_thread=False)},
    )
    return app, service
