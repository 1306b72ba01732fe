"""Admit institutions, register their keys, tell the others; each is part of one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from contracts.envelope import Fact
from contracts.events.exchange.access import PartnerKeysChanged, PublicKey, SandboxOpened
from contracts.http.exchange import AdmitPartner
from contracts.http.exchange.access import KEYS_MAX, AddKey, InviteInstitution, KeyUse, Register
from contracts.http.tokens import PublicJwk
from contracts.streams import sandbox_of
from services.chassis import outbox
from services.chassis.database import Connection
from services.exchange import store
from services.exchange.commands import SOURCE, NewId
from services.exchange.errors import NoSuchPartner
from services.exchange.errors.access import (
    CodeIsUnknown,
    CodeIsUsed,
    InvitationDiffers,
    InvitationIsOver,
    InvitesAgain,
    KeyIsTaken,
    NoSuchKey,
    OneKeyIsAsked,
    TooManyKeys,
)
from services.exchange.model import access, registrations
from services.exchange.model.access import Entry, KeyRow
from services.exchange.model.registrations import Invitation
from services.exchange.store import access as rows

SEEN_AGAIN = timedelta(minutes=5)


async def admit_partner(
    connection: Connection, asked: AdmitPartner, *, key_days: int, now: datetime
) -> None:
    """Admit an institution, or bring its name, NATS keys and way of answering to what is asked.

    Raises:
        NameIsNotPlain, KeyIsNotSound, KeyIsTaken: as they say.
    """
    registrations.must_be_a_name(asked.name)
    keys = [_nats_key(asked.institution, nkey, key_days, now) for nkey in asked.nkeys]
    async with connection.transaction():
        await store.put_partner(
            connection,
            asked.institution,
            asked.name,
            answers_grouped=asked.answers_grouped,
            now=now,
        )
        await _bring_keys(connection, asked.institution, keys, uses=[KeyUse.NATS], now=now)


async def invite_institution(
    connection: Connection,
    asked: InviteInstitution,
    *,
    invitation_id: UUID,
    by: str,
    may_again: bool,
    code: str,
    now: datetime,
) -> tuple[Invitation, str | None]:
    """Invite an institution: return the invitation and its code, which is kept by its hash alone.

    The same invitation asked for again has the new code until it is used, none afterwards.

    Raises:
        NameIsNotPlain: the name is more than a name.
        InvitesAgain: the institution is admitted, and the caller is no operator.
        InvitationDiffers: the id names another invitation.
    """
    registrations.must_be_a_name(asked.name)
    row = Invitation(
        invitation_id=invitation_id,
        institution=asked.institution,
        name=asked.name,
        code_sha256=registrations.hash_of(code),
        invited_by=by,
        invited_at=now,
        expires_at=now + timedelta(days=asked.days_valid),
        used_at=None,
    )
    async with connection.transaction():
        if not may_again and await rows.hold_partner(connection, asked.institution):
            raise InvitesAgain(asked.institution)
        if await rows.add_invitation(connection, row):
            return row, code
        found = await rows.invitation(connection, invitation_id)
        if found is None or (found.institution, found.name) != (row.institution, row.name):
            raise InvitationDiffers(invitation_id)
        if found.used_at or found.expires_at <= now:
            return found, None
        await rows.replace_code(connection, invitation_id, row.code_sha256)
    return found, code


async def register(
    connection: Connection, asked: Register, *, key_days: int, now: datetime
) -> Invitation:
    """Admit the institution that a code is for, under these public keys alone.

    Raises:
        CodeIsUnknown, CodeIsUsed, InvitationIsOver: the code opens nothing, or no more.
        KeyIsNotSound, KeyIsTaken: a key that proves nobody, or somebody else.
    """
    async with connection.transaction():
        found = await rows.invitation_of_code(connection, registrations.hash_of(asked.code))
        if found is None:
            raise CodeIsUnknown
        if found.used_at:
            raise CodeIsUsed
        if found.expires_at <= now:
            raise InvitationIsOver(found.expires_at.date())
        institution = found.institution
        keys = [_nats_key(institution, nkey, key_days, now) for nkey in asked.nkeys]
        keys += [_http_key(institution, jwk, key_days, now) for jwk in asked.jwks]
        await store.put_partner(
            connection, institution, found.name, answers_grouped=asked.answers_grouped, now=now
        )
        await _bring_keys(connection, institution, keys, uses=list(KeyUse), now=now)
        await rows.use_invitation(connection, found.invitation_id, now=now)
    return found


async def add_key(
    connection: Connection, institution: str, asked: AddKey, *, key_days: int, now: datetime
) -> None:
    """Register one more key of an institution; the same again changes nothing.

    Raises:
        OneKeyIsAsked: none is given, or both.
        NoSuchPartner: the institution was never admitted.
        KeyIsNotSound, KeyIsTaken, TooManyKeys: as they say.
    """
    if (asked.nkey is None) == (asked.jwk is None):
        raise OneKeyIsAsked
    if asked.nkey is not None:
        key = _nats_key(institution, asked.nkey, key_days, now, field="nkey")
    else:
        assert asked.jwk is not None, "one of both is given"
        key = _http_key(institution, asked.jwk, key_days, now, field="jwk")
    async with connection.transaction():
        await _held(connection, institution)
        known = await rows.keys(connection, institution)
        good = [one for one in known if one.use == key.use and one.opens(now)]
        if key.key_id in {one.key_id for one in good}:
            return
        if len(good) >= KEYS_MAX:
            raise TooManyKeys(KEYS_MAX)
        if not await rows.add_key(connection, key):
            raise KeyIsTaken(key.key_id)


async def revoke_key(
    connection: Connection, institution: str, key_id: str, *, now: datetime
) -> None:
    """Make a key open nothing from now on; revoked again, nothing changes.

    Raises:
        NoSuchPartner, NoSuchKey: there is none of this name.
    """
    async with connection.transaction():
        await _held(connection, institution)
        if key_id not in {one.key_id for one in await rows.keys(connection, institution)}:
            raise NoSuchKey(key_id)
        await rows.revoke_keys(connection, institution, [key_id], now=now)


async def _held(connection: Connection, institution: str) -> None:
    if await rows.hold_partner(connection, institution) is None:
        raise NoSuchPartner(institution)


async def _bring_keys(
    connection: Connection,
    institution: str,
    wanted: Sequence[KeyRow],
    *,
    uses: Sequence[KeyUse],
    now: datetime,
) -> None:
    """Make an institution's keys of some uses exactly those wanted; its row is held."""
    kept = {key.key_id for key in wanted}
    known = [one for one in await rows.keys(connection, institution) if one.revoked_at is None]
    gone = [one.key_id for one in known if one.use in uses and one.key_id not in kept]
    await rows.revoke_keys(connection, institution, gone, now=now)
    there = {one.key_id for one in known}
    for key in wanted:
        if key.key_id not in there and not await rows.add_key(connection, key):
            raise KeyIsTaken(key.key_id)
        there.add(key.key_id)


def _nats_key(
    institution: str, nkey: str, days: int, now: datetime, *, field: str = "nkeys"
) -> KeyRow:
    key_id = registrations.must_be_nkey(nkey, field=field)
    return _key(institution, key_id, KeyUse.NATS, None, days, now)


def _http_key(
    institution: str, jwk: PublicJwk, days: int, now: datetime, *, field: str = "jwks"
) -> KeyRow:
    key_id, kept = registrations.sound_jwk(jwk, field=field)
    return _key(institution, key_id, KeyUse.HTTP, kept, days, now)


def _key(
    institution: str, key_id: str, use: KeyUse, jwk: str | None, days: int, now: datetime
) -> KeyRow:
    return KeyRow(
        institution=institution,
        key_id=key_id,
        use=use.value,
        jwk=jwk,
        registered_at=now,
        expires_at=now + timedelta(days=days),
        last_used_at=None,
        revoked_at=None,
    )


async def tell_keys(
    connection: Connection, entries: Sequence[Entry], *, now: datetime, new_id: NewId
) -> int:
    """Tell the tokens' service which keys open which coordination; return how many changed."""
    async with connection.transaction():
        told = await rows.told(connection)
        wanted: dict[tuple[str, str], list[PublicKey]] = {key: [] for key in told}
        for entry in entries:
            for coordination in entry.coordinations:
                wanted[entry.institution, coordination] = entry.keys
        facts: list[Fact] = []
        for (institution, coordination), keys in sorted(wanted.items(), key=lambda one: one[0]):
            print_ = access.fingerprint_of_keys(keys)
            known = told.get((institution, coordination))
            if known == print_ or not await rows.tell(
                connection, institution, coordination, print_, now=now
            ):
                continue
            if known is None and coordination == sandbox_of(institution):
                facts.append(_sandbox(institution))
            facts.append(
                PartnerKeysChanged(coordination=coordination, institution=institution, keys=keys)
            )
        await outbox.put(connection, facts, source=SOURCE, now=now, new_id=new_id)
    return len(facts)


def _sandbox(institution: str) -> SandboxOpened:
    return SandboxOpened(
        coordination=sandbox_of(institution),
        institution=institution,
        communes=access.SANDBOX_COMMUNES,
    )


async def note_in_force(connection: Connection, entries: Sequence[Entry], *, now: datetime) -> None:
    """Note that every NATS server applies these rights."""
    prints = {one.institution: access.fingerprint_of(one) for one in entries}
    await rows.put_in_force(connection, prints, now=now)


async def see_keys(connection: Connection, key_ids: Sequence[str], *, now: datetime) -> None:
    """Note that keys are in use now."""
    await rows.see_keys(connection, key_ids, now=now, before=now - SEEN_AGAIN)
