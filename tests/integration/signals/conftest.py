"""The edge and the diagnostic as an institution meets them: real NATS, PostgreSQL and HTTP."""

import base64
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from joserfc.jwk import OKPKey

from contracts.envelope import Event, Fact
from contracts.events.members import (
    AgreementSigned,
    CoordinationFounded,
    LicenceRecorded,
    MemberConfirmed,
)
from contracts.streams import IN, PUB, SERVICES, intake_subject, subject_of
from contracts.values import College, TerritoryLevel
from services.chassis import ids, tokens
from services.chassis.relay import stream_config
from services.chassis.streams import Message, StreamRefusal, Streams
from services.diagnostics.app import create_app as create_diagnostics
from services.diagnostics.settings import Settings as DiagnosticsSettings
from services.exchange.app import create_app as create_exchange
from services.exchange.settings import Settings as ExchangeSettings
from tests.conftest import NATS_NODES
from tests.integration.conftest import INSTITUTIONS, Bus, new_seed, public_nkey, until
from tests.integration.members.conftest import PublishedKeys

COMMUNES = ("31113", "31446", "31506")
CAF, POST = INSTITUTIONS
OPEN_LICENCE = "cnaf-open-data"
KINDS = ("exposure_count", "reported_need")
Bearer = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def keys() -> Iterator[tuple[OKPKey, PublishedKeys]]:
    """The key that signs tokens, and the server where services read its public half."""
    key = OKPKey.generate_key("Ed25519")
    server = PublishedKeys()
    server.document = {"keys": [{**key.as_dict(private=False), "kid": key.thumbprint()}]}
    yield key, server
    server.close()


@pytest.fixture(scope="session")
def own_bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bus]:
    """One NATS for all the tests of this folder."""
    folder: Path = tmp_path_factory.mktemp("signals")
    made = Bus(folder / "nats")
    made.start()
    yield made
    made.server.stop()


class Exchange:
    """Both services, running; each test founds a coordination of its own."""

    def __init__(self, bus: Bus, key: OKPKey, admin: Streams, members: Streams) -> None:
        self.bus, self._key, self.admin, self._members = bus, key, admin, members
        self.exchange: httpx.AsyncClient
        self.diagnostics: httpx.AsyncClient
        self.services: dict[str, Any] = {}

    def bearer(self, role: str, coordination: str = "*", organization: str | None = None):
        """Return the headers of a caller."""
        caller = tokens.Caller(
            sub=f"{role}@{coordination}",
            coordination=coordination,
            organization=organization,
            roles=[role],
        )
        token = tokens.mint(self._key, caller, now=ids.now(), jti=str(uuid4()))
        return {"Authorization": f"Bearer {token}"}

    async def tell(self, *facts: Fact) -> None:
        """Publish facts as the members' relay does."""
        for fact in facts:
            event = Event(
                id=str(uuid4()),
                source="urn:ctin:service:members",
                type=fact.TYPE,
                time=datetime.now(UTC),
                data=msgspec.json.encode(fact),
                subject=fact.aggregate,
            )
            await self._members.publish(Message(subject_of(fact), event.data, event.headers()))

    async def found(self, communes: Sequence[str] = COMMUNES, **agreed: Any) -> "Territory":
        """Found a coordination where the CAF has an agreement and a licence of open data."""
        slug = f"c-{uuid4().hex[:12]}"
        place = Territory(self, slug)
        founded = CoordinationFounded(
            coordination=slug,
            name="CTIN d'essai",
            level=TerritoryLevel.EPCI,
            siren="243100633",
            communes=list(communes),
        )
        await self.tell(founded, place.agreement_of(CAF, place.agreement, **agreed))
        await self.tell(
            LicenceRecorded(
                coordination=slug,
                licence=OPEN_LICENCE,
                label="Donnée publique CNAF",
                producer="CNAF",
                text="Licence ouverte 2.0",
                threshold=5,
                institutions=[CAF],
            ),
            *(place.member(one) for one in ("ccas-labege", "mission-locale")),
        )
        await until(place.is_known)
        return place


class Territory:
    """A coordination, as its institution and its people use it."""

    def __init__(self, rig: Exchange, slug: str) -> None:
        self.rig, self.slug = rig, slug
        self.agreement = uuid4()
        self.base = f"/v1/coordinations/{slug}"

    def agreement_of(self, institution: str, agreement: UUID, **over: Any) -> AgreementSigned:
        """Return a signed sharing agreement of an institution here."""
        told = {
            "coordination": self.slug,
            "agreement_id": agreement,
            "institution": institution,
            "reference": "Convention FICTIF-1",
            "purposes": ["shared_diagnostic", "need_follow_up"],
            "publishes": [f"fr.ctin.signals.{one}.v1" for one in KINDS],
            "receives": ["fr.ctin.diagnostics.area_updated.v1"],
            "areas": ["_all"],
            "valid_from": date(2020, 1, 1),
            "valid_until": date(2040, 1, 1),
        }
        return AgreementSigned(**{**told, **over})

    def member(self, organization: str) -> MemberConfirmed:
        """Return the confirmation of an organisation's seat here."""
        return MemberConfirmed(
            coordination=self.slug,
            member_id=uuid4(),
            organization=organization,
            name=f"Organisme {organization} (fictif)",
            college=College.INSTITUTIONAL,
            effective_on=date(2026, 1, 1),
        )

    async def is_known(self) -> bool:
        """Tell whether both services know all that was told of it."""
        async with self.rig.services["exchange"].read() as connection:
            licensed = await connection.fetchval(
                "SELECT count(*) FROM licences WHERE coordination = $1", self.slug
            )
        async with self.rig.services["diagnostics"].read() as connection:
            members = await connection.fetchval(
                "SELECT count(*) FROM organizations WHERE coordination = $1", self.slug
            )
        return bool(licensed) and members == 2

    def signal(self, **changes: Any) -> dict[str, Any]:
        """Return a count that the CAF may send; None takes a field out."""
        told = {
            "type": "exposure_count",
            "signal_id": str(uuid4()),
            "revision": 1,
            "agreement": str(self.agreement),
            "purpose": "shared_diagnostic",
            "period": "2024",
            "area_kind": "commune",
            "area_code": "31113",
            "measure": "rsa_socle",
            "unit": "household",
            "count": 120,
            **changes,
        }
        return {name: value for name, value in told.items() if value is not None}

    def need(self, **changes: Any) -> dict[str, Any]:
        """Return a need that the CAF may report."""
        told = {
            "type": "reported_need",
            "measure": None,
            "count": 3,
            "unit": "person",
            "purpose": "need_follow_up",
            "reporter_kind": "ccas",
            "problem": "access_rights",
            "theme": "daily_tools",
            "public": "families",
            **changes,
        }
        return self.signal(**told)

    def withdrawal(self, of: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Return what takes a signal back."""
        told = {
            "type": "signal_withdrawn",
            "signal_id": of["signal_id"],
            "revision": of.get("revision", 1),
            "agreement": of.get("agreement"),
            "licence": of.get("licence"),
            "purpose": "shared_diagnostic",
            "withdraws": of["type"],
            **changes,
        }
        return {name: value for name, value in told.items() if value is not None}

    def event(self, told: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Return a signal as a CloudEvent in structured mode."""
        kind = told.get("type", "exposure_count")
        return {
            "specversion": "1.0",
            "id": str(uuid4()),
            "source": f"urn:ctin:institution:{CAF}",
            "type": f"fr.ctin.signals.{kind}.v1",
            "time": "2026-03-01T12:00:00Z",
            "data": {name: value for name, value in told.items() if name != "type"},
            **changes,
        }

    async def publish(self, told: dict[str, Any], **over: Any) -> int:
        """Publish a signal on NATS and return its place in `IN`."""
        event = self.event(told)
        headers = {
            f"ce-{name}": str(value) for name, value in event.items() if name != "data"
        } | over.get("headers", {})
        headers = {name: value for name, value in headers.items() if value is not None}
        subject = over.get("subject") or intake_subject(CAF, self.slug, event["type"])
        body = over.get("body", json.dumps(event["data"]).encode())
        return await self.rig.admin.publish(Message(subject, body, headers))

    async def send(self, *told: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
        """Send signals over HTTP and return the item of each."""
        answer = await self.rig.exchange.post(
            "/v1/signals",
            json=[one if "specversion" in one else self.event(one) for one in told],
            headers={
                **self.rig.bearer("institution", self.slug, options.get("organization", CAF)),
                "Content-Type": "application/cloudevents-batch+json",
            },
        )
        assert answer.status_code == 202, answer.text
        return answer.json()["items"]

    async def answers(self) -> dict[int, dict[str, Any]]:
        """Return the answers to the CAF here, by place in `IN`."""
        found: dict[int, dict[str, Any]] = {}
        for told in await self.told(f"out.{CAF}.{self.slug}.>"):
            for one in told.get("answers", [told]):
                if "in_seq" in one:
                    found[one["in_seq"]] = one
        return found

    async def told(self, subjects: str) -> list[dict[str, Any]]:
        """Return the data of every message of `PUB` under subjects, in order."""
        found, seq = [], 1
        while True:
            asked = {"seq": seq, "next_by_subj": subjects}
            try:
                answer = await self.rig.admin.api(f"STREAM.MSG.GET.{PUB}", asked)
            except StreamRefusal:
                return found
            message = answer["message"]
            found.append(json.loads(base64.b64decode(message["data"])))
            seq = message["seq"] + 1

    async def answered(self, in_seq: int) -> dict[str, Any]:
        """Wait for the answer to one message."""

        async def there() -> dict[str, Any] | None:
            return (await self.answers()).get(in_seq)

        return await until(there)

    async def state(self, signal_id: str) -> dict[str, Any]:
        """Wait until a signal sent over HTTP is decided, and return how."""

        async def decided() -> dict[str, Any] | None:
            answer = await self.rig.exchange.get(
                f"{self.base}/signals/{signal_id}",
                headers=self.rig.bearer("institution", self.slug, CAF),
            )
            told = answer.json()
            return told if answer.status_code == 200 and told["status"] != "kept" else None

        return await until(decided)

    async def deliver(self, way: str, told: dict[str, Any]) -> dict[str, Any]:
        """Bring one signal by NATS or HTTP and return what was decided: code and detail."""
        if way == "nats":
            return await self.answered(await self.publish(told))
        (item,) = await self.send(told)
        if item["status"] == "refused":
            return item
        receipts = await self.receipts(told["signal_id"])
        return await until(lambda: self._decided(told["signal_id"], receipts))

    async def receipts(self, signal_id: str) -> int:
        """Return how many receipts there are of a signal."""
        async with self.rig.services["exchange"].read() as connection:
            return await connection.fetchval(
                "SELECT count(*) FROM receipts WHERE coordination = $1 AND signal_id = $2",
                self.slug,
                UUID(signal_id),
            )

    async def _decided(self, signal_id: str, receipts: int) -> dict[str, Any] | None:
        async with self.rig.services["exchange"].read() as connection:
            rows = await connection.fetch(
                "SELECT status, code, field, detail FROM receipts"
                " WHERE coordination = $1 AND signal_id = $2 ORDER BY receipt DESC",
                self.slug,
                UUID(signal_id),
            )
        latest = dict(rows[0])
        assert len(rows) == receipts
        return latest if latest["status"] != "kept" else None

    async def get(self, path: str, role: str = "coordinator", **options: Any) -> httpx.Response:
        """Ask the diagnostic."""
        headers = self.rig.bearer(role, self.slug, options.pop("organization", None))
        return await self.rig.diagnostics.get(f"{self.base}{path}", headers=headers, **options)

    async def post(
        self, path: str, body: object, role: str = "coordinator", **options: Any
    ) -> httpx.Response:
        """Ask the diagnostic to change something."""
        headers = self.rig.bearer(role, self.slug, options.pop("organization", None))
        return await self.rig.diagnostics.post(f"{self.base}{path}", json=body, headers=headers)

    async def area(self, code: str = "31113", role: str = "coordinator") -> dict[str, Any]:
        """Return a commune."""
        answer = await self.get(f"/areas/{code}", role)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def reading(self, code: str = "31113", measure: str = "rsa_socle") -> list[str]:
        """Return how a measure reads in a commune, for each of its series."""
        area = await self.area(code)
        return [one["reading"] for one in area["exposures"] if one["measure"] == measure]

    async def updates(self, code: str = "31113") -> list[dict[str, Any]]:
        """Return the updates that partners were told of a commune."""
        return await self.told(f"pub.diagnostics.{self.slug}.c{code}.area_updated.v1")


@pytest.fixture(scope="session")
async def rig(own_bus, keys, make_database) -> AsyncIterator[Exchange]:
    """The exchange and the diagnostic on one bus, a partner admitted."""
    key, published = keys
    clients = []
    for user in ("admin", "members"):
        client = Streams(url=own_bus.url, seed=own_bus.seeds[user], name=user)
        await client.start()
        await client.connected()
        clients.append(client)
    made = Exchange(own_bus, key, *clients)
    for name in SERVICES:  # Before the stream that takes from them, which else waits to look again.
        await clients[0].ensure_stream(stream_config(name, replicas=NATS_NODES))
    started = []
    for name, kind, create in (
        ("exchange", ExchangeSettings, create_exchange),
        ("diagnostics", DiagnosticsSettings, create_diagnostics),
    ):
        settings = kind(
            port=1,
            database_url=await make_database(name),
            nats_url=own_bus.url,
            nats_monitor_url=own_bus.monitor_url,
            nats_seed_file=own_bus.seed_file(name),
            nats_replicas=NATS_NODES,
            jwks_url=published.url,
        )
        app, service = create(settings)
        await service.start()
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        setattr(made, name, httpx.AsyncClient(transport=transport, base_url=f"http://{name}.test"))
        made.services[name] = service
        started.append(service)
    answer = await made.exchange.post(
        "/v1/partners",
        json={"institution": CAF, "name": "CAF (fictif)", "nkeys": [public_nkey(new_seed())]},
        headers=made.bearer("operator"),
    )
    assert answer.status_code == 200, answer.text
    await until(lambda: _exists(made.admin, IN))
    yield made
    for service in started:
        await service.stop()
    await made.exchange.aclose()
    await made.diagnostics.aclose()
    for client in clients:
        await client.stop()


async def _exists(client: Streams, stream: str) -> bool:
    try:
        await client.api(f"STREAM.INFO.{stream}")
    except StreamRefusal:
        return False
    return True


@pytest.fixture
async def territory(rig: Exchange) -> Territory:
    """A coordination that no other test knows."""
    return await rig.found()
