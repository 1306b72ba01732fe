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
