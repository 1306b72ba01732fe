"""A whole stack in one folder: servers, databases, services; ready when each says so."""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path

import asyncpg
import httpx
from joserfc.jwk import OKPKey

from contracts.streams import SERVICES, durables_of
from contracts.values import Role
from infra.cli.environment import Ports, of_service
from infra.cli.folder import DataFolder
from infra.cli.nats_server import nats_configuration
from infra.cli.operator_token import token
from infra.cli.supervisor import Process, Seen, Supervisor, spawn
from infra.devservers.nats import Nats
from infra.devservers.nats_nodes import NatsNodes
from infra.devservers.postgres import Postgres
from infra.devservers.spawning import CannotStart
from infra.nats.render import Node
from services.chassis import migrate, tls
from services.chassis.service import RENEWAL_SECONDS
from services.chassis.tokens import EVERY_COORDINATION

ROOT = Path(__file__).parents[2]
READY_SECONDS_MAX = 60.0
Say = Callable[[str], None]


class NotReady(RuntimeError):
    """A service did not become ready in time; the message says what it lacks."""


class Stack:
    """What `ctin up` runs, and what the tests run: the same entry points."""

    def __init__(self, folder: DataFolder, ports: Ports, *, say: Say) -> None:
        """Name what runs in a folder; nothing is started before `start`."""
        self.folder, self.ports, self._say = folder, ports, say
        self.postgres = Postgres(folder.postgres, say=say)
        self.nats = NatsNodes(
            folder.nats,
            ports.nats_nodes,
            configure=self.nats_configuration,
            key=lambda: folder.streams_key().read_text(encoding="utf-8"),
            host=ports.door.host,
            say=say,
        )
        self.supervisor = Supervisor(self.remember)

    def remember(self, seen: dict[str, Seen]) -> None:
        """Write what other commands are told of this stack."""
        self.folder.write(
            self.folder.processes,
            {
                "services": {name: self.ports.url(name) for name in SERVICES},
                "nats": self.ports.nats_url,
                "monitor": self.ports.monitor_url,
                "ca_file": self.ports.door.ca_file,
                "processes": {
                    name: {"pid": one.pid, "started_at": one.started_at, "restarts": one.restarts}
                    for name, one in seen.items()
                },
            },
        )

    def nats_configuration(self, server: Nats, node: Node | None, streams: str) -> str:
        """Return the configuration of a server, with the users that all of them share."""
        return nats_configuration(
            self.folder,
            self.ports,
            access=self.folder.access,
            beside=server.folder,
            store=Path(streams),
            at=(server.port, server.monitor_port),
            node=node,
        )

    async def start(self) -> None:
        """Start everything and return once every service is ready.

        Raises:
            NotReady: one is not, after a minute.
        """
        self.nats.refuse_other_number()
        servers = [Process("postgres", self.postgres.start, self.postgres.stop)]
        servers += self._nats_processes()
        added = await asyncio.gather(*map(self.supervisor.add, servers), return_exceptions=True)
        for fault in filter(None, added):
            raise fault  # Only now: what starts meanwhile would be left behind.
        await asyncio.to_thread(self.nats.wait_healthy)
        await asyncio.gather(*(self._prepare(name) for name in SERVICES))
        await asyncio.gather(*(self.supervisor.add(self._service(name)) for name in SERVICES))
        await self.wait_ready()
        await self._admit_portal()

    def _nats_processes(self) -> list[Process]:
        """Return the servers of NATS: `nats`, and in a cluster `nats-2`, `nats-3`."""

        def one(number: int, server: Nats) -> Process:
            name = "nats" if number == 1 else f"nats-{number}"
            return Process(name, lambda: server.start(self.nats.configuration(number)), server.stop)

        return [one(number, server) for number, server in enumerate(self.nats.servers, start=1)]

    async def _admit_portal(self) -> None:
        """Let the portal ask for its own tokens: it is a client of the members service."""
        key = OKPKey.import_key(json.loads(self.folder.signing_key("portal").read_text()))
        trust = self.ports.door.trust
        async with httpx.AsyncClient(timeout=10, trust_env=False, verify=trust) as client:
            answer = await client.put(
                f"{self.ports.url('members')}/v1/clients/portal",
                headers={"Authorization": f"Bearer {token(self.folder, Role.OPERATOR)}"},
                json={
                    "coordination": EVERY_COORDINATION,
                    "roles": [Role.SERVICE.value, Role.COORDINATOR.value],
                    "jwk": key.as_dict(private=False),
                },
            )
        if not answer.is_success:
            raise NotReady(f"Le portail n'est pas admis : {answer.text[:300]}")

    async def _prepare(self, service: str) -> None:
        password = self.folder.database_password(service).read_text()
        await self.postgres.ensure_service(service, password)
        connection = await asyncpg.connect(self.postgres.service_url(service), password=password)
        try:
            await migrate.migrate(connection, f"services.{service}")
        finally:
            await connection.close()

    def _service(self, name: str) -> Process:
        key = {"members": "tokens", "portal": "portal", "exchange": "webhooks"}.get(name)
        environment = of_service(
            name,
            self.ports,
            database_url=self.postgres.service_url(name),
            password_file=self.folder.database_password(name),
            seed_file=self.folder.nats_seed(name),
            key_file=self.folder.signing_key(key) if key else None,
            access_folder=self.folder.access,
            system_seed_file=self.folder.nats_seed("system"),
        )
        argv = [sys.executable, "-m", f"services.{name}", "serve"]
        log = self.folder.logs / f"{name}.log"
        return Process(name, lambda: spawn(argv, environment=environment, log=log, cwd=ROOT))

    async def wait_ready(self, seconds: float = READY_SECONDS_MAX) -> None:
        """Return once every service answers that it is ready."""
        lacks: dict[str, str] = {}
        try:
            async with (
                asyncio.timeout(seconds),
                httpx.AsyncClient(
                    timeout=3, trust_env=False, verify=self.ports.door.trust
                ) as client,
            ):
                await asyncio.gather(*(self._wait_one(client, one, lacks) for one in SERVICES))
        except TimeoutError:
            said = "; ".join(f"{name} : {lack}" for name, lack in sorted(lacks.items()))
            raise NotReady(f"La pile n'est pas prête : {said}.") from None

    async def _wait_one(
        self, client: httpx.AsyncClient, service: str, lacks: dict[str, str]
    ) -> None:
        while True:
            try:
                answer = await client.get(f"{self.ports.url(service)}/health/ready")
                if answer.is_success:
                    lacks.pop(service, None)
                    return
                lacks[service] = ", ".join(answer.json().get("missing", []))
            except (httpx.HTTPError, ValueError) as fault:
                lacks[service] = str(fault) or type(fault).__name__
            await asyncio.sleep(0.05)

    async def renew(self) -> None:
        """Have NATS show a renewed certificate, as services do by themselves; never returns."""
        door = self.ports.door
        if door.certificate is None:
            return
        shown = tls.Certificate(str(door.certificate), str(door.key))
        while True:
            await asyncio.sleep(RENEWAL_SECONDS)
            try:
                if await asyncio.to_thread(shown.refresh):
                    await asyncio.to_thread(self.nats.reload)
                    self._say("Le certificat renouvelé est montré.")
            except (CannotStart, OSError, tls.Unusable) as fault:
                self._say(f"Le certificat n'est pas renouvelé : {fault}.")

    def stop(self) -> None:
        """Stop everything this stack started."""
        self.supervisor.stop()

    def institution_document(self, institution: str, coordination: str) -> dict[str, object]:
        """Return what an institution's system needs to join, and write it beside its seed."""
        seed = self.folder.institution_seed(institution)
        document: dict[str, object] = {
            "institution": institution,
            "coordination": coordination,
            "nats_url": self.ports.nats_url,
            "nkey_seed_file": str(seed),
            "inbox_prefix": f"_INBOX_{institution}",
            "stream": "PUB",
            "durables": {name: durables_of(institution)[name] for name in ("answers", "updates")},
            "publish": f"in.{institution}.{coordination}.>",
        }
        if self.ports.door.ca_file:
            document["ca_file"] = self.ports.door.ca_file
        self.folder.write(seed.parent / "partner.json", document)
        return document
