"""Put the exchange service together."""

from litestar import Litestar
from litestar.di import NamedDependency, Provide

from services.chassis import http
from services.chassis.policies import Asking
from services.chassis.service import Service
from services.chassis.tokens import Caller
from services.exchange import api, consumers, jobs
from services.exchange.jobs import access, numbers, pace
from services.exchange.lane import Beats, Durables, Feeds, Webhooks
from services.exchange.lane.intake import Intake
from services.exchange.model.quotas import limits_of
from services.exchange.reads import access as standing
from services.exchange.settings import Settings


def create_app(settings: Settings) -> tuple[Litestar, Service]:
    """Return the ASGI application and the running parts behind it.

    Raises:
        SystemExit: production without a way to keep the rights of the NATS server.
    """
    for name in ("access_folder", "system_seed_file"):
        if getattr(settings, name) is None and (settings.production or settings.access_folder):
            raise SystemExit(f"EXCHANGE_{name.upper()} is not set; rights on NATS need it.")
    feeds = Feeds(followers_max=settings.feeds_open_max)

    def the_feeds(service: NamedDependency[Service]) -> Feeds:
        feeds.open(service)
        return feeds

    async def check_token(request: Asking) -> None:
        caller = request.scope.get("user")
        if isinstance(caller, Caller):
            async with service.read() as connection:
                await standing.must_be_good(connection, caller)

    service = Service(
        "exchange",
        settings,
        sources=consumers.sources(limits_of(settings)),
        jobs=(
            jobs.keep_durables,
            jobs.erase,
            jobs.forget,
            numbers.forget_numbers,
            access.keep_access,
            pace.Watch().run,
            feeds.run,
            Webhooks(feeds).run,
            Durables(feeds).run,
            *Beats(feeds).jobs,
        ),
        answers=True,
        held_max=settings.feeds_open_max,
    )
    for consumer in service.consumers:
        if isinstance(consumer, Intake):
            consumer.read = service.read
    app = http.application(
        service,
        api.ROUTES,
        title="CTIN — échanges",
        before_request=check_token,
        dependencies={"feeds": Provide(the_feeds, sync_to_thread=False)},
    )
    return app, service
