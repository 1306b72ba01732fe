"""Questions about who may do what, under which keys."""

from datetime import datetime

import msgspec

from contracts.http.exchange.access import Access, ConformanceRun, ConformanceStep, Key, KeyUse
from contracts.streams import sandbox_of
from contracts.values import Role
from services.chassis.database import Connection
from services.chassis.tokens import Caller
from services.exchange import store
from services.exchange.errors import NoSuchPartner
from services.exchange.errors.access import TokenIsRevoked
from services.exchange.model import access
from services.exchange.model.access import Entry, KeyRow
from services.exchange.model.days import day_of
from services.exchange.model.registrations import Run
from services.exchange.reads import subscriptions
from services.exchange.store import access as rows

_STEPS = msgspec.json.Decoder(list[ConformanceStep])


async def entries(connection: Connection, *, now: datetime) -> list[Entry]:
    """Return what each institution's system may do at this instant."""
    pulled = await subscriptions.durables(connection, now=now)
    return access.entries(
        [row.institution for row in await store.partners(connection)],
        await store.agreements(connection),
        await store.licences(connection),
        await rows.keys(connection),
        {name: wanted.institution for name, wanted in pulled.items()},
        now=now,
        today=day_of(now),
    )


async def in_force(connection: Connection) -> dict[str, str]:
    """Return the fingerprint of the NATS rights in force, by institution."""
    return await rows.in_force(connection)


async def keys(connection: Connection, institution: str) -> list[Key]:
    """Return the keys of an institution, those that open something first."""
    return [shown(row) for row in await rows.keys(connection, institution)]


def shown(row: KeyRow) -> Key:
    """Return a key as its registrar sees it."""
    return Key(
        id=row.key_id,
        use=KeyUse(row.use),
        registered_at=row.registered_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )


async def access_of(connection: Connection, institution: str, *, now: datetime) -> Access:
    """Return what an institution's system may do today, and whether the servers apply it.

    Raises:
        NoSuchPartner: it was never admitted.
    """
    named = {row.institution: row.name for row in await store.partners(connection)}
    if institution not in named:
        raise NoSuchPartner(institution)
    everyone = await entries(connection, now=now)
    entry = next(one for one in everyone if one.institution == institution)
    applied = (await rows.in_force(connection, institution)).get(institution)
    sandbox = sandbox_of(institution)
    coordinations = [one for one in entry.coordinations if one != sandbox]
    return Access(
        institution=institution,
        name=named[institution],
        sandbox=sandbox,
        coordinations=coordinations,
        live=bool(coordinations),
        in_force=applied == access.fingerprint_of(entry),
        keys=await keys(connection, institution),
        conformance=await last_run(connection, institution),
    )


async def last_run(connection: Connection, institution: str) -> ConformanceRun | None:
    """Return the last conformance run of an institution that came to its end."""
    row = await rows.last_run(connection, institution)
    return run_shown(row) if row else None


def run_shown(row: Run) -> ConformanceRun:
    """Return a conformance run as its system sees it."""
    return ConformanceRun(
        run_id=row.run_id,
        started_at=row.started_at,
        ended_at=row.ended_at,
        passed=row.passed,
        steps=_STEPS.decode(row.steps),
    )


async def must_be_good(connection: Connection, caller: Caller) -> None:
    """Refuse a token that an institution's system was given before one of its keys was revoked.

    Tokens do not say which key opened them: another is asked for, under the key that is left.

    Raises:
        TokenIsRevoked: a key was revoked since.
    """
    if Role.INSTITUTION not in caller.roles or not caller.organization:
        return
    revoked_at = await rows.last_revocation(connection, caller.organization)
    if revoked_at is not None and caller.iat <= int(revoked_at.timestamp()):
        raise TokenIsRevoked(
            "Une de vos clés a été révoquée depuis que ce jeton est donné ; demandez-en un autre."
        )
