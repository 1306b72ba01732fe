"""A diagnostic and an exchange that run for real, on a stream that tests may purge."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from joserfc.jwk import OKPKey

from contracts.http.diagnostics import CommuneFacts, LoadCommunes, LoadIndicator, Observation
from contracts.streams import BELL, stream_of
from services.chassis import ids
from services.chassis.relay import stream_config
from services.chassis.service import Service
from services.diagnostics import commands
from services.diagnostics.app import create_app
from services.diagnostics.settings import Settings
from tests.conftest import NATS_NODES, MakeDatabase
from tests.integration.conftest import Bus, until
from tests.integration.subscriptions.exchanges import Exchange, open_exchange

HERE, THERE = "31113", "31446"


@dataclass
class World:
    """A diagnostic and an exchange on one server; `coordination` is one test's own."""

    bus: Bus
    exchange: Exchange
    diagnostics: Service
    client: httpx.AsyncClient
    coordination: str = ""

    async def found(self, coordination: str) -> None:
        """Begin a coordination of two communes."""
        self.coordination = coordination
        facts = [
            CommuneFacts(code=code, name=name, population=1000, longitude=1.5, latitude=43.5)
            for code, name in ((HERE, "Ici"), (THERE, "Là"))
        ]
        asked = LoadCommunes(source="Essai", vintage="2026", communes=facts)
        async with self.diagnostics.write() as connection, connection.transaction():
            await commands.cover_communes(connection, coordination, [HERE, THERE])
        async with self.diagnostics.write() as connection:
            await commands.load_communes(connection, coordination, asked, now=ids.now())

    async def freeze(self, title: str) -> dict[str, Any]:
        """Publish a version of the diagnostic as its coordinator does."""
        path = f"/v1/coordinations/{self.coordination}/diagnostics"
        headers = self.exchange.headers("coordination", self.coordination, "coordinator")
        answer = await self.client.post(path, json={"title": title}, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def observe(self, value: int, *, of: tuple[str, ...] = (HERE, THERE)) -> None:
        """Let an indicator of communes change, and their updates reach partners."""
        told = LoadIndicator(
            indicator="essai",
            label="Essai (fictif)",
            unit="%",
            source="Essai",
            licence="LO 2.0",
            vintage="2026",
            observations=[Observation(commune=one, value=str(value)) for one in of],
        )
        before = await self.last_seq()
        async with self.diagnostics.write() as connection:
            await commands.load_indicator(connection, self.coordination, told, now=ids.now())

        async def came():
            return await self.last_seq() >= before + len(of)

        await until(came, 60)

    async def state(self) -> dict[str, Any]:
        answer = await self.exchange.admin.request("$JS.API.STREAM.INFO.PUB", b"", timeout=15)
        return json.loads(answer.data)["state"]

    async def last_seq(self) -> int:
        return (await self.state())["last_seq"]

    async def purge(self) -> None:
        """Take all but the last message of the stream, as retention does.

        What the exchange has in memory of the stream's end goes too, as that of weeks ago would:
        the consumer it follows the end by is taken away.
        """
        body = json.dumps({"keep": 1}).encode()
        bell = f"PUB.{BELL}"
        for call, asked in (("STREAM.PURGE.PUB", body), (f"CONSUMER.DELETE.{bell}", b"")):
            answer = await self.exchange.admin.request(f"$JS.API.{call}", asked, timeout=15)
            assert b'"error"' not in answer.data
        first = (await self.state())["first_seq"]

        async def follows_again():
            info = await self.exchange.admin.request(f"$JS.API.CONSUMER.INFO.{bell}", b"")
            return json.loads(info.data).get("config", {}).get("opt_start_seq", 0) > first

        await until(follows_again, 60)

    async def events(
        self, names: tuple[str, str], feed: str, *, after: int = 0
    ) -> list[dict[str, Any]]:
        return await self.exchange.events(names[0], feed, after=after)

    async def acknowledge(self, names: tuple[str, str], feed: str, through: int) -> None:
        answer = await self.exchange.client.post(
            f"/v1/feeds/{feed}/ack",
            json={"through": through},
            headers=self.exchange.headers(names[0]),
        )
        assert answer.status_code == 200, answer.text


@asynccontextmanager
async def open_world(
    make_database: MakeDatabase, jwks_url: str, signing_key: OKPKey, folder: Path
) -> AsyncIterator[World]:
    """Run both services on a server of their own."""
    bus = Bus(folder / "nats")
    bus.start()
    url = await make_database("exchange")
    async with open_exchange(bus, url, jwks_url, signing_key, folder) as exchange:
        settings = Settings(
            port=1,
            database_url=await make_database("diagnostics"),
            nats_url=bus.url,
            nats_monitor_url=bus.monitor_url,
            nats_seed_file=bus.seed_file("diagnostics"),
            nats_replicas=NATS_NODES,
            jwks_url=jwks_url,
        )
        for service in ("members", "funding"):  # What others would make, to be followed.
            stream = json.dumps(stream_config(service, replicas=NATS_NODES)).encode()
            call = f"$JS.API.STREAM.CREATE.{stream_of(service)}"
            await exchange.admin.request(call, stream, timeout=15)
        app, diagnostics = create_app(settings)
        await diagnostics.start()
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://d.test") as client:
            yield World(bus, exchange, diagnostics, client)
        await diagnostics.stop()
    bus.server.stop()
