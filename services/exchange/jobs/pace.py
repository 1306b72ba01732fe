"""Watch how partners keep in touch, and show their figures to Prometheus."""

import asyncio
from collections.abc import Sequence

from prometheus_client import Gauge

from services.chassis import ids
from services.chassis.service import Service
from services.exchange.commands import pace
from services.exchange.reads import pace as reads
from services.exchange.settings import Settings

WATCH_SECONDS = 5.0
SERIES_MAX = 600
"""Partners times statuses that are shown: figures of strangers' making must have an end."""


class Watch:
    """Tells silences and floods as they begin and end, and keeps the figures of `/metrics`."""

    def __init__(self) -> None:
        """Declare the figures; they are shown from the first look on."""
        labels = ["institution", "status"]
        self._signals = _gauge("ctin_partner_signals", "Signals by what became of them", labels)
        self._seen = _gauge("ctin_partner_seen_seconds", "When it last was, in Unix time", labels)
        self._silent = _gauge("ctin_partners_silent", "Partners silent for twice their usual wait")
        self._flooding = _gauge("ctin_partners_flooding", "Partners beyond their quota")
        self._is_shown = False

    async def run(self, service: Service) -> None:
        """Look for ever."""
        assert isinstance(service.settings, Settings)
        if not self._is_shown:
            for one in (self._signals, self._seen, self._silent, self._flooding):
                service.metrics.registry.register(one)
            self._is_shown = True
        while True:
            await self._look(service, service.settings)
            await asyncio.sleep(WATCH_SECONDS)

    async def _look(self, service: Service, settings: Settings) -> None:
        async with service.write() as connection:
            await pace.tell_episodes(
                connection,
                silence_seconds=settings.silence_minutes_min * 60.0,
                calm_seconds=settings.flood_calm_seconds,
                now=ids.now(),
                new_id=ids.new_id,
            )
        async with service.read() as connection:
            figures, episodes = await reads.figures(connection, most=SERIES_MAX)
        for row in figures:
            self._signals.labels(row.institution, row.status).set(row.n)
            self._seen.labels(row.institution, row.status).set(row.last_at.timestamp())
        self._silent.set(episodes.silent)
        self._flooding.set(episodes.flooding)


def _gauge(name: str, told: str, labels: Sequence[str] = ()) -> Gauge:
    return Gauge(name, told, labels, registry=None)
