"""Say what organisations are, that two are one, and through whom each is reached."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from contracts.events.members import OrganizationMerged, OrganizationRenamed
from contracts.http.members import MemberState
from contracts.http.members.organizations import DescribeOrganization, MergeOrganization
from services.chassis import outbox
from services.chassis.database import Connection
from services.members import model
from services.members.commands.seats import SOURCE, coordination_of
from services.members.errors.organizations import (
    BothSit,
    MergesWithItself,
    NoSuchOrganization,
    OrganizationGaveWay,
    OrganizationIsAnothers,
    PersonIsNotTheirs,
    TooManyContacts,
)
from services.members.model.days import day_of
from services.members.model.names import name_key
from services.members.store import identity

CONTACTS_MAX = 2
SITS = frozenset({MemberState.CANDIDATE, MemberState.CONFIRMED})


async def describe_organization(
    connection: Connection,
    organization: str,
    asked: DescribeOrganization,
    *,
    subject: str,
    only_in: str | None,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Organization:
    """Change what an organisation is and keep what it was; the same again changes nothing.

    Each coordination it sits in is told of another name. `only_in` is the one coordination its
    seats must be in for `subject` to change it, None for an operator.

    Raises:
        NoSuchOrganization, OrganizationGaveWay: there is none, or it was merged.
        OrganizationIsAnothers: it sits elsewhere too.
    """
    model.must_be_plain(asked, "name", "formerly", "reason")
    async with connection.transaction():
        found = await _held(connection, organization, only_in=only_in)
        row = model.Organization(
            organization=organization,
            name=asked.name,
            kind=asked.kind,
            siret=asked.siret,
            siret_is_doubtful=asked.siret is not None and not model.is_siret(asked.siret),
            formerly=asked.formerly or (found.name if asked.name != found.name else found.formerly),
            rna=asked.rna,
            commune=asked.commune,
            name_key=name_key(asked.name),
        )
        if row != found:
            await identity.keep_change(
                connection, organization, subject=subject, reason=asked.reason, now=now
            )
            await identity.describe(connection, row)
        if row.name != found.name:
            facts = [
                OrganizationRenamed(
                    coordination=home.coordination,
                    organization=organization,
                    name=row.name,
                    formerly=found.name,
                    renamed_on=day_of(now),
                )
                for home in await identity.homes(connection, organization)
            ]
            await outbox.put(connection, facts, source=SOURCE, now=now, new_id=new_id)
    return row


async def merge_organization(
    connection: Connection,
    organization: str,
    asked: MergeOrganization,
    *,
    subject: str,
    only_in: str | None,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Organization:
    """Make one organisation of two and tell each coordination it sat in; return the one kept.

    Members keep their ids, the slug that gives way still resolves; again, nothing changes.

    Raises:
        MergesWithItself: both are one.
        NoSuchOrganization, OrganizationGaveWay: one of them is not, or was merged elsewhere.
        OrganizationIsAnothers: the one that gives way sits outside `only_in`.
        BothSit: both sit in one coordination.
    """
    if organization == asked.into:
        raise MergesWithItself(organization)
    model.must_be_plain(asked, "reason")
    async with connection.transaction():
        first, second = sorted((organization, asked.into))
        held = {slug: await identity.lock(connection, slug) for slug in (first, second)}
        gone, kept = held[organization], held[asked.into]
        if gone is not None and gone.merged_into == asked.into and kept is not None:
            return kept
        for slug, one in ((organization, gone), (asked.into, kept)):
            _must_stand(slug, one)
        await _must_be_theirs(connection, organization, only_in)
        await _must_not_both_sit(connection, organization, asked.into)
        await identity.keep_change(
            connection, organization, subject=subject, reason=asked.reason, now=now
        )
        moved = await identity.merge(connection, organization, asked.into)
        assert kept is not None, "it stands"
        facts = [
            OrganizationMerged(
                coordination=coordination,
                organization=asked.into,
                name=kept.name,
                merged=organization,
                merged_on=day_of(now),
            )
            for coordination in moved
        ]
        await outbox.put(connection, facts, source=SOURCE, now=now, new_id=new_id)
    return kept


async def name_contacts(
    connection: Connection, coordination: str, organization: str, persons: Sequence[UUID]
) -> list[UUID]:
    """Say through which one or two persons an organisation is reached here; none forgets them.

    Raises:
        TooManyContacts: more than two are given.
        ValueRepeats: one is given twice.
        NoSuchCoordination, NoSuchOrganization: one of them is not known.
        PersonIsNotTheirs: one is of another organisation or coordination, or was erased.
    """
    if len(persons) > CONTACTS_MAX:
        raise TooManyContacts(len(persons))
    model.must_name_once("persons", map(str, persons))
    async with connection.transaction():
        await coordination_of(connection, coordination)
        found = await identity.lock(connection, organization)
        if found is None:
            raise NoSuchOrganization(organization)
        kept = found.merged_into or organization
        theirs = await identity.reachable(connection, coordination, kept, persons)
        for person in persons:
            if person not in theirs:
                raise PersonIsNotTheirs(person)
        await identity.put_contacts(connection, coordination, kept, persons)
    return list(persons)


async def _held(
    connection: Connection, organization: str, *, only_in: str | None
) -> model.Organization:
    found = await identity.lock(connection, organization)
    standing = _must_stand(organization, found)
    await _must_be_theirs(connection, organization, only_in)
    return standing


def _must_stand(slug: str, found: model.Organization | None) -> model.Organization:
    if found is None:
        raise NoSuchOrganization(slug)
    if found.merged_into is not None:
        raise OrganizationGaveWay(slug, found.merged_into)
    return found


async def _must_be_theirs(connection: Connection, organization: str, only_in: str | None) -> None:
    if only_in is None:
        return
    homes = {one.coordination for one in await identity.homes(connection, organization)}
    if homes != {only_in}:
        raise OrganizationIsAnothers(organization)


async def _must_not_both_sit(connection: Connection, gone: str, kept: str) -> None:
    there = {one.coordination for one in await identity.homes(connection, kept)}
    for home in await identity.homes(connection, gone):
        if home.coordination in there and home.state in SITS:
            raise BothSit(home.coordination)
