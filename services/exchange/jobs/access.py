"""Keep the NATS servers at the rights of today, and tell the tokens' service which keys open what.

The exchange writes the users of the server in a folder that the server's configuration includes,
and asks each server to read it again: nobody else is disconnected, who lost a key is.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from services.chassis import ids
from services.chassis.log import logger
from services.chassis.service import Service
from services.chassis.settings import secret
from services.chassis.streams import AWAY, RETRY_SECONDS, Streams
from services.exchange.commands import access as commands
from services.exchange.model import access
from services.exchange.model.access import Entry
from services.exchange.reads import access as reads
from services.exchange.settings import Settings

LOOK_SECONDS = 5.0
"""An agreement's last day passes without an event: the rights are looked at this often."""
BURST_SECONDS = 0.2
ANSWER_SECONDS_MAX = 2.0
CONNECTIONS_MAX = 4096
LACK = "access"


class NotApplied(RuntimeError):
    """A server still runs older rights; the message is the French phrase of the readiness."""


class Servers:
    """The NATS servers, as the system account sees them, and which rights each took up."""

    def __init__(self, settings: Settings) -> None:
        """Keep how to reach them; nothing is opened before `start`."""
        seed = secret(settings.system_seed_file) or ""
        self.system = Streams(
            url=settings.nats_url,
            seed=seed,
            name=access.SYSTEM_USER,
            ca_file=settings.tls_ca_file,
        )
        self._expected = settings.nats_replicas
        self._applied: dict[str, str] = {}

    async def apply(self, users: str) -> bool:
        """Make every server take up the users of the folder; return whether one had to.

        A node of a cluster that is away keeps nobody else from its rights: where most of them are,
        it can neither take a signal nor give an event, and it is told when it is back.

        Raises:
            NotApplied: one refuses, or most do not answer.
        """
        found = await self._ask("PING", self._expected)
        late = [one for one in found if self._applied.get(one) != users]
        for server in late:
            answers = await self._ask(f"{server}.RELOAD", 1)
            refused = answers.get(server, {"error": {"description": "aucune réponse"}}).get("error")
            if refused:
                logger().error("rights_refused", server=server, fault=refused.get("description"))
                raise NotApplied("NATS garde d'anciens droits : il refuse les nouveaux")
            self._applied[server] = users
        if 2 * len(found) <= self._expected:
            raise NotApplied("NATS : un serveur ne répond pas, ses droits sont peut-être anciens")
        if len(found) < self._expected:
            logger().warning("servers_away", there=len(found), expected=self._expected)
        self._applied = dict.fromkeys(found, users)
        return bool(late)

    async def users(self) -> set[str]:
        """Return the public keys of those connected now."""
        found: set[str] = set()
        for server in self._applied:
            asked = {"auth": True, "limit": CONNECTIONS_MAX}
            for answer in (await self._ask(f"{server}.CONNZ", 1, asked)).values():
                connections = (answer.get("data") or {}).get("connections") or []
                found |= {one.get("authorized_user") or one.get("nkey", "") for one in connections}
        return found

    async def _ask(
        self, what: str, answers: int, asked: Mapping[str, object] | None = None
    ) -> dict[str, dict[str, Any]]:
        """Return what servers answer, by their id: at least `answers`, or all those of a while."""
        client = self.system.client()
        inbox = client.new_inbox()
        subscription = await client.subscribe(inbox)
        found: dict[str, dict[str, Any]] = {}
        body = msgspec.json.encode(asked) if asked else b""
        try:
            await client.publish(f"$SYS.REQ.SERVER.{what}", body, reply=inbox)
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                while len(found) < answers:
                    message = await subscription.next_msg(ANSWER_SECONDS_MAX)
                    told = msgspec.json.decode(message.data)
                    found[told["server"]["id"]] = told
        except TimeoutError:
            pass  # Some are away: who asks counts the answers.
        finally:
            with suppress(*AWAY):
                await subscription.unsubscribe()
        return found


async def keep_access(service: Service) -> None:
    """Keep everyone's rights as the agreements and keys of this instant say."""
    assert isinstance(service.settings, Settings)
    changed = service.changes()
    folder = service.settings.access_folder
    servers = Servers(service.settings) if folder else None
    known: list[Entry] | None = None
    if servers:
        service.lacks[LACK] = "les droits des partenaires ne sont pas encore appliqués"
        await servers.system.start()
    try:
        while True:
            changed.clear()
            async with service.read() as connection:
                entries = await reads.entries(connection, now=ids.now())
            if entries != known:
                known = None
                await _tell(service, entries)
            pause = LOOK_SECONDS
            try:
                if servers and folder and known is None:
                    await _apply(service, servers, Path(folder), entries)
                    service.lacks.pop(LACK, None)
                known = entries
            except NotApplied as fault:
                service.lacks[LACK] = str(fault)
                pause = RETRY_SECONDS
            except AWAY:
                service.lacks[LACK] = "NATS ne répond pas"
                pause = RETRY_SECONDS
            try:
                async with asyncio.timeout(pause):
                    await changed.wait()
            except TimeoutError:
                known = None  # Now and then everything is applied again: a server may be new.
            else:
                await asyncio.sleep(BURST_SECONDS)  # Changes that come together go together.
    finally:
        if servers:
            await servers.system.stop()


async def _tell(service: Service, entries: list[Entry]) -> None:
    async with service.pool.acquire() as connection:
        told = await commands.tell_keys(
            connection,  # type: ignore[arg-type]  # The proxy stands for its connection.
            entries,
            now=ids.now(),
            new_id=ids.new_id,
        )
    if told:
        for relay in service.relays:
            relay.poke()


async def _apply(service: Service, servers: Servers, folder: Path, entries: list[Entry]) -> None:
    lines = [line for entry in entries for line in access.user_lines(entry)]
    users = await asyncio.to_thread(_write, folder, "\n".join(lines) + "\n")
    if await servers.apply(users):
        logger().info("rights_applied", institutions=len(entries))
    seen = await servers.users()
    async with service.pool.acquire() as connection:
        known = [key for entry in entries for key in entry.nkeys if key in seen]
        now = ids.now()
        await commands.note_in_force(connection, entries, now=now)  # type: ignore[arg-type]
        await commands.see_keys(connection, known, now=now)  # type: ignore[arg-type]


def _write(folder: Path, partners: str) -> str:
    """Write the part of the institutions and the whole; return the whole."""
    services = (folder / access.SERVICES_FILE).read_text(encoding="utf-8")
    users = access.together(services, partners)
    for name, text in ((access.PARTNERS_FILE, partners), (access.USERS_FILE, users)):
        path = folder / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        fresh = path.with_suffix(".new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    return users
