"""Give organisations their seats."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.events.members import MemberConfirmed
from contracts.http import members as bodies
from services.chassis import outbox
from services.chassis.database import Connection
from services.members import model, store
from services.members.errors import (
    NoSuchCoordination,
    OrganizationDiffers,
    OrganizationSitsAlready,
    RecordDiffers,
)

SOURCE = "urn:ctin:service:members"


async def coordination_of(connection: Connection, slug: str) -> model.Coordination:
    """Return the coordination a change belongs to.

    Raises:
        NoSuchCoordination: it was never founded.
    """
    found = await store.coordination(connection, slug)
    if found is None:
        raise NoSuchCoordination(slug)
    return found


async def confirm_member(
    connection: Connection,
    coordination: str,
    asked: bodies.ConfirmMember,
    *,
    member_id: UUID,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Seat:
    """Give an organisation its seat and tell the other services; again, nothing changes.

    `member_id` names a new seat. The organisation is described by whoever confirms it first; a
    SIRET whose key is wrong is kept with a doubt, never refused.

    Raises:
        NoSuchCoordination: it was never founded.
        SectionIsElsewhere, CitizensHaveNoSiret: citizens sit in one college, without a SIRET.
        OrganizationDiffers: the organisation is known under another description.
        OrganizationSitsAlready: it sits in another college of this coordination.
        RecordDiffers: it sits with other roles or from another day, or the id is taken.
    """
    model.must_be_plain(asked, "name", "formerly")
    model.must_name_once("roles", asked.roles)
    model.must_sit(asked)
    organization = model.organization_of(asked)
    async with connection.transaction():
        await coordination_of(connection, coordination)
        organization = await describe(connection, organization)
        seat = _seat(coordination, asked, organization, member_id)
        if not await store.add_member(connection, seat, now=now):
            return await _known_seat(connection, asked, seat)
        fact = MemberConfirmed(
            coordination=coordination,
            member_id=member_id,
            organization=seat.organization,
            name=seat.name,
            college=asked.college,
            section=asked.section,
            effective_on=asked.effective_on,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return seat


def _seat(
    coordination: str,
    asked: bodies.ConfirmMember,
    organization: model.Organization,
    member_id: UUID,
) -> model.Seat:
    return model.Seat(
        coordination=coordination,
        member_id=member_id,
        organization=organization.organization,
        name=organization.name,
        kind=organization.kind,
        siret=organization.siret,
        siret_is_doubtful=organization.siret_is_doubtful,
        formerly=organization.formerly,
        college=asked.college.value,
        section=asked.section.value if asked.section else None,
        roles=sorted(role.value for role in asked.roles),
        effective_on=asked.effective_on,
        state=bodies.MemberState.CONFIRMED.value,
    )


async def describe(connection: Connection, asked: model.Organization) -> model.Organization:
    """Describe an organisation unless it is known; return it, or the one it was merged into.

    Raises:
        OrganizationDiffers: it is known under another description.
    """
    await store.add_organization(connection, asked)
    found = await store.organization(connection, asked.organization)
    assert found is not None, "it was just added, and none is ever removed"
    if found.merged_into is not None:
        kept = await store.organization(connection, found.merged_into)
        assert kept is not None, "what is kept stays"
        return kept
    asked = msgspec.structs.replace(
        asked,
        rna=asked.rna or found.rna,
        commune=asked.commune or found.commune,
        name_key=found.name_key,
    )
    field = model.first_difference(asked, found)
    if field is not None:
        known = getattr(found, field)
        raise OrganizationDiffers(asked.organization, field=field, known=known)
    return found


async def _known_seat(
    connection: Connection, asked: bodies.ConfirmMember, seat: model.Seat
) -> model.Seat:
    found = await store.member(connection, seat.coordination, seat.organization)
    if found is None:
        raise RecordDiffers("Le siège", seat.member_id)
    if found.college != seat.college:
        raise OrganizationSitsAlready(found.organization, found.college)
    if asked.id is None:  # The caller let us choose an id, and we had.
        seat = msgspec.structs.replace(seat, member_id=found.member_id)
    field = model.first_difference(seat, found)
    if field is not None:
        raise RecordDiffers("Le siège de", asked.organization, field=field)
    return found
