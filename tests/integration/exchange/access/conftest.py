"""An exchange beside a NATS server that includes what it writes, and partners' own keys."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import nats
import pytest
from joserfc.jwk import OKPKey
from nats.aio.client import Client
from nats.aio.msg import Msg

from contracts.envelope import Event, Fact
from contracts.events.members import AgreementSigned
from contracts.streams import SERVICES, sandbox_of, stream_of
from infra.devservers.nats import Nats
from infra.devservers.nats_nodes import NatsNodes
from infra.nats.render import Node, configuration, prepare_access
from services.chassis import ids, tokens
from services.chassis.consumer import Delivery
from services.chassis.service import Service
from services.chassis.streams import Received
from services.exchange.app import create_app
from services.exchange.consumers import MEMBERS
from services.exchange.model.access import SERVICES_FILE, USERS_FILE
from services.exchange.settings import Settings
from tests.conftest import NATS_NODES
from tests.integration.conftest import free_ports, new_seed, public_nkey, until
from tests.integration.members.conftest import PublishedKeys

COUNT = "fr.ctin.signals.exposure_count.v1"
UPDATED = "fr.ctin.diagnostics.area_updated.v1"


class Servers(NatsNodes):
    """One server, or a cluster of them, which tests make read their users again."""

    def start(self, config: str | None = None) -> None:
        """Start each with its own configuration, of which `config` is the first one's."""
        assert config in {None, self.configuration(1)}
        super().start()

    def reload(self, config: str) -> None:
        """Make each read its own configuration, of which `config` is the first one's."""
        assert config == self.configuration(1)
        super().reload()


class Observer:
    """Who sees everything that passes: a refused message is one that it never saw.

    The server tells a publisher of a refusal after the answer to its ping, or not at all when
    there are many; what passed before a later message of one connection was seen before it.
    """

    def __init__(self) -> None:
        self.client = Client()
        self._seen: dict[str, set[str]] = {}
        self._ended: dict[str, asyncio.Event] = {}

    async def start(self, url: str, seed: str) -> None:
        """Begin to look."""
        self.client = await nats.connect(url, nkeys_seed_str=seed)
        await self.client.subscribe(">", cb=self._see)
        await self.client.flush()

    async def _see(self, message: Msg) -> None:
        mark, _, what = message.data.decode("utf-8", "replace").partition(" ")
        if what == "end" and mark in self._ended:
            self._ended[mark].set()
        elif mark in self._ended:
            self._seen[mark].add(message.subject)

    async def allowed(self, client: Client, subjects: list[str], *, last: str) -> set[str]:
        """Return which subjects a connection may publish to; `last` is one that it may."""
        mark = uuid4().hex
        self._seen[mark], self._ended[mark] = set(), asyncio.Event()
        while not self.client.is_connected:  # The server may have started again meanwhile.
            await asyncio.sleep(0.02)
        await self.client.flush()
        for subject in subjects:
            await client.publish(subject, f"{mark} try".encode())
        await client.publish(last, f"{mark} end".encode())
        await client.flush()
        await asyncio.wait_for(self._ended[mark].wait(), 20)
        del self._ended[mark]
        return self._seen.pop(mark)


@dataclass
class Connected:
    """A partner's connection, and how often it was cut."""

    client: Client
    observer: Observer
    last: str
    cuts: list[str] = field(default_factory=list)

    async def may_publish(self, subject: str) -> bool:
        """Try one subject for real."""
        return subject in await self.observer.allowed(self.client, [subject], last=self.last)


@dataclass
class Edge:
    """A running exchange and the NATS server whose rights it keeps."""

    server: "Servers"
    folder: Path
    seeds: dict[str, str]
    service: Service
    http: httpx.AsyncClient
    signing_key: OKPKey
    observer: Observer = field(default_factory=Observer)

    def nats_configuration(self) -> str:
        """The text the first server starts from; the users are beside it."""
        return self.server.configuration(1)

    def configured(self, server: Nats, node: Node | None, streams: str) -> str:
        """The text a server starts from."""
        public = {name: public_nkey(seed) for name, seed in self.seeds.items()}
        folder = self.server.folder / "access"
        prepare_access(folder, {one: public[one] for one in SERVICES})
        for name in (SERVICES_FILE, USERS_FILE):  # One user more, who may do and see everything.
            text = (folder / name).read_text()
            seeing = f"{{ nkey: {public['observer']} }}"
            (folder / name).write_text(
                f"{text}{seeing}\n"
                if name == SERVICES_FILE
                else text.replace("[", f"[ {seeing},", 1)
            )
        return configuration(
            listen=f"127.0.0.1:{server.port}",
            monitor=f"127.0.0.1:{server.monitor_port}",
            store=streams,
            access=os.path.relpath(folder, server.folder),
            system=public["system"],
            node=node,
        )

    def bearer(
        self, role: str = "operator", coordination: str = "*", organization: str | None = None
    ) -> dict[str, str]:
        """The headers of a caller."""
        caller = tokens.Caller(
            sub=f"{role}@{coordination}",
            coordination=coordination,
            organization=organization,
            roles=[role],
        )
        token = tokens.mint(self.signing_key, caller, now=ids.now(), jti=str(uuid4()))
        return {"Authorization": f"Bearer {token}"}

    async def invite(self, institution: str, **asked: Any) -> dict[str, Any]:
        """Invite an institution as an operator does."""
        body = {"institution": institution, "name": "Institution (fictive)", **asked}
        answer = await self.http.post("/v1/invitations", json=body, headers=self.bearer())
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def register(self, institution: str, seed: str, **asked: Any) -> dict[str, Any]:
        """Bring an institution's system from an invitation to rights in force."""
        invited = await self.invite(institution)
        body = {"code": invited["code"], "nkeys": [public_nkey(seed)], "jwks": [new_jwk()], **asked}
        answer = await self.http.post("/v1/registrations", json=body)
        assert answer.status_code == 201, answer.text
        await self.applied(institution)
        return answer.json()

    async def access(self, institution: str, coordination: str | None = None) -> dict[str, Any]:
        """What the exchange says of an institution's rights."""
        asked = {"coordination": coordination or f"bac-a-sable-{institution}"}
        path = f"/v1/partners/{institution}/status"
        answer = await self.http.get(path, params=asked, headers=self.bearer())
        assert answer.status_code == 200, answer.text
        return answer.json()["access"]

    async def applied(self, institution: str) -> None:
        """Wait until the server applies the rights of now."""

        async def is_so() -> bool:
            return (await self.access(institution))["in_force"]

        await until(is_so)

    async def told(self, *facts: Fact) -> None:
        """Hand facts of the members to the handlers registered for them."""
        for fact in facts:
            event = Event(
                id=str(uuid4()),
                source="urn:ctin:service:members",
                type=fact.TYPE,
                time=ids.now(),
                data=msgspec.json.encode(fact),
            )
            message = Received("evt.members", event.data, {}, 1, 0, "", 0)
            async with self.service.write() as connection, connection.transaction():
                await MEMBERS.handlers[fact.TYPE](connection, [Delivery(event, message)])

    async def connect(self, institution: str, seed: str) -> Connected:
        """Connect as an institution's system, without coming back when it is cut."""
        last = f"in.{institution}.{sandbox_of(institution)}.exposure_count.v1"
        found = Connected(Client(), self.observer, last)

        async def cut() -> None:
            found.cuts.append("cut")

        try:
            await found.client.connect(
                self.server.servers[0].url,
                nkeys_seed_str=seed,
                inbox_prefix=f"_INBOX_{institution}",
                allow_reconnect=False,
                max_reconnect_attempts=0,
                connect_timeout=2,
                error_cb=_told,
                disconnected_cb=cut,
            )
        except BaseException:
            await found.client.close()
            raise
        return found


async def _told(_: Exception) -> None:
    """Let the server tell what it refuses: who observes knows."""


def new_jwk() -> dict[str, Any]:
    """The public part of a fresh key."""
    return dict(OKPKey.generate_key("Ed25519").as_dict(private=False))


def new_institution() -> str:
    """A slug that no other test knows."""
    return f"inst-{uuid4().hex[:12]}"


def signed(institution: str, coordination: str, **changed: Any) -> AgreementSigned:
    """An agreement in force, to send counts and to be told updates."""
    told = {
        "coordination": coordination,
        "agreement_id": uuid4(),
        "institution": institution,
        "reference": "Convention (fictif)",
        "purposes": ["shared_diagnostic"],
        "publishes": [COUNT],
        "receives": [UPDATED],
        "areas": ["_all"],
        "valid_from": date(2020, 1, 1),
        "valid_until": date(2100, 12, 31),
        **changed,
    }
    return AgreementSigned(**told)


def named(fact: AgreementSigned) -> dict[str, str | UUID]:
    """What the later facts of an agreement repeat of it."""
    return {
        "coordination": fact.coordination,
        "agreement_id": fact.agreement_id,
        "institution": fact.institution,
    }


async def open_edge(folder: Path, database_url: str) -> tuple[Edge, PublishedKeys]:
    """Start a NATS server and an exchange that keeps its rights."""
    seeds = {user: new_seed() for user in (*SERVICES, "system", "observer")}
    for user, seed in seeds.items():
        (folder / f"{user}.nk").write_text(seed)

    def configured(server: Nats, node: Node | None, streams: str) -> str:
        return edge.configured(server, node, streams)

    server = Servers(
        folder / "nats", free_ports(), configure=configured, key=lambda: seeds["system"]
    )
    server.folder.mkdir()
    signing_key = OKPKey.generate_key("Ed25519")
    keys = PublishedKeys()
    public = signing_key.as_dict(private=False)
    keys.document = json.loads(json.dumps({"keys": [{**public, "kid": signing_key.thumbprint()}]}))
    settings = Settings(
        port=1,
        database_url=database_url,
        nats_url=server.url,
        nats_monitor_url=server.monitor_url,
        nats_replicas=NATS_NODES,
        nats_seed_file=str(folder / "exchange.nk"),
        jwks_url=keys.url,
        access_folder=str(server.folder / "access"),
        system_seed_file=str(folder / "system.nk"),
    )
    app, service = create_app(settings)
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://echange.test")
    edge = Edge(server, folder, seeds, service, http, signing_key)
    server.start()
    # Of one server with partners: another learns a little later what is asked for here.
    await edge.observer.start(server.servers[0].url, seeds["observer"])
    for name in set(SERVICES) - {"exchange"}:  # What the other services would make.
        await edge.observer.client.jetstream().add_stream(
            name=stream_of(name),
            subjects=[f"evt.{name}.>", f"pub.{name}.>"],
            num_replicas=NATS_NODES,
        )
    await service.start()
    return edge, keys


async def close_edge(edge: Edge, keys: PublishedKeys) -> None:
    """Stop everything that `open_edge` started."""
    await edge.http.aclose()
    await edge.observer.client.close()
    await edge.service.stop()
    edge.server.stop()
    keys.close()


@pytest.fixture(scope="session")
async def edge(make_database, tmp_path_factory) -> AsyncIterator[Edge]:
    """One exchange for the tests that leave its server standing."""
    opened, keys = await open_edge(tmp_path_factory.mktemp("edge"), await make_database("exchange"))
    yield opened
    await close_edge(opened, keys)


@pytest.fixture
async def own_edge(make_database, tmp_path) -> AsyncIterator[Edge]:
    """An exchange and a server of this test alone, to be broken."""
    opened, keys = await open_edge(tmp_path, await make_database("exchange"))
    yield opened
    await close_edge(opened, keys)
