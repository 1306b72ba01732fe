"""Put the members service together."""

from pathlib import Path

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from litestar import Litestar
from litestar.di import Provide

from services.chassis import http
from services.chassis.service import Service
from services.members import api, consumers, jobs
from services.members.api.standing import enter
from services.members.commands import Issuer
from services.members.lane import Lane
from services.members.settings import Settings


def create_app(settings: Settings) -> tuple[Litestar, Service]:
    """Return the ASGI application and the running parts behind it.

    Raises:
        SystemExit: the signing key is not readable, or missing in production.
    """
    issuer = Issuer(_signing_key(settings), settings.token_audiences)
    lane = Lane()
    service = Service(
        "members",
        settings,
        sources=consumers.SOURCES,
        jobs=[lane.run, jobs.watch_committees],
    )
    app = http.application(
        service,
        api.ROUTES,
        title="CTIN — membres et gouvernance",
        enter=enter,
        dependencies={
            "issuer": Provide(lambda: issuer, sync_to_thread=False),
            "lane": Provide(lambda: lane, sync_to_thread=False),
        },
    )
    return app, service


def _signing_key(settings: Settings) -> OKPKey | None:
    if settings.signing_key_file is None:
        if settings.production:
            raise SystemExit("MEMBERS_SIGNING_KEY_FILE is not set; production needs it.")
        return None
    try:
        key = OKPKey.import_key(msgspec.json.decode(Path(settings.signing_key_file).read_bytes()))
    except (OSError, JoseError, LookupError, TypeError, ValueError) as fault:
        raise SystemExit(
            f'MEMBERS_SIGNING_KEY_FILE is "{settings.signing_key_file}": '
            "a private Ed25519 key written as a JWK is needed."
        ) from fault
    if not key.is_private or key.curve_name != "Ed25519":
        raise SystemExit(
            f'MEMBERS_SIGNING_KEY_FILE is "{settings.signing_key_file}": '
            "it holds another kind of key; a private Ed25519 one is needed."
        )
    return key
