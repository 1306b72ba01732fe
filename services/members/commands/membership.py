"""Move memberships along their steps, and keep who did what, when and why."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

import msgspec

from contracts.envelope import Fact
from contracts.events.members import MemberConfirmed, MemberWithdrawn
from contracts.http import members as bodies
from contracts.http.members import membership as asks
from contracts.http.members.membership import MemberActKind
from contracts.values import College, Section
from services.chassis import outbox
from services.chassis.database import Connection
from services.members import model
from services.members.commands.holding import hold
from services.members.commands.mandates import end_all
from services.members.commands.seats import SOURCE, describe
from services.members.errors import OrganizationSitsAlready, RecordDiffers
from services.members.errors.membership import (
    MembershipStepNotOpen,
    NoSuchMember,
    SeatIsAskedAlready,
)
from services.members.model import seats as rules
from services.members.model.mandates import day_before
from services.members.model.seats import MemberAct, Membership
from services.members.store import membership as rows


async def apply(
    connection: Connection,
    coordination: str,
    asked: asks.ApplyForSeat,
    *,
    act_id: UUID,
    subject: str,
    now: datetime,
) -> Membership:
    """Put an organisation in the queue; the same demand again changes nothing.

    An organisation that was refused or has withdrawn comes back under the same membership.

    Raises:
        NoSuchCoordination: it was never founded.
        SectionIsElsewhere, CitizensHaveNoSiret, OrganizationDiffers: as `confirm_member`.
        OrganizationSitsAlready: it has a seat.
        SeatIsAskedAlready: it is in the queue with another demand.
        RecordDiffers: the id names another act or another member.
        DaysAreReversed: it asks before the day of its last act.
    """
    model.must_be_plain(asked, "name", "formerly", "reason")
    model.must_name_once("roles", asked.roles)
    described = bodies.ConfirmMember(
        **{name: getattr(asked, name) for name in _DESCRIBED}, effective_on=asked.asked_on
    )
    model.must_sit(described)
    organization = model.organization_of(described)
    row = Membership(
        coordination=coordination,
        member_id=act_id,
        organization=organization.organization,
        name=organization.name,
        kind=organization.kind,
        college=asked.college.value,
        section=asked.section.value if asked.section else None,
        roles=sorted(role.value for role in asked.roles),
        units=1,
        state=bodies.MemberState.CANDIDATE.value,
        effective_on=asked.asked_on,
    )
    async with connection.transaction():
        await hold(connection, coordination)
        kept = await describe(connection, organization)
        row = msgspec.structs.replace(
            row, organization=kept.organization, name=kept.name, kind=kept.kind
        )
        found = await rows.of(connection, coordination, row.organization)
        if found is not None:
            row = msgspec.structs.replace(row, member_id=found.member_id, units=found.units)
        act = _act(row, MemberActKind.APPLIED, act_id, asked.asked_on, asked.reason, subject)
        if found is not None:
            if await _is_asked(connection, act, found):
                return found
            await rows.change(connection, row, confirmed_at=None)
        elif await rows.act(connection, act_id) or not await rows.add_candidate(connection, row):
            raise RecordDiffers("La demande", act_id)
        await rows.add_act(connection, act, now=now)
    return row


_DESCRIBED = ("organization", "name", "kind", "college", "section", "siret", "roles", "formerly")


async def _is_asked(connection: Connection, act: MemberAct, found: Membership) -> bool:
    """Tell whether a demand was made before; refuse one that a membership does not let in."""
    if await _is_done(connection, act):
        return True
    if found.state == bodies.MemberState.CONFIRMED:
        raise OrganizationSitsAlready(found.organization, found.college)
    if not rules.is_open(MemberActKind.APPLIED, found.state):
        last = await rows.last_act(connection, found.member_id)
        if last is not None and _content(last) == _content(act):
            return True
        raise SeatIsAskedAlready(found.organization, found.college)
    await _must_come_after(connection, found, act.effective_on, field="asked_on")
    return False


async def step(
    connection: Connection,
    member_id: UUID,
    kind: MemberActKind,
    asked: asks.MembershipStep,
    *,
    act_id: UUID,
    subject: str,
    now: datetime,
    new_id: Callable[[], UUID],
) -> Membership:
    """Confirm, refuse or withdraw a membership and tell the other services; again, nothing changes.

    Who withdraws leaves its seats: their mandates end the day before.

    Raises:
        NoSuchMember: there is none of this id.
        MembershipStepNotOpen: it stands elsewhere on its way.
        DayIsToCome: it is refused or withdrawn from a day that is not come.
        DaysAreReversed: from before the day of its last act.
        RecordDiffers: the id names another act.
    """
    model.must_be_plain(asked, "reason")
    if kind is not MemberActKind.CONFIRMED:
        rules.must_have_come(asked.effective_on, now, field="effective_on")
    async with connection.transaction():
        found = await _held(connection, member_id)
        to = rules.STEPS[kind][1].value
        row = msgspec.structs.replace(found, state=to, effective_on=asked.effective_on)
        act = _act(row, kind, act_id, asked.effective_on, asked.reason, subject)
        if await _is_done(connection, act):
            return found
        if not rules.is_open(kind, found.state):
            last = await rows.last_act(connection, member_id)
            if last is not None and _content(last) == _content(act):
                return found
            raise MembershipStepNotOpen(found.organization, state=found.state, to=to)
        await _must_come_after(connection, found, asked.effective_on, field="effective_on")
        is_confirmed = kind is MemberActKind.CONFIRMED
        await rows.change(connection, row, confirmed_at=now if is_confirmed else None)
        await rows.add_act(connection, act, now=now)
        facts = _facts(found, row)
        if kind is MemberActKind.WITHDRAWN:
            last_day = day_before(asked.effective_on)
            facts += await end_all(
                connection,
                found.coordination,
                last_day,
                member_id=member_id,
                reason=asked.reason,
                now=now,
            )
        await outbox.put(connection, facts, source=SOURCE, now=now, new_id=new_id)
    return row


def _facts(found: Membership, row: Membership) -> list[Fact]:
    """Return what other services learn: a seat that was taken, or left."""
    if row.state == bodies.MemberState.CONFIRMED:
        return [
            MemberConfirmed(
                coordination=row.coordination,
                member_id=row.member_id,
                organization=row.organization,
                name=row.name,
                college=College(row.college),
                section=Section(row.section) if row.section else None,
                effective_on=row.effective_on,
            )
        ]
    if found.state == bodies.MemberState.CONFIRMED:
        return [
            MemberWithdrawn(
                coordination=row.coordination,
                member_id=row.member_id,
                organization=row.organization,
                college=College(row.college),
                effective_on=row.effective_on,
            )
        ]
    return []


async def change_roles(
    connection: Connection,
    member_id: UUID,
    asked: asks.ChangeRoles,
    *,
    act_id: UUID,
    subject: str,
    now: datetime,
) -> Membership:
    """Give a member other roles, all of them; the same ones again change nothing.

    Raises:
        NoSuchMember, MembershipStepNotOpen, DayIsToCome, DaysAreReversed, RecordDiffers: as `step`.
        ValueRepeats: a role is given twice.
    """
    model.must_name_once("roles", asked.roles)
    roles = sorted(role.value for role in asked.roles)
    return await _change(
        connection, member_id, MemberActKind.ROLES_CHANGED, asked, act_id, subject, now, roles=roles
    )


async def change_units(
    connection: Connection,
    member_id: UUID,
    asked: asks.ChangeUnits,
    *,
    act_id: UUID,
    subject: str,
    now: datetime,
) -> Membership:
    """Give a member other voting units; the same ones again change nothing.

    Raises:
        NoSuchMember, MembershipStepNotOpen, DayIsToCome, DaysAreReversed, RecordDiffers: as `step`.
    """
    return await _change(
        connection,
        member_id,
        MemberActKind.UNITS_CHANGED,
        asked,
        act_id,
        subject,
        now,
        units=asked.units,
    )


async def _change(
    connection: Connection,
    member_id: UUID,
    kind: MemberActKind,
    asked: asks.ChangeRoles | asks.ChangeUnits,
    act_id: UUID,
    subject: str,
    now: datetime,
    **changed: object,
) -> Membership:
    model.must_be_plain(asked, "reason")
    rules.must_have_come(asked.effective_on, now, field="effective_on")
    async with connection.transaction():
        found = await _held(connection, member_id)
        row = msgspec.structs.replace(found, **changed)
        act = _act(row, kind, act_id, asked.effective_on, asked.reason, subject)
        if await _is_done(connection, act) or row == found:
            return found
        if found.state not in {bodies.MemberState.CONFIRMED, bodies.MemberState.CANDIDATE}:
            raise MembershipStepNotOpen(found.organization, state=found.state, to=kind.value)
        await _must_come_after(connection, found, asked.effective_on, field="effective_on")
        await rows.change(connection, row, confirmed_at=None)
        await rows.add_act(connection, act, now=now)
    return row


async def _held(connection: Connection, member_id: UUID) -> Membership:
    """Hold the coordination of a member, then read it as it then is."""
    found = await rows.one(connection, member_id)
    if found is None:
        raise NoSuchMember(member_id)
    await hold(connection, found.coordination)
    held = await rows.one(connection, member_id)
    assert held is not None, "no member is ever removed"
    return held


def _act(
    row: Membership,
    kind: MemberActKind,
    act_id: UUID,
    day: date,
    reason: str | None,
    subject: str,
) -> MemberAct:
    return MemberAct(
        coordination=row.coordination,
        act_id=act_id,
        member_id=row.member_id,
        act=kind.value,
        effective_on=day,
        reason=reason,
        college=row.college,
        roles=row.roles,
        units=row.units,
        subject=subject,
    )


def _content(act: MemberAct) -> tuple[object, ...]:
    """Return what was asked, whoever asked it; what the other acts left is no part of it."""
    said = (act.coordination, act.member_id, act.act, act.effective_on, act.reason)
    match MemberActKind(act.act):
        case MemberActKind.APPLIED:
            return (*said, act.college, act.roles)
        case MemberActKind.ROLES_CHANGED:
            return (*said, act.roles)
        case MemberActKind.UNITS_CHANGED:
            return (*said, act.units)
    return said


async def _is_done(connection: Connection, act: MemberAct) -> bool:
    known = await rows.act(connection, act.act_id)
    if known is None:
        return False
    if _content(known) != _content(act):
        raise RecordDiffers("L'acte", act.act_id)
    return True


async def _must_come_after(
    connection: Connection, found: Membership, day: date, *, field: str
) -> None:
    last = await rows.last_act(connection, found.member_id)
    model.must_follow(last.effective_on if last else found.effective_on, day, field=field)
