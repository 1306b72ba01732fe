"""One running service: its pool, its streams, its relay, its consumers, and what it lacks now."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

import httpx
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from contracts import transport
from contracts.http.upkeep import Reconciled
from services.chassis import database, migrate, tls
from services.chassis.consumer import Consumer, Source
from services.chassis.database import SQL, Connection, Pool
from services.chassis.log import logger
from services.chassis.reconcile import reconcile
from services.chassis.relay import Relay
from services.chassis.settings import ServiceSettings, secret
from services.chassis.streams import Streams

Write = Callable[[], AbstractAsyncContextManager[Connection]]
Job = Callable[["Service"], Awaitable[None]]
PROOF_SECONDS = 1.0
RENEWAL_SECONDS = 2.0
"""How often the files of the certificate are looked at."""
ACQUIRE_SECONDS_MAX = 5.0
"""How long a request waits for a connection before it is told to come back."""
STOP_SECONDS_MAX = 3.0


class Metrics:
    """What `/metrics` shows; its own registry, so that several services fit in one process."""

    def __init__(self) -> None:
        """Declare the figures."""
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "ctin_http_requests", "Requests", ["route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "ctin_http_seconds", "Seconds per request", ["route"], registry=self.registry
        )
        self.consumed = Gauge(
            "ctin_events_consumed", "Events", ["consumer"], registry=self.registry
        )
        self.lag = Gauge("ctin_events_lag", "Events behind", ["consumer"], registry=self.registry)
        self.parked = Gauge("ctin_events_parked", "Events set aside", registry=self.registry)
        self.published = Gauge("ctin_facts_published", "Facts", registry=self.registry)
        self.waiting = Gauge("ctin_facts_waiting", "Facts not yet out", registry=self.registry)


class Service:
    """Holds what a service's rooms are given; started and stopped with the application."""

    def __init__(
        self,
        name: str,
        settings: ServiceSettings,
        *,
        sources: Sequence[Source] = (),
        jobs: Sequence[Job] = (),
        answers: bool = False,
        held_max: int = 0,
    ) -> None:
        """Put the parts together; nothing is opened before `start`.

        `held_max`: requests that may stay open, beside those that are answered at once.
        """
        self.held_max = held_max
        self.name, self.settings = name, settings
        self.metrics = Metrics()
        self.certificate: tls.Certificate | None = None
        if settings.tls_certificate_file and settings.tls_key_file:
            self.certificate = tls.Certificate(settings.tls_certificate_file, settings.tls_key_file)
        self.streams = Streams(
            url=settings.nats_url,
            seed=secret(settings.nats_seed_file) or "",
            name=name,
            ca_file=settings.tls_ca_file,
        )
        self.relays = [
            Relay(name, settings, self.streams, answers=one)
            for one in ([False, True][: 1 + answers])
        ]
        self.consumers = [
            (one.by or Consumer)(
                name, one, streams=self.streams, write=self.write, replicas=settings.nats_replicas
            )
            for one in sources
        ]
        self._jobs = jobs
        self._tasks: list[asyncio.Task[None]] = []
        self._pool: Pool | None = None
        self.changed = asyncio.Event()
        """Set after each write, for jobs that follow the service's own changes."""
        self._changes: list[asyncio.Event] = [self.changed]
        self.lacks: dict[str, str] = {}
        """What jobs find missing, a French phrase each, by a name of their own."""
        self._round = asyncio.Lock()
        self._unsafe: str | None = "la durabilité n'est pas encore prouvée"

    @property
    def pool(self) -> Pool:
        """The pool; the service is started."""
        assert self._pool is not None, "the service is not started"
        return self._pool

    async def start(self) -> None:
        """Open what can be opened and begin to work; what is away is waited for."""
        self._pool = await database.open_pool(self.settings, name=self.name)
        await self.streams.start()
        self._spawn(self._prove, "proof")
        self._spawn(self._reconcile_by_the_clock, "reconciler")
        if self.certificate:
            self._spawn(partial(self._renew, self.certificate), "certificate")
        for relay in self.relays:
            self._spawn(relay.run, "relay")
        for consumer in self.consumers:
            self._spawn(consumer.run, consumer.name)
        for job in self._jobs:
            self._spawn(partial(job, self), getattr(job, "__name__", "job"))

    async def stop(self) -> None:
        """Stop working, then close; a query that PostgreSQL is slow to give up is cut off."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS_MAX)
        await self.streams.stop()
        if self._pool:
            self._pool.terminate()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _spawn(self, work: Callable[[], Awaitable[None]], name: str) -> None:
        self._tasks.append(asyncio.create_task(_dutiful(work, name), name=name))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        """Give a connection for questions."""
        async with self.pool.acquire(timeout=ACQUIRE_SECONDS_MAX) as connection:
            yield connection  # type: ignore[misc]  # The proxy stands for its connection.

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Connection]:
        """Give a connection for a change, then wake the relay: its facts are committed."""
        async with self.pool.acquire(timeout=ACQUIRE_SECONDS_MAX) as connection:
            yield connection  # type: ignore[misc]
        for relay in self.relays:
            relay.poke()
        for change in self._changes:
            change.set()

    def changes(self) -> asyncio.Event:
        """Return an event of one job alone, set after each write; the job clears it."""
        self._changes.append(asyncio.Event())
        return self._changes[-1]

    async def reconcile(self) -> list[Reconciled]:
        """Compare this service's streams with its table, one round at a time."""
        async with self._round, self.read() as connection:
            return [
                await reconcile(self.name, relay, connection, self.streams) for relay in self.relays
            ]

    async def _reconcile_by_the_clock(self) -> None:
        while True:
            await asyncio.sleep(self.settings.reconcile_hours * 3600)
            await self.reconcile()

    async def _renew(self, shown: tls.Certificate) -> None:
        """Show a renewed certificate to who connects from now on."""
        while True:
            await asyncio.sleep(RENEWAL_SECONDS)
            try:
                if await asyncio.to_thread(shown.refresh):
                    logger().info("certificate_renewed")
            except tls.Unusable as fault:
                logger().error("certificate_refused", fault=str(fault))

    async def _prove(self) -> None:
        """Ask both servers whether what they acknowledge survives a power cut, until both do."""
        while True:
            self._unsafe = await self._found_unsafe()
            await asyncio.sleep(PROOF_SECONDS if self._unsafe else 30 * PROOF_SECONDS)

    async def _found_unsafe(self) -> str | None:
        try:
            async with self.pool.acquire() as connection:
                unsafe = await database.unsafe_setting(connection)  # type: ignore[arg-type]
                steps = await migrate.missing(connection, f"services.{self.name}")  # type: ignore[arg-type]
        except database.TROUBLE:
            return "PostgreSQL ne répond pas"
        if unsafe or steps:
            return unsafe or f"la base attend {len(steps)} étape(s) : lancez « migrate »"
        trust = transport.trusting(self.settings.tls_ca_file)
        asked = self.settings.nats_monitor_url.split(",")
        found = await asyncio.gather(*(_varz(one, trust) for one in asked))
        told = [one for one in found if one is not None]
        if 2 * len(told) <= len(asked):  # Most of a cluster must be there for it to keep anything.
            return "le moniteur de NATS ne répond pas"
        replicas = self.settings.nats_replicas
        return next(
            filter(None, (unsafe_stream_server(one, replicas=replicas) for one in told)), None
        )

    async def missing(self) -> list[str]:
        """Return what keeps this service from its work now, one French phrase each."""
        found = [
            self._unsafe,
            *(r.trouble for r in self.relays),
            *(c.trouble for c in self.consumers),
            *self.lacks.values(),
        ]
        if not self.streams.is_up:
            reason = self.streams.untrusted
            found.append(f"on ne se fie pas à NATS : {reason}" if reason else "NATS ne répond pas")
        try:
            async with asyncio.timeout(2), self.read() as connection:
                self.metrics.waiting.set(await connection.fetchval(SQL["pending_count"]))
                self.metrics.parked.set(await connection.fetchval(SQL["parked_count"]))
        except database.TROUBLE:
            found.append("PostgreSQL ne répond pas")
        return list(dict.fromkeys(one for one in found if one))


async def _varz(url: str, trust: ssl.SSLContext) -> dict[str, object] | None:
    """Return what a server's monitor says of it, None when it is away."""
    try:
        async with httpx.AsyncClient(timeout=3, trust_env=False, verify=trust) as client:
            found: dict[str, object] = (await client.get(f"{url}/varz")).json()
    except (httpx.HTTPError, ValueError):
        return None
    return found


def unsafe_stream_server(varz: dict[str, object], *, replicas: int) -> str | None:
    """Return a sentence when the server could lose what it acknowledged, or None.

    One server alone must sync each message to disk; three or more keep each other's.
    """
    jetstream = varz.get("jetstream")
    config = jetstream.get("config", {}) if isinstance(jetstream, dict) else {}
    if not config:
        return "NATS n'a pas JetStream ; activez-le puis redémarrez."
    if replicas < 3 and not config.get("sync_always"):  # noqa: PLR2004
        return (
            "NATS n'est pas durable : sync_interval n'est pas « always » ; "
            "corrigez sa configuration puis redémarrez."
        )
    return None


async def _dutiful(work: Callable[[], Awaitable[None]], name: str) -> None:
    """Do a work for ever; one that fails says so and starts again."""
    while True:
        try:
            await work()
        except Exception as fault:  # noqa: BLE001  # Whatever it is, the others go on.
            level = logging.WARNING if database.is_away(fault) else logging.ERROR
            logger().log(level, "job_waits", job=name, exc_info=fault)
            await asyncio.sleep(PROOF_SECONDS)
