"""Record what is done on the ground: who does what, who leads, who supports, who was met."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.http.members import field as asks
from services.chassis.database import Connection
from services.members import model, store
from services.members.commands.holding import hold, member_of
from services.members.commands.seats import coordination_of
from services.members.errors import RecordDiffers
from services.members.errors.field import OrganizationIsUnknown, VisitNeedsCommune
from services.members.errors.mandates import NoSuchPerson
from services.members.errors.membership import NoSuchMember
from services.members.model import field as rules
from services.members.store import field as rows
from services.members.store import mandates


def _must_be(row: msgspec.Struct, known: msgspec.Struct | None, what: str, name: object) -> None:
    """Refuse an id that names another record, here or in another coordination."""
    if known is None or known != row:
        raise RecordDiffers(what, name)


async def put_responsibilities(
    connection: Connection, coordination: str, asked: asks.PutResponsibilities
) -> None:
    """Replace the matrix of who does what, where and up to where.

    Raises:
        NoSuchCoordination: it was never founded.
        NoSuchMember: a line names a member of elsewhere.
        CommuneIsElsewhere: a line names a commune of elsewhere.
        ValueRepeats: two lines have one slug.
    """
    for one in asked.items:
        model.must_be_plain(one, "duty", "up_to")
    model.must_name_once("items", (one.responsibility for one in asked.items))
    async with connection.transaction():
        await hold(connection, coordination)
        home = await coordination_of(connection, coordination)
        for number, one in enumerate(asked.items):
            rules.must_cover(f"items.{number}.communes", one.communes, home.communes)
        await _must_be_here(connection, coordination, [one.member for one in asked.items])
        lines = [
            rules.Responsibility(
                coordination=coordination,
                responsibility=one.responsibility,
                member_id=one.member,
                duty=one.duty,
                part=one.part.value,
                communes=sorted(set(one.communes)),
                up_to=one.up_to,
            )
            for one in asked.items
        ]
        await rows.put_responsibilities(connection, coordination, lines)


async def _must_be_here(
    connection: Connection, coordination: str, member_ids: Iterable[UUID]
) -> None:
    wanted = set(member_ids)
    here = await rows.members_here(connection, coordination, wanted)
    for member_id in sorted(wanted - here):
        raise NoSuchMember(member_id)


async def designate_lead(
    connection: Connection, coordination: str, asked: asks.DesignateLead, *, lead_id: UUID
) -> rules.Lead:
    """Designate a member to lead in some communes; the same designation again changes nothing.

    Raises:
        NoSuchCoordination, NoSuchMember, CommuneIsElsewhere: one is not of here.
        DaysAreReversed: it ends before it begins.
        CommuneIsLed: another leads in one of these communes on one of these days.
        RecordDiffers: the id names another designation.
    """
    model.must_be_plain(asked, "reason")
    if asked.until is not None:
        model.must_follow(asked.since, asked.until, field="until")
    row = rules.Lead(
        coordination=coordination,
        lead_id=lead_id,
        member_id=asked.member,
        communes=sorted(set(asked.communes)),
        since=asked.since,
        until=asked.until,
        reason=asked.reason,
    )
    async with connection.transaction():
        await hold(connection, coordination)
        home = await coordination_of(connection, coordination)
        rules.must_cover("communes", row.communes, home.communes)
        known = await rows.lead(connection, lead_id)
        if known is not None:
            _must_be(row, known, "La désignation", lead_id)
            return known
        await member_of(connection, coordination, asked.member)
        rules.must_lead_alone(row, await rows.leads_among(connection, coordination, row.communes))
        await rows.add_lead(connection, row)
    return row


async def record_endorsement(
    connection: Connection,
    coordination: str,
    asked: asks.RecordEndorsement,
    *,
    endorsement_id: UUID,
    now: datetime,
) -> rules.Endorsement:
    """Keep a support that was given; the same one again changes nothing.

    Raises:
        NoSuchCoordination: it was never founded.
        RecordDiffers: the id names another one.
    """
    model.must_be_plain(asked, "endorser", "subject")
    row = rules.Endorsement(
        coordination=coordination,
        endorsement_id=endorsement_id,
        endorser=asked.endorser,
        level=asked.level.value,
        subject=asked.subject,
        given_on=asked.given_on,
    )
    async with connection.transaction():
        await coordination_of(connection, coordination)
        if not await rows.add_endorsement(connection, row, now):
            known = await rows.endorsement(connection, endorsement_id)
            _must_be(row, known, "Le soutien", endorsement_id)
    return row


async def record_relay(
    connection: Connection,
    coordination: str,
    asked: asks.RecordRelay,
    *,
    relay_id: UUID,
    now: datetime,
) -> rules.Relay:
    """Keep who carries the subject in some communes; the same one again changes nothing.

    Raises:
        NoSuchCoordination, NoSuchPerson, CommuneIsElsewhere: one is not of here.
        OrganizationIsUnknown: no coordination knows it.
        RecordDiffers: the id names another one.
    """
    model.must_be_plain(asked, "label")
    row = rules.Relay(
        coordination=coordination,
        relay_id=relay_id,
        kind=asked.kind.value,
        label=asked.label,
        organization=asked.organization,
        person_id=asked.person,
        communes=sorted(set(asked.communes)),
        since=asked.since,
    )
    async with connection.transaction():
        home = await coordination_of(connection, coordination)
        rules.must_cover("communes", row.communes, home.communes)
        if row.organization and not await store.organization(connection, row.organization):
            raise OrganizationIsUnknown(row.organization)
        person = row.person_id
        if person and not await mandates.has_person(connection, coordination, person):
            raise NoSuchPerson(person)
        if not await rows.add_relay(connection, row, now):
            _must_be(row, await rows.relay(connection, relay_id), "Le relais", relay_id)
    return row


async def record_contact(
    connection: Connection,
    coordination: str,
    asked: asks.RecordContact,
    *,
    contact_id: UUID,
    now: datetime,
) -> rules.Contact:
    """Keep what was said, in a commune or to all; the same again changes nothing.

    Raises:
        NoSuchCoordination: it was never founded.
        VisitNeedsCommune, CommuneIsElsewhere: it was made nowhere, or elsewhere.
        RecordDiffers: the id names another one.
    """
    model.must_be_plain(asked, "subject", "outcome")
    if asked.channel is asks.Channel.VISIT and asked.commune is None:
        raise VisitNeedsCommune
    row = rules.Contact(
        coordination=coordination,
        contact_id=contact_id,
        channel=asked.channel.value,
        commune=asked.commune,
        happened_on=asked.happened_on,
        subject=asked.subject,
        outcome=asked.outcome,
    )
    async with connection.transaction():
        home = await coordination_of(connection, coordination)
        if asked.commune:
            rules.must_cover("commune", [asked.commune], home.communes)
        if not await rows.add_contact(connection, row, now):
            _must_be(row, await rows.contact(connection, contact_id), "L'échange", contact_id)
    return row


async def take_territorial_role(
    connection: Connection, coordination: str, asked: asks.TerritorialRole
) -> rules.TerritorialRole:
    """Keep how the carrying body intervenes from a day on; the same again changes nothing.

    Raises:
        NoSuchCoordination: it was never founded.
        RecordDiffers: that day has another role.
    """
    model.must_be_plain(asked, "reason")
    row = rules.TerritorialRole(
        coordination=coordination,
        since=asked.since,
        role=asked.role.value,
        maturity=asked.maturity,
        reason=asked.reason,
    )
    async with connection.transaction():
        await coordination_of(connection, coordination)
        if not await rows.add_territorial_role(connection, row):
            known = await rows.territorial_role(connection, coordination, asked.since)
            if known != row:
                raise RecordDiffers("Le rôle du", asked.since, field="since")
    return row
