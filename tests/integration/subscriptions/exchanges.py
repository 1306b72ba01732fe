"""A running exchange, as tests of subscriptions meet it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import nats
import uvicorn
from joserfc.jwk import OKPKey

from contracts.envelope import Event
from contracts.events.members import AgreementEnded, AgreementSigned
from contracts.http.exchange import AdmitPartner
from infra.devservers.nats import free_port
from services.chassis import ids, tokens
from services.chassis.relay import stream_config
from services.exchange import commands
from services.exchange.app import create_app
from services.exchange.commands import access
from services.exchange.settings import Settings
from tests.conftest import NATS_NODES
from tests.integration.conftest import Bus, new_seed, public_nkey

UPDATED = "fr.ctin.diagnostics.area_updated.v1"


class Exchange:
    """A running exchange, seen by HTTP; `service` is for what other services would tell it."""

    def __init__(self, url: str, service: Any, admin: Any, bearer: Callable[..., dict[str, str]]):
        self.url, self.service, self.admin, self._bearer = url, service, admin, bearer
        self.client = httpx.AsyncClient(base_url=url, trust_env=False, timeout=20)

    def headers(self, institution: str, coordination: str = "*", role: str = "institution"):
        return self._bearer(role, coordination, institution)

    async def publish(self, coordination: str, area: str, n: int = 1, **data: Any) -> list[int]:
        """Publish updates of an area as the diagnostics' relay does; return their stream places."""
        found = []
        for number in range(n):
            event = Event(
                id=str(uuid4()),
                source="urn:ctin:service:diagnostics",
                type=UPDATED,
                time=datetime.now(UTC),
                data=msgspec.json.encode({"coordination": coordination, "n": number, **data}),
                subject=f"{coordination}/c{area}",
                sequence=str(number + 1),
            )
            subject = f"pub.diagnostics.{coordination}.c{area}.area_updated.v1"
            ack = await self.admin.jetstream().publish(
                subject, event.data, headers=event.headers(), timeout=15
            )
            found.append(ack.seq)
        return found

    async def sign(self, institution: str, coordination: str, **changes: Any) -> AgreementSigned:
        """Admit an institution and let an agreement be in force."""
        fact = AgreementSigned(
            **{
                "coordination": coordination,
                "agreement_id": uuid4(),
                "institution": institution,
                "reference": "Convention (fictif)",
                "purposes": ["shared_diagnostic"],
                "publishes": [],
                "receives": [UPDATED],
                "areas": ["_all"],
                "valid_from": date(2020, 1, 1),
                "valid_until": date(2099, 12, 31),
                **changes,
            }
        )
        key = public_nkey(new_seed())
        asked = AdmitPartner(institution=institution, name="Essai", nkeys=[key])
        async with self.service.write() as connection:
            await access.admit_partner(connection, asked, key_days=30, now=ids.now())
            await commands.open_agreement(connection, fact)
        await asyncio.sleep(0)
        return fact

    async def end(self, fact: AgreementSigned) -> None:
        told = AgreementEnded(
            coordination=fact.coordination,
            agreement_id=fact.agreement_id,
            institution=fact.institution,
            reason="Fin (fictif)",
        )
        async with self.service.write() as connection:
            await commands.close_agreement(connection, told)

    async def subscribe(self, institution: str, coordination: str, **asked: Any) -> dict[str, Any]:
        body = {
            "channel": "http",
            "coordinations": [coordination],
            "types": [UPDATED],
            "start": {"at": "beginning"},
            **asked,
        }
        answer = await self.client.post(
            "/v1/subscriptions", json=body, headers=self.headers(institution)
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def events(self, institution: str, feed: str, **asked: Any) -> list[dict[str, Any]]:
        answer = await self.client.get(
            f"/v1/feeds/{feed}/events", params=asked, headers=self.headers(institution)
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def look(self, institution: str, subscription: str) -> dict[str, Any]:
        answer = await self.client.get(
            f"/v1/subscriptions/{subscription}", headers=self.headers(institution)
        )
        assert answer.status_code == 200, answer.text
        return answer.json()


@asynccontextmanager
async def served(app: Any, port: int) -> AsyncIterator[None]:
    """Serve an application as its process does, in this loop."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_config=None, access_log=False, http="httptools"
    )
    config.timeout_graceful_shutdown = 1
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())  # Without its handlers of signals.
    while not server.started:
        assert not task.done(), task
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def open_exchange(
    bus: Bus, database_url: str, jwks_url: str, signing_key: OKPKey, folder: Path
) -> AsyncIterator[Exchange]:
    """Run an exchange on a server, with what its subscriptions need."""
    key = folder / "webhooks"
    key.write_text("not so secret, it is a test")
    settings = Settings(
        port=free_port(),
        database_url=database_url,
        nats_url=bus.url,
        nats_monitor_url=bus.monitor_url,
        nats_seed_file=bus.seed_file("exchange"),
        nats_replicas=NATS_NODES,
        jwks_url=jwks_url,
        webhook_key_file=str(key),
        webhooks_to_loopback=True,
        feeds_heartbeat_seconds=0.5,
    )

    def bearer(role: str, coordination: str, organization: str | None) -> dict[str, str]:
        caller = tokens.Caller(
            sub=f"{role}@{organization}",
            coordination=coordination,
            organization=organization,
            roles=[role],
        )
        token = tokens.mint(signing_key, caller, now=ids.now(), minutes=60, jti=str(uuid4()))
        return {"Authorization": f"Bearer {token}"}

    admin = await nats.connect(bus.url.split(","), nkeys_seed_str=bus.seeds["admin"])
    stream = stream_config("diagnostics", replicas=NATS_NODES)
    await admin.request(
        "$JS.API.STREAM.CREATE.EVT_DIAGNOSTICS", json.dumps(stream).encode(), timeout=15
    )
    app, service = create_app(settings)
    async with served(app, settings.port):
        service.feeds = app.dependencies["feeds"].dependency(service)
        running = Exchange(f"http://127.0.0.1:{settings.port}", service, admin, bearer)
        while True:  # The exchange makes PUB as it starts.
            found = await admin.request("$JS.API.STREAM.INFO.PUB", b"", timeout=15)
            if b'"error"' not in found.data:
                break
            await asyncio.sleep(0.01)
        yield running
        await running.client.aclose()
    await admin.close()
    await asyncio.sleep(0.05)  # Lets the loop close what was cut.
