"""Settings of the diagnostics service, one variable per field, prefix `DIAGNOSTICS_`."""

from typing import Annotated

from msgspec import Meta

from services.chassis.settings import ServiceSettings


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """What the diagnostic is told beyond what every service is."""

    updates_per_second_max: Annotated[int, Meta(ge=1, le=10_000)] = 200
    """Above this, updates are coalesced: one per area and second at most."""
    needs_threshold: Annotated[int, Meta(ge=1, le=1000)] = 11
    """Reported needs leave their coordination only summed to this many."""
    signal_months_kept: Annotated[int, Meta(ge=1, le=120)] = 36
    """How long signals are kept when their agreement says nothing; open data is kept for good."""
