"""Settings of the exchange service, one variable per field, prefix `EXCHANGE_`."""

from typing import Annotated

from msgspec import Meta

from services.chassis.settings import ServiceSettings


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """What the edge is told beyond what every service is."""

    intake_days_kept: Annotated[int, Meta(ge=1, le=400)] = 30
    """How long raw messages stay in `IN`."""
    published_days_kept: Annotated[int, Meta(ge=1, le=400)] = 400
    """How long partners can replay."""
    access_folder: str | None = None
    """Where the users of the NATS server are written, in a folder that its configuration includes.
    Without it, institutions have no access by NATS; production needs it."""
    system_seed_file: str | None = None
    """The seed of the NKey that may tell the server to read its configuration again."""
    key_days_valid: Annotated[int, Meta(ge=1, le=1_500)] = 730
    """How long a registered key of an institution is good."""
