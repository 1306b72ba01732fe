"""Settings of the portal, one variable per field, prefix `PORTAL_`."""

from typing import Annotated

from msgspec import Meta

from services.chassis.settings import ServiceSettings

Url = Annotated[str, Meta(pattern="^https?://[^/]+$", max_length=200)]


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """Where the other services are, and the key by which the portal proves who it is."""

    members_url: Url
    """Without a path or a last slash, as the four that follow."""
    funding_url: Url
    diagnostics_url: Url
    roadmap_url: Url
    exchange_url: Url
    client_key_file: str
    """A JWK: the Ed25519 private key of the client `portal`, whose public half `members` has."""
    answer_seconds_max: Annotated[float, Meta(ge=0.1, le=30)] = 3.0
    """How long a page waits for one service before it shows what was known."""
    followers_max: Annotated[int, Meta(ge=1, le=450)] = 200
    """Browsers that may follow the figures live at once; others reload by hand."""
