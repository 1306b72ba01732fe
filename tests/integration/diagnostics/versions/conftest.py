"""The diagnostic as its callers meet it: real PostgreSQL, no NATS, facts handed to its consumers."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import msgspec
import pytest
from joserfc.jwk import OKPKey

from contracts.envelope import Event, Fact
from contracts.events.exchange import SignalReceived, SignalsReceived
from contracts.events.members import AgreementSigned, CoordinationFounded, LicenceRecorded
from contracts.events.signals import ExposureCount, ReportedNeed, ReporterKind, Unit
from contracts.values import AreaKind, TerritoryLevel
from services.chassis import ids, tokens
from services.chassis.consumer import Delivery
from services.chassis.service import Service
from services.chassis.streams import Received
from services.diagnostics import consumers
from services.diagnostics.app import create_app
from services.diagnostics.settings import Settings

SEED = "SUAAVWRZG6M5FA5VRRGWSCIHKTOJC7EWNIT4JV3FTOIPO4OBFR5WA7X5TE\n"
COMMUNES = ("31113", "31446", "31506")
OPEN, AGREED = "donnée publique (fictive)", "convention (fictive)"


@pytest.fixture(scope="session")
def signing_key() -> OKPKey:
    return OKPKey.generate_key("Ed25519")


@pytest.fixture(scope="session")
def settings_of(signing_key, tmp_path_factory):
    """Return a function that gives the settings of a service whose tokens can be checked."""
    public = {**signing_key.as_dict(private=False), "kid": signing_key.thumbprint()}
    body = json.dumps({"keys": [public]}).encode()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    seed = tmp_path_factory.mktemp("versions") / "seed"
    seed.write_text(SEED)

    def make(database_url: str) -> Settings:
        return Settings(
            port=1,
            database_url=database_url,
            nats_url="nats://127.0.0.1:1",  # Nobody answers: facts wait in the outbox.
            nats_monitor_url="http://127.0.0.1:1",
            nats_seed_file=str(seed),
            jwks_url=f"http://127.0.0.1:{server.server_port}/jwks",
        )

    yield make
    server.shutdown()
    server.server_close()
    thread.join()


class Running:
    """A running service and a client of it."""

    def __init__(self, service: Service, client: httpx.AsyncClient, url: str) -> None:
        self.service, self.client, self.url = service, client, url
        assert isinstance(service.settings, Settings)
        self.handlers = {
            kind: handler
            for source in consumers.sources(service.settings)
            for kind, handler in source.handlers.items()
        }


@pytest.fixture(scope="session")
async def running(settings_of, make_database) -> AsyncIterator[Running]:
    url = await make_database("diagnostics")
    app, service = create_app(settings_of(url))
    await service.start()
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://diagnostics.test", timeout=60
    ) as client:
        yield Running(service, client, url)
    await service.stop()
    await asyncio.sleep(0)


@pytest.fixture(scope="session")
def bearer(signing_key) -> Callable[..., dict[str, str]]:
    """Return a function that gives the headers of a caller."""

    def headers(
        role: str, coordination: str = "*", organization: str | None = None
    ) -> dict[str, str]:
        caller = tokens.Caller(
            sub=f"{role}@{coordination}",
            coordination=coordination,
            organization=organization,
            roles=[role],
        )
        token = tokens.mint(signing_key, caller, now=ids.now(), jti=str(uuid4()))
        return {"Authorization": f"Bearer {token}"}

    return headers


class World:
    """One coordination that no other test knows, its communes, and what it is told."""

    def __init__(self, running: Running, bearer) -> None:
        self.running, self.bearer = running, bearer
        self.coordination = f"c-{uuid4().hex[:12]}"
        self._seq = 0

    async def ask(
        self, path: str, *, role: str = "coordinator", verb: str = "GET", **options: Any
    ) -> httpx.Response:
        """Ask as a role of this coordination, of an organisation if one is given."""
        organization = options.pop("organization", None)
        headers = options.pop("headers", {})
        if role:
            headers = headers | self.bearer(role, self.coordination, organization)
        where = f"/v1/coordinations/{self.coordination}/{path}"
        return await self.running.client.request(verb, where, headers=headers, **options)

    async def get(self, path: str, **options: Any) -> Any:
        answer = await self.ask(path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def publish(self, title: str = "Diagnostic", **options: Any) -> dict[str, Any]:
        answer = await self.ask("diagnostics", verb="POST", json={"title": title}, **options)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def told(self, *facts: Fact) -> None:
        """Hand facts to the service's own consumers, each in a transaction."""
        for fact in facts:
            event = Event(
                id=str(uuid4()),
                source="urn:ctin:service:test",
                type=fact.TYPE,
                time=datetime(2026, 6, 1, tzinfo=UTC),
                data=msgspec.json.encode(fact),
            )
            message = Received("evt", event.data, {}, 1, 0, "", 0)
            async with self.running.service.write() as connection, connection.transaction():
                await self.running.handlers[fact.TYPE](connection, [Delivery(event, message)])

    async def founded(self, communes: tuple[str, ...] = COMMUNES) -> None:
        await self.told(
            CoordinationFounded(
                coordination=self.coordination,
                name="Coordination (fictive)",
                level=TerritoryLevel.EPCI,
                communes=list(communes),
            )
        )

    async def agreed(self, institution: str, **changed: Any) -> UUID:
        """Sign an agreement with an institution, in force unless `changed` says otherwise."""
        values: dict[str, Any] = {
            "coordination": self.coordination,
            "agreement_id": uuid4(),
            "institution": institution,
            "reference": AGREED,
            "purposes": ["shared_diagnostic"],
            "areas": ["_all"],
            "valid_from": date(2020, 1, 1),
            "valid_until": date(2099, 12, 31),
        }
        fact = AgreementSigned(**{**values, **changed})
        await self.told(fact)
        return fact.agreement_id

    async def opened(self, label: str = OPEN) -> None:
        """Record the licence of open data."""
        await self.told(
            LicenceRecorded(
                coordination=self.coordination,
                licence="lov2",
                producer="CNAF",
                label=label,
                text="Licence Ouverte 2.0",
                threshold=5,
                institutions=["caf-31"],
            )
        )

    async def counted(self, *counts: dict[str, Any]) -> None:
        """Send exposure counts: commune or IRIS, count, and what else differs."""
        await self.received([self.exposure(**one) for one in counts])

    async def met(self, *needs: dict[str, Any]) -> None:
        """Send reported needs: commune, count, and what else differs."""
        await self.received([self.need(**one) for one in needs])

    async def received(self, signals: list[SignalReceived]) -> None:
        for start in range(0, len(signals), 60):
            group = signals[start : start + 60]
            await self.told(
                SignalsReceived(coordination=self.coordination, institution="caf-31", signals=group)
            )

    def exposure(self, area: str, count: int | str, **more: Any) -> SignalReceived:
        label = more.pop("label", AGREED)
        values: dict[str, Any] = {
            "signal_id": uuid4(),
            "licence": "lov2",
            "purpose": "shared_diagnostic",
            "period": "2025",
            "area_kind": AreaKind.COMMUNE if len(area) == 5 else AreaKind.IRIS,
            "area_code": area,
            "measure": "rsa_socle",
            "unit": Unit.HOUSEHOLD,
            "count": count,
        }
        return self._received(label, exposure=ExposureCount(**{**values, **more}))

    def need(self, area: str, count: int, **more: Any) -> SignalReceived:
        values: dict[str, Any] = {
            "signal_id": uuid4(),
            "licence": "lov2",
            "purpose": "need_follow_up",
            "period": "2026-06",
            "area_kind": AreaKind.COMMUNE,
            "area_code": area,
            "reporter_kind": ReporterKind.TOWN_HALL,
            "problem": "online_procedure",
            "theme": "administrative_procedures",
            "public": "seniors",
            "unit": Unit.PERSON,
            "count": count,
        }
        return self._received(AGREED, need=ReportedNeed(**{**values, **more}))

    def _received(self, label: str, **signal: Any) -> SignalReceived:
        self._seq += 1
        return SignalReceived(
            coordination=self.coordination,
            receipt=uuid4(),
            ce_id=str(uuid4()),
            institution="caf-31",
            in_seq=self._seq,
            received_at=datetime(2026, 6, 1, tzinfo=UTC),
            threshold=5 if label == OPEN else 11,
            label=label,
            **signal,
        )


@pytest.fixture
async def world(running, bearer) -> World:
    """A founded coordination of three communes."""
    made = World(running, bearer)
    await made.founded()
    return made


@pytest.fixture
async def connection(running) -> AsyncIterator[asyncpg.Connection]:
    """A connection as a service has, of the service's own role."""
    opened = await asyncpg.connect(running.url)
    yield opened
    await opened.close()
