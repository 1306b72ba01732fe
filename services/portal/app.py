"""Put the portal together."""

from litestar import Litestar
from litestar.di import Provide

from contracts.transport import is_loopback
from services.chassis import http
from services.chassis.service import Service
from services.portal import consumers, jobs
from services.portal.api import html
from services.portal.api.assets import Assets
from services.portal.api.blocs import Blocs
from services.portal.api.live import Live
from services.portal.api.pages import Pages
from services.portal.reads.live import Hub
from services.portal.reads.peers import Peers
from services.portal.reads.token import load_key
from services.portal.settings import Settings


def create_app(settings: Settings) -> tuple[Litestar, Service]:
    """Return the ASGI application and the running parts behind it.

    Raises:
        SystemExit: others than this machine could reach it, or its key is missing.
    """
    if not is_loopback(settings.host):
        raise SystemExit(
            f"PORTAL_HOST vaut « {settings.host} » : sans connexion des personnes, le portail "
            "n'écoute que cette machine ; mettez 127.0.0.1."
        )
    peers = Peers(settings, load_key(settings.client_key_file))
    hub = Hub(settings.followers_max)
    service = Service("portal", settings, sources=consumers.SOURCES, jobs=[jobs.telling(hub)])
    app = http.application(
        service,
        [Pages, Blocs, Live, Assets],
        title="CTIN — portail",
        dependencies={
            "peers": Provide(lambda: peers, sync_to_thread=False),
            "hub": Provide(lambda: hub, sync_to_thread=False),
        },
        on_app_init=[html.install],
        on_shutdown=[peers.close],
    )
    return app, service
