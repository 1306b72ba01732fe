"""Invite persons, and let them prove who they are, once."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from contracts.http.members.invitations import AcceptedInvitation, AcceptInvitation, Invite
from services.chassis.database import Connection
from services.chassis.tokens import Caller
from services.members import model
from services.members.commands.persons import held_person
from services.members.errors import RecordDiffers
from services.members.errors.invitations import (
    CodeIsUnknown,
    CodeIsUsed,
    InvitationIsClosed,
    InvitationIsOver,
    InvitesAbove,
    KeyOrToken,
    NoSuchInvitation,
    RoleNeedsOrganization,
    SubjectIsAnothers,
)
from services.members.model import Right
from services.members.model.persons import Invitation, subject_of
from services.members.store import invitations as rows
from services.members.store import persons, rights

MAY_INVITE_A_COORDINATOR = frozenset({"coordinator", "operator"})


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


async def invite(
    connection: Connection,
    coordination: str,
    asked: Invite,
    *,
    invitation_id: UUID,
    by: Caller,
    code: str,
    now: datetime,
) -> tuple[Invitation, str | None]:
    """Invite a person: return the invitation and its code, which is kept by its hash alone.

    The same invitation asked for again has the new code while it is open, none afterwards.

    Raises:
        NoSuchPerson, PersonIsErased: as `held_person`.
        RoleNeedsOrganization: a funder of nobody.
        InvitesAbove: a secretary invites a coordinator.
        RecordDiffers: the id names another invitation.
        ValueRepeats: a role is given twice.
    """
    roles = sorted(role.value for role in asked.roles)
    model.must_name_once("roles", roles)
    if "funder" in roles and asked.organization is None:
        raise RoleNeedsOrganization("funder")
    if "coordinator" in roles and MAY_INVITE_A_COORDINATOR.isdisjoint(by.roles):
        raise InvitesAbove
    row = Invitation(
        coordination=coordination,
        invitation_id=invitation_id,
        person_id=asked.person,
        roles=roles,
        organization=asked.organization,
        expires_at=now + timedelta(days=asked.days_valid),
        code_sha256=_hashed(code),
        invited_by=by.sub,
        invited_at=now,
        accepted_at=None,
        withdrawn_at=None,
    )
    async with connection.transaction():
        await held_person(connection, coordination, asked.person)
        if await rows.add(connection, row):
            return row, code
        found = await rows.one(connection, invitation_id, lock=True)
        if found is None or _content(found) != _content(row):
            raise RecordDiffers("L'invitation", invitation_id)
        if found.state or found.expires_at <= now:
            return found, None
        await rows.replace_code(connection, invitation_id, row.code_sha256)
    return found, code


def _content(row: Invitation) -> tuple[object, ...]:
    lasts = row.expires_at - row.invited_at
    return row.coordination, row.person_id, row.roles, row.organization, lasts


async def accept_invitation(
    connection: Connection, asked: AcceptInvitation, *, caller: Caller | None, now: datetime
) -> AcceptedInvitation:
    """Bind who proves to be there to the person that was invited, with the roles it was given.

    It proves so by a public key, under which it signs assertions from then on, or by the token of
    its sign-in (`caller`). The same one again answers the same and gives nothing back.

    Raises:
        KeyOrToken: neither is given, or both.
        KeyIsNotAdmitted: the key is of another kind, or not on its curve.
        CodeIsUnknown, CodeIsUsed, InvitationIsOver: the code opens nothing, or no more.
        SubjectIsAnothers: the sign-in is another person's here.
    """
    if (asked.jwk is None) == (caller is None):
        raise KeyOrToken
    jwk = model.jwk_of(asked.jwk, field="jwk") if asked.jwk else None
    async with connection.transaction():
        found = await _opened(connection, _hashed(asked.code))
        subject = caller.sub if caller else subject_of(found.person_id)
        accepted = AcceptedInvitation(
            subject=subject,
            coordination=found.coordination,
            person=found.person_id,
            roles=found.roles,
            organization=found.organization,
        )
        if found.accepted_at:
            bound = await persons.subject(connection, found.coordination, subject)
            if bound is None or (bound.person_id, bound.jwk) != (found.person_id, jwk):
                raise CodeIsUsed
            return accepted
        if found.expires_at <= now:
            raise InvitationIsOver(found.expires_at.date())
        if not await persons.bind(
            connection, found.coordination, subject, found.person_id, jwk=jwk, now=now
        ):
            raise SubjectIsAnothers
        for role in found.roles:
            right = Right(role, found.organization)
            await rights.grant(
                connection, found.coordination, subject, right, origin="invitation", now=now
            )
        await rows.close(connection, found.invitation_id, accepted_at=now)
    return accepted


async def _opened(connection: Connection, code_sha256: str) -> Invitation:
    """Return the invitation of a code, its person held first, as an erasure does."""
    known = await rows.of_code(connection, code_sha256)
    if known is None:
        raise CodeIsUnknown
    await persons.one(connection, known.coordination, known.person_id, lock=True)
    found = await rows.one(connection, known.invitation_id, lock=True)
    if found is None or found.withdrawn_at or found.code_sha256 != code_sha256:
        raise CodeIsUnknown
    return found


async def withdraw_invitation(
    connection: Connection, invitation_id: UUID, *, now: datetime
) -> Invitation:
    """Close an invitation that nobody accepted; withdrawn again, nothing changes.

    Raises:
        NoSuchInvitation: there is none of this id.
        InvitationIsClosed: it was accepted.
    """
    async with connection.transaction():
        found = await rows.one(connection, invitation_id, lock=True)
        if found is None:
            raise NoSuchInvitation(invitation_id)
        if found.withdrawn_at:
            return found
        if found.state:
            raise InvitationIsClosed(invitation_id, state=found.state)
        await rows.close(connection, invitation_id, withdrawn_at=now)
    return msgspec.structs.replace(found, withdrawn_at=now)
