"""The funding service as its callers meet it: real PostgreSQL, no NATS, tokens it can check."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from joserfc.jwk import OKPKey

from contracts.events.members import AwardShare, FunderDecisionRecorded, OpinionAdopted
from contracts.events.roadmap import ActionCategory, ActionValidated
from services.chassis import ids, tokens
from services.chassis.service import Service
from services.funding import commands
from services.funding.app import create_app
from services.funding.settings import Settings

DAY = "2026-05-18"
SEED = "SUAAVWRZG6M5FA5VRRGWSCIHKTOJC7EWNIT4JV3FTOIPO4OBFR5WA7X5TE\n"


@pytest.fixture(scope="session")
def signing_key() -> OKPKey:
    return OKPKey.generate_key("Ed25519")


@pytest.fixture(scope="session")
def jwks_url(signing_key):
    """The address of the one document that services check tokens with."""
    public = {**signing_key.as_dict(private=False), "kid": signing_key.thumbprint()}
    body = json.dumps({"keys": [public]}).encode()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/jwks"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def settings_of(jwks_url, tmp_path_factory) -> Callable[..., Settings]:
    seed = tmp_path_factory.mktemp("funding") / "seed"
    seed.write_text(SEED)

    def make(database_url: str, **changed: Any) -> Settings:
        values = {
            "port": 1,
            "database_url": database_url,
            "nats_url": "nats://127.0.0.1:1",  # Nobody answers: the ledger works all the same.
            "nats_monitor_url": "http://127.0.0.1:1",
            "nats_seed_file": str(seed),
            "jwks_url": jwks_url,
        }
        return Settings(**{**values, **changed})

    return make


@pytest.fixture(scope="session")
async def database_url(make_database: Callable[[str], Awaitable[str]]) -> str:
    return await make_database("funding")


class Running:
    """A running service and a client of it."""

    def __init__(self, service: Service, client: httpx.AsyncClient, lane: Any) -> None:
        self.service, self.client, self.lane = service, client, lane

    async def stop(self) -> None:
        """Stop as a server does, and let the loop close what was cut."""
        await self.client.aclose()
        await self.service.stop()
        await asyncio.sleep(0)


@pytest.fixture(scope="session")
def run_service(settings_of) -> Callable[..., Any]:
    """Return a function that starts the service on a database; the caller stops it."""

    async def start(database_url: str, **changed: Any) -> Running:
        app, service = create_app(settings_of(database_url, **changed))
        await service.start()  # What the lifespan does, in whichever task a fixture runs.
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://funding.test", timeout=60
        )
        provided = app.dependencies["lane"].dependency(service)
        return Running(service, client, provided)

    return start


@pytest.fixture
async def start_another(run_service) -> AsyncIterator[Callable[..., Any]]:
    """Return a function that starts one more service, stopped when the test ends."""
    started: list[Running] = []

    async def start(database_url: str, **changed: Any) -> Running:
        started.append(await run_service(database_url, **changed))
        return started[-1]

    yield start
    for one in started:
        await one.stop()


@pytest.fixture(scope="session")
async def running(run_service, database_url) -> AsyncIterator[Running]:
    started = await run_service(database_url)
    yield started
    await started.stop()


@pytest.fixture(scope="session")
async def pool(database_url) -> AsyncIterator[Any]:
    async with asyncpg.create_pool(database_url, min_size=0, max_size=4) as opened:
        yield opened


@pytest.fixture(scope="session")
def bearer(signing_key) -> Callable[..., dict[str, str]]:
    """Return a function that gives the headers of a caller."""

    def headers(role: str = "operator", coordination: str = "*") -> dict[str, str]:
        caller = tokens.Caller(
            sub=f"{role}@{coordination}", coordination=coordination, roles=[role]
        )
        token = tokens.mint(signing_key, caller, now=ids.now(), jti=str(uuid4()))
        return {"Authorization": f"Bearer {token}"}

    return headers


class World:
    """One coordination that no other test knows, with a fund that anything can happen to."""

    def __init__(self, running: Running, headers: dict[str, str]) -> None:
        self.running, self.headers = running, headers
        self.coordination = f"c-{uuid4().hex[:12]}"
        self.opinion, self.decision = uuid4(), uuid4()

    def address(self, path: str) -> str:
        return f"/v1/coordinations/{self.coordination}/{path}"

    async def put(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return await self.running.client.put(self.address(path), json=body, headers=self.headers)

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.running.client.get(
            self.address(path), params=params, headers=self.headers
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def send(self, acts: list[Any], **params: Any) -> list[dict[str, Any]]:
        answer = await self.running.client.post(
            self.address("transfers"), json=acts, params=params, headers=self.headers
        )
        assert answer.status_code == 200, answer.text
        assert len(answer.json()) == len(acts)
        return answer.json()

    async def do(self, kind: str, cents: int | None = 100, **more: Any) -> dict[str, Any]:
        """Send one act and return its answer."""
        return (await self.send([self.act(kind, cents, **more)]))[0]

    async def must(self, kind: str, cents: int | None = 100, **more: Any) -> str:
        """Do one act and return its id."""
        answer = await self.do(kind, cents, **more)
        assert answer["status"] == "posted", answer
        return answer["id"]

    def act(self, kind: str, cents: int | None = 100, **more: Any) -> dict[str, Any]:
        """Return an act with what its kind needs, unless `more` says otherwise; None leaves out."""
        needed = {
            "agree": {"agreement": "convention"},
            "earmark": {"purpose": "bus"},
            "release": {"purpose": "bus"},
            "award": {
                "action": "bus",
                "opinion": str(self.opinion),
                "funder_decision": str(self.decision),
            },
            "withdraw_award": {"reason": "Action reportée"},
            "commit": {"action": "bus", "payee": "transporteur", "phase": "hold"},
            "post": {"fund": None},
            "void": {"fund": None},
            "liquidate": {"action": "bus", "payee": "transporteur", "proof": "FACTURE-1"},
            "receive": {"tranche": "acompte-1"},
            "claw_back": {"reason": "Trop-perçu"},
            "lapse": {"reason": "Caducité"},
            "carry_over": {"reason": "Report"},
        }
        told = {
            "id": str(uuid4()),
            "kind": kind,
            "fund": "region",
            "amount_cents": cents,
            "effective_on": DAY,
            **needed.get(kind, {}),
            **more,
        }
        return {name: value for name, value in told.items() if value is not None}

    async def reach(self, stage: str, cents: int = 100) -> None:
        """Bring money to a stage, by every act before it."""
        for kind in ("pledge", "notify", "agree", "earmark", "award"):
            await self.must(kind, cents)
            if stage == {"pledge": "promised", "notify": "notified", "agree": "available"}.get(
                kind, {"earmark": "earmarked", "award": "awarded"}.get(kind)
            ):
                return
        hold = await self.must("commit", cents)
        await self.must("post", None, pending_id=hold)
        for kind, reached in (
            ("liquidate", "liquidated"),
            ("mandate", "mandated"),
            ("receive", ""),
            ("pay", "paid"),
        ):
            if stage == "committed":
                return
            await self.must(kind, cents)
            if stage == reached:
                return

    async def stages(self) -> dict[str, int]:
        """Return the stages that hold something."""
        found = (await self.get("pool"))["stages"]
        return {stage: cents for stage, cents in found.items() if cents}

    async def acts_of_kind(self, kind: str) -> list[str]:
        """Return the ids of the acts of a kind, oldest first."""
        lines = (json.loads(line) for line in (await self.journal()).splitlines())
        return [one["id"] for one in lines if one.get("kind") == kind]

    async def journal(self) -> bytes:
        answer = await self.running.client.get(self.address("journal"), headers=self.headers)
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        return answer.content


FUND = {
    "name": "Fonds d'essai",
    "funder": "region-occitanie",
    "custody": "POOLED",
    "mode": "advance",
    "restriction": "none",
    "valid_from": "2026-01-01",
    "valid_until": "2028-12-31",
}


async def open_action(pool: Any, coordination: str, action: str, cents: int = 10**7) -> None:
    """Do what the fact of a validated action does here."""
    fact = ActionValidated(
        coordination=coordination,
        action=action,
        number=1,
        title="Une action",
        category=ActionCategory.ASSIST,
        budget_cents=cents,
        leads=["porteur"],
        decision="Décision 1",
        validated_on=date(2026, 2, 12),
    )
    async with pool.acquire() as connection:
        await commands.open_action(connection, fact)


async def decide(
    pool: Any,
    coordination: str,
    *,
    opinion: UUID,
    decision: UUID,
    voted: dict[str, int],
    decided: dict[str, int] | None = None,
    funder: str = "region-occitanie",
    action: str = "bus",
    enforceable: date = date(2026, 4, 24),
) -> None:
    """Do what the facts of an opinion and of a funder's decision do here; amounts by fund."""
    shares = [
        [AwardShare(action=action, fund=fund, amount_cents=cents) for fund, cents in of.items()]
        for of in (voted, voted if decided is None else decided)
    ]
    adopted = OpinionAdopted(
        coordination=coordination,
        opinion_id=opinion,
        title="Un avis",
        adopted_on=date(2026, 3, 19),
        awards=shares[0],
    )
    recorded = FunderDecisionRecorded(
        coordination=coordination,
        decision_id=decision,
        funder=funder,
        body="Commission permanente",
        reference="2026-01",
        decided_on=date(2026, 4, 17),
        enforceable_since=enforceable,
        awards=shares[1],
    )
    async with pool.acquire() as connection:
        await commands.keep_opinion(connection, adopted)
        await commands.keep_decision(connection, recorded)


@pytest.fixture
def make_world(running, bearer, pool) -> Callable[..., Awaitable[World]]:
    async def make(to: Running = running, **changed: Any) -> World:
        world = World(to, bearer())
        funder = {"name": "Région", "level": "REGION", "legal_nature": "PUBLIC_PERSON"}
        agreement = {"fund": "region", "amount_cents": 10**9, "signed_on": "2026-03-06"}
        for path, body in (
            ("funders/region-occitanie", funder),
            ("funds/region", {**FUND, **changed}),
            ("funding-agreements/convention", agreement),
            ("payees/transporteur", {"name": "Transports du Lauragais (fictif)"}),
        ):
            answer = await world.put(path, body)
            assert answer.status_code == 200, answer.text
        connections = to.service.pool
        await open_action(connections, world.coordination, "bus")
        await decide(
            connections,
            world.coordination,
            opinion=world.opinion,
            decision=world.decision,
            voted={"region": 10**9},
        )
        return world

    return make


@pytest.fixture
async def world(make_world) -> World:
    return await make_world()
