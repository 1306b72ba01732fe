"""Settings of the roadmap service, one variable per field, prefix `ROADMAP_`."""

from services.chassis.settings import ServiceSettings


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """Nothing beyond what every service is told."""
