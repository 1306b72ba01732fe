"""Settings of the funding service, one variable per field, prefix `FUNDING_`."""

from typing import Annotated

from msgspec import Meta

from contracts.http.funding import TRANSFERS_MAX
from services.chassis.settings import ServiceSettings


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """What every service is told, and how much the posting lane takes on."""

    lane_transfers_max: Annotated[int, Meta(ge=TRANSFERS_MAX, le=1_000_000)] = 40_000
    """Transfers that may wait for the lane; beyond, callers are told to come back."""
    lane_ledgers_max: Annotated[int, Meta(ge=1, le=50)] = 4
    """Ledgers written at the same time, each on its own connection."""
