"""The funding service alone, as a process of its own on a PostgreSQL of its own, to be killed."""

import asyncio
import json
import os
import subprocess
import sys
import time
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
from joserfc.jwk import OKPKey

from contracts.events.members import AwardShare, FunderDecisionRecorded, OpinionAdopted
from contracts.events.roadmap import ActionCategory, ActionValidated
from infra.devservers.nats import free_port
from infra.devservers.postgres import Postgres
from services.chassis import ids, migrate, tokens
from services.funding import commands
from tests.conftest import ROOT

SEED = "SUAAVWRZG6M5FA5VRRGWSCIHKTOJC7EWNIT4JV3FTOIPO4OBFR5WA7X5TE\n"
SECONDS_MAX = 30.0
FUND = {
    "name": "Fonds d'essai",
    "funder": "region",
    "custody": "POOLED",
    "mode": "advance",
    "restriction": "none",
    "valid_from": "2026-01-01",
    "valid_until": "2028-12-31",
}
OPINION, DECISION = UUID(int=10), UUID(int=11)
DAY = "2026-05-18"
_NEEDED: dict[str, dict[str, Any]] = {
    "agree": {"agreement": "convention"},
    "earmark": {"purpose": "bus"},
    "release": {"purpose": "bus"},
    "award": {"action": "bus", "opinion": str(OPINION), "funder_decision": str(DECISION)},
    "withdraw_award": {"reason": "Report", "action": "bus", "opinion": str(OPINION)},
    "commit": {"action": "bus", "payee": "transporteur", "phase": "hold"},
    "liquidate": {"action": "bus", "payee": "transporteur", "proof": "FACTURE-1"},
    "receive": {"tranche": "acompte-1"},
    "claw_back": {"reason": "Trop-perçu"},
    "lapse": {"reason": "Caducité"},
    "carry_over": {"reason": "Report"},
}


def act(kind: str, cents: int | None = 1, **more: Any) -> dict[str, Any]:
    """Return an act with what its kind needs; None leaves a field out."""
    fund = None if kind in {"post", "void"} else "region"
    told = {
        "id": str(uuid4()),
        "kind": kind,
        "fund": fund,
        "amount_cents": cents,
        "effective_on": DAY,
        **_NEEDED.get(kind, {}),
        **more,
    }
    return {name: value for name, value in told.items() if value is not None}


class Keys:
    """The one document that the service checks tokens with, and tokens."""

    def __init__(self) -> None:
        self._key = OKPKey.generate_key("Ed25519")
        public = {**self._key.as_dict(private=False), "kid": self._key.thumbprint()}
        body = json.dumps({"keys": [public]}).encode()

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/jwks"

    def headers(self) -> dict[str, str]:
        """Return the headers of an operator, good for ten minutes."""
        caller = tokens.Caller(sub="operator", coordination="*", roles=["operator"])
        token = tokens.mint(self._key, caller, now=ids.now(), jti=str(uuid4()))
        return {"Authorization": f"Bearer {token}"}

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Rig:
    """A PostgreSQL and the service in their own processes; both may be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = Postgres(folder / "ledger-postgres", system_folder=folder / "system")
        self.port = free_port()
        self.keys = Keys()
        self.coordination = "banc"
        self._server: subprocess.Popen[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._log = folder / "funding.log"
        self._seed = folder / "funding.nkey"

    @property
    def database_url(self) -> str:
        """The address of the ledger's database, with its password."""
        return self.postgres.service_url("funding").replace("//funding@", "//funding:funding@")

    async def start(self) -> None:
        """Start both and write what acts cite."""
        self._seed.write_text(SEED)
        await asyncio.to_thread(self.start_postgres)
        await self.postgres.ensure_service("funding", "funding")
        connection = await asyncpg.connect(self.database_url)
        await migrate.migrate(connection, "services.funding")
        await connection.close()
        self.start_service()
        await self.until_live()
        await self.open_ledger(self.coordination)

    def start_postgres(self) -> None:
        """Start PostgreSQL, again after a kill."""
        self._server = self.postgres.start()

    def start_service(self) -> None:
        """Start the service, again after a kill."""
        told = {
            "PORT": str(self.port),
            "DATABASE_URL": self.database_url,
            "NATS_URL": "nats://127.0.0.1:1",  # Nobody answers: facts wait in the outbox.
            "NATS_MONITOR_URL": "http://127.0.0.1:1",
            "NATS_SEED_FILE": str(self._seed),
            "JWKS_URL": self.keys.url,
            "LOG_LEVEL": "warning",
        }
        environment = {**os.environ, **{f"FUNDING_{name}": value for name, value in told.items()}}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "services.funding", "serve"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )

    def kill_service(self) -> None:
        """Kill it as a power cut does."""
        _kill(self._process)

    def kill_postgres(self) -> None:
        """Kill it as a power cut does."""
        _kill(self._server)

    async def until_live(self) -> float:
        """Wait until the service answers, and return the seconds it took."""
        began = time.monotonic()
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
            while True:
                try:
                    answer = await client.get(f"http://127.0.0.1:{self.port}/health/live")
                except httpx.TransportError:
                    assert time.monotonic() - began < SECONDS_MAX, self._log.read_text()[-3000:]
                    await asyncio.sleep(0.02)
                    continue
                assert answer.status_code == 200
                return time.monotonic() - began

    async def stop(self) -> None:
        """End both."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            await asyncio.to_thread(self._process.wait, 15)
        await asyncio.to_thread(self.postgres.stop)
        self.keys.close()

    def path(self, path: str, coordination: str | None = None) -> str:
        """Return the path of something in a ledger."""
        return f"/v1/coordinations/{coordination or self.coordination}/{path}"

    async def ask(self, path: str, *, verb: str = "GET", **options: Any) -> httpx.Response:
        """Ask something of the ledger."""
        async with httpx.AsyncClient(trust_env=False, timeout=120) as client:
            answer = await client.request(
                verb,
                f"http://127.0.0.1:{self.port}{self.path(path)}",
                headers=self.keys.headers(),
                **options,
            )
        assert answer.status_code == 200, answer.text
        return answer

    async def save_journal(self) -> Path:
        """Write the journal to a file, as it comes."""
        saved = self.folder / f"{self.coordination}.ndjson"
        async with (
            httpx.AsyncClient(trust_env=False, timeout=600) as client,
            client.stream(
                "GET",
                f"http://127.0.0.1:{self.port}{self.path('journal')}",
                headers=self.keys.headers(),
            ) as answer,
        ):
            assert answer.status_code == 200
            with saved.open("wb") as file:
                async for part in answer.aiter_bytes():
                    file.write(part)
        return saved

    async def open_ledger(self, coordination: str) -> None:
        """Write a fund, an agreement, an action, an opinion and a decision: all that acts cite."""
        self.coordination = coordination
        funder = {"name": "Région", "level": "REGION", "legal_nature": "PUBLIC_PERSON"}
        agreement = {"fund": "region", "amount_cents": 10**12, "signed_on": "2026-03-06"}
        for path, body in (
            ("funders/region", funder),
            ("funds/region", FUND),
            ("funding-agreements/convention", agreement),
            ("payees/transporteur", {"name": "Transports du Lauragais (fictif)"}),
        ):
            await self.ask(path, verb="PUT", json=body)
        connection = await asyncpg.connect(self.database_url)
        await cite(connection, coordination)
        await connection.close()


async def cite(connection: Any, coordination: str) -> None:
    """Do what the facts of an action, an opinion and a decision do."""
    shares = [AwardShare(action="bus", fund="region", amount_cents=10**12)]
    await commands.open_action(
        connection,
        ActionValidated(
            coordination=coordination,
            action="bus",
            number=1,
            title="Un bus",
            category=ActionCategory.ASSIST,
            budget_cents=10**9,
            leads=["porteur"],
            decision="Décision 1",
            validated_on=date(2026, 2, 12),
        ),
    )
    await commands.keep_opinion(
        connection,
        OpinionAdopted(
            coordination=coordination,
            opinion_id=OPINION,
            title="Un avis",
            adopted_on=date(2026, 3, 19),
            awards=shares,
        ),
    )
    await commands.keep_decision(
        connection,
        FunderDecisionRecorded(
            coordination=coordination,
            decision_id=DECISION,
            funder="region",
            body="Commission permanente",
            reference="2026-01",
            decided_on=date(2026, 4, 17),
            enforceable_since=date(2026, 4, 24),
            awards=shares,
        ),
    )


def _kill(process: "subprocess.Popen[bytes] | None") -> None:
    assert process is not None, "it was started"
    process.kill()
    process.wait(timeout=15)
