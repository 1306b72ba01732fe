"""Settings of the exchange service, one variable per field, prefix `EXCHANGE_`."""

from typing import Annotated

from msgspec import Meta

from contracts.http.exchange.parked import Service
from services.chassis.settings import ServiceSettings

Url = Annotated[str, Meta(pattern="^https?://[^/]+$")]


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """What the edge is told beyond what every service is."""

    intake_days_kept: Annotated[int, Meta(ge=1, le=400)] = 30
    """How long raw messages stay in `IN`."""
    published_days_kept: Annotated[int, Meta(ge=1, le=400)] = 400
    """How long partners can replay."""
    numbers_days_kept: Annotated[int, Meta(ge=1, le=400)] = 30
    """How long a feed can be read again from before what its subscriber confirmed."""
    access_folder: str | None = None
    """Where the users of the NATS server are written, in a folder that its configuration includes.
    Without it, institutions have no access by NATS; production needs it."""
    system_seed_file: str | None = None
    """The seed of the NKey that may tell the server to read its configuration again."""
    public_nats_url: str | None = None
    """Where institutions reach NATS, when it is not where this service does."""
    public_token_url: str | None = None
    """Where institutions ask for tokens, when it is not beside the keys of tokens."""
    key_days_valid: Annotated[int, Meta(ge=1, le=1_500)] = 730
    """How long a registered key of an institution is good."""
    feeds_open_max: Annotated[int, Meta(ge=1, le=10_000)] = 2000
    """How many streams of feeds may be open at the same time."""
    feeds_heartbeat_seconds: Annotated[float, Meta(ge=0.1, le=60)] = 15.0
    """After how long a quiet feed says that it is complete."""
    webhook_key_file: str | None = None
    """Secret from which each webhook's own secret is derived; without it there are no webhooks."""
    webhooks_to_loopback: bool = False
    """For development: webhooks may be sent to this machine, and over http."""
    signals_per_second_max: Annotated[int, Meta(ge=1, le=100_000)] = 500
    """How fast what an institution may send comes back."""
    signals_at_once_max: Annotated[int, Meta(ge=4_000, le=10_000_000)] = 100_000
    """How many signals an institution may send before it must wait."""
    silence_minutes_min: Annotated[int, Meta(ge=1, le=100_000)] = 60
    """A partner is never called silent before this long."""
    flood_calm_seconds: Annotated[float, Meta(ge=1, le=86_400)] = 300.0
    """A flood is over once the partner kept within its quota for this long."""
    members_url: Url | None = None
    funding_url: Url | None = None
    diagnostics_url: Url | None = None
    roadmap_url: Url | None = None

    def __post_init__(self) -> None:
        """Refuse in production what only development may do."""
        if self.production and self.webhooks_to_loopback:
            raise SystemExit(
                "EXCHANGE_WEBHOOKS_TO_LOOPBACK is for development; production refuses it."
            )

    @property
    def desks(self) -> dict[Service, str]:
        """Where the other services deal with the events they set aside."""
        known: dict[Service, str | None] = {
            "members": self.members_url,
            "funding": self.funding_url,
            "diagnostics": self.diagnostics_url,
            "roadmap": self.roadmap_url,
        }
        return {name: url for name, url in known.items() if url}
