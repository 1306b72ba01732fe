"""The exchange as partners meet it: its own process's parts, a real NATS and PostgreSQL."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from joserfc.jwk import OKPKey

from contracts.envelope import Event, Fact
from contracts.events.members import AgreementSigned, CoordinationFounded, LicenceRecorded
from contracts.streams import subject_of
from services.chassis import ids, tokens
from services.chassis.relay import stream_config
from services.chassis.service import Service
from services.chassis.streams import Message, Streams
from services.exchange.app import create_app
from services.exchange.settings import Settings
from tests.conftest import NATS_NODES
from tests.integration.conftest import COORDINATION, Bus, MakeSettings, public_nkey, until
from tests.integration.members.conftest import PublishedKeys

AGREEMENT = UUID("019b76da-8000-7000-8a00-0000000000a1")
LICENCE = "cnaf-open-data"


@dataclass
class Edge:
    """A running exchange: its routes, its NATS, and its database."""

    bus: Bus
    app: Any
    service: Service
    http: httpx.AsyncClient
    key: OKPKey
    users: dict[str, Streams]

    def bearer(
        self, role: str = "operator", *, organization: str | None = None, home: str = "*"
    ) -> dict[str, str]:
        """Return the headers of a caller."""
        caller = tokens.Caller(
            sub=f"{role}:{organization or home}",
            coordination=home,
            organization=organization,
            roles=[role],
        )
        token = tokens.mint(self.key, caller, now=ids.now(), jti=str(uuid4()))
        return {"Authorization": f"Bearer {token}"}

    def system_of(self, institution: str) -> dict[str, str]:
        """Return the headers of an institution's own system."""
        return self.bearer("institution", organization=institution, home=COORDINATION)

    async def ask(self, path: str, *, verb: str = "GET", **options: Any) -> httpx.Response:
        """Ask as the operator unless headers say otherwise."""
        headers = options.pop("headers", None) or self.bearer()
        return await self.http.request(verb, path, headers=headers, **options)

    async def user(self, name: str) -> Streams:
        """Return a NATS connection of a service, an institution or `admin`."""
        if name not in self.users:
            self.users[name] = Streams(url=self.bus.url, seed=self.bus.seeds[name], name=name)
            await self.users[name].start()
            await self.users[name].connected()
        return self.users[name]

    async def tell(self, owner: str, *facts: Fact) -> list[str]:
        """Publish facts as the relay of their service would, and return their event ids."""
        streams = await self.user(owner)
        told = []
        for fact in facts:
            event = Event(
                id=str(uuid4()),
                source=f"urn:ctin:service:{owner}",
                type=fact.TYPE,
                time=ids.now(),
                data=msgspec.json.encode(fact),
                subject=fact.aggregate,
            )
            await streams.publish(Message(subject_of(fact), event.data, event.headers()))
            told.append(event.id)
        return told


def signed(institution: str = "caf-31", **changes: Any) -> AgreementSigned:
    """Return an agreement in force that lets counts through for two communes."""
    return AgreementSigned(
        **{
            "coordination": COORDINATION,
            "agreement_id": AGREEMENT,
            "institution": institution,
            "reference": "Convention (fictif)",
            "purposes": ["shared_diagnostic"],
            "publishes": ["fr.ctin.signals.exposure_count.v1"],
            "receives": ["fr.ctin.diagnostics.area_updated.v1"],
            "areas": ["32013", "32132"],
            "valid_from": date(2026, 1, 1),
            "valid_until": date(2099, 12, 31),
            **changes,
        }
    )


def exposure(**changes: Any) -> dict[str, Any]:
    """Return a count that caf-31 may send; None takes a field out."""
    told = {
        "signal_id": str(uuid4()),
        "revision": 1,
        "agreement": str(AGREEMENT),
        "purpose": "shared_diagnostic",
        "period": "2024",
        "area_kind": "commune",
        "area_code": "32013",
        "measure": "c2s",
        "unit": "insured_person",
        "count": 120,
        **changes,
    }
    return {name: value for name, value in told.items() if value is not None}


def attributes(institution: str = "caf-31", **changes: Any) -> dict[str, str]:
    """Return the attributes of a signal's event; None takes one out."""
    told = {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": f"urn:ctin:institution:{institution}",
        "type": "fr.ctin.signals.exposure_count.v1",
        "time": datetime(2026, 3, 1, 12, tzinfo=UTC).isoformat(),
        "datacontenttype": "application/json",
        **changes,
    }
    return {name: value for name, value in told.items() if value is not None}


def event_of(body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a structured CloudEvent of a signal."""
    return {**attributes(**changes), "data": body}


@pytest.fixture(scope="session")
def signing_key_of_edge() -> OKPKey:
    return OKPKey.generate_key("Ed25519")


@pytest.fixture(scope="session")
def keys_of_edge(signing_key_of_edge: OKPKey):
    server = PublishedKeys()
    public = signing_key_of_edge.as_dict(private=False)
    server.document = {"keys": [{**public, "kid": signing_key_of_edge.thumbprint()}]}
    yield server
    server.close()


OpenEdge = Callable[..., Awaitable[Edge]]


@pytest.fixture
async def open_edge(
    bus: Bus, make_settings: MakeSettings, keys_of_edge: PublishedKeys, signing_key_of_edge: OKPKey
) -> AsyncIterator[OpenEdge]:
    """Return a function that starts an exchange with given settings, partners admitted."""
    opened: list[Edge] = []

    async def start(**over: Any) -> Edge:
        settings = await make_settings("exchange", Settings, jwks_url=keys_of_edge.url, **over)
        app, service = create_app(settings)
        await service.start()
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://exchange.test", timeout=30
        )
        edge = Edge(bus, app, service, client, signing_key_of_edge, {})
        opened.append(edge)
        await _prepare(edge)
        return edge

    yield start
    for edge in opened:
        for user in edge.users.values():
            await user.stop()
        await edge.http.aclose()
        await edge.service.stop()


async def _prepare(edge: Edge) -> None:
    for owner in ("members", "diagnostics"):
        streams = await edge.user(owner)
        await streams.ensure_stream(stream_config(owner, replicas=NATS_NODES))
    for institution in ("caf-31", "la-poste"):
        key = public_nkey(edge.bus.seeds[institution])
        body = {"institution": institution, "name": institution, "nkeys": [key]}
        answer = await edge.ask("/v1/partners", verb="POST", json=body)
        assert answer.status_code == 200, answer.text
    await edge.tell(
        "members",
        CoordinationFounded(
            coordination=COORDINATION,
            name="Gers numérique (fictif)",
            level="EPCI",
            siren="243200409",
            communes=["32013", "32132"],
        ),
        signed(),
        LicenceRecorded(
            coordination=COORDINATION,
            licence=LICENCE,
            producer="CNAF (fictif)",
            label="CNAF (fictif)",
            text="Licence ouverte 2.0 (fictif)",
            threshold=5,
            institutions=["caf-31", "la-poste"],
        ),
    )

    async def is_known() -> bool:
        rows = await edge.service.pool.fetch("SELECT licence FROM licences")
        return bool(rows)

    await until(is_known)


@pytest.fixture
async def edge(open_edge: OpenEdge) -> Edge:
    """A running exchange with its usual settings."""
    return await open_edge()
