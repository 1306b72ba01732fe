"""Write and adopt definitions, record what other bodies validate, tell late committees."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.events.members.priorities import DefinitionAdopted, ExternalValidationRecorded
from contracts.events.members.sessions import CommitteeIsLate
from contracts.http.members import priorities as bodies
from services.chassis import outbox
from services.chassis.database import Connection
from services.members import store as acts
from services.members.commands.seats import SOURCE, coordination_of
from services.members.errors.priorities import (
    DefinitionIsAdopted,
    NoSuchDefinition,
    OpinionDoesNotAdopt,
    ValidationIsEarly,
)
from services.members.errors.records import RecordDiffers
from services.members.model import definitions as model
from services.members.model.days import day_of
from services.members.model.minutes import sha256_of
from services.members.model.rhythm import lateness
from services.members.model.rules import must_be_plain
from services.members.store import attendance as told
from services.members.store import figures
from services.members.store import priorities as store


async def write_definition(
    connection: Connection,
    coordination: str,
    asked: bodies.WriteDefinition,
    *,
    definition_id: UUID,
    now: datetime,
) -> model.Definition:
    """Write the next version of the definition, which nobody adopted yet; again, the same.

    Raises:
        NoSuchCoordination: it was never founded.
        RecordDiffers: the id names a definition with another text.
        HoldsPersonalData, TextIsNotPlain: the text does not fit.
    """
    must_be_plain(asked, "text")
    async with connection.transaction():
        await coordination_of(connection, coordination)
        row = model.Definition(
            coordination=coordination,
            definition_id=definition_id,
            version=await store.next_version(connection, coordination),
            text=asked.text,
            text_sha256=sha256_of(asked.text),
            opinion_id=None,
            adopted_on=None,
        )
        if await store.add_definition(connection, row, now=now):
            return row
        found = await store.definition(connection, definition_id)
        assert found is not None, "its id is taken, and no definition is ever removed"
        if (found.coordination, found.text) != (coordination, asked.text):
            raise RecordDiffers("La définition", definition_id)
    return found


async def adopt_definition(
    connection: Connection,
    definition_id: UUID,
    asked: bodies.AdoptDefinition,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Definition:
    """Link a definition to the opinion that adopted it and tell the other services.

    By the same opinion again, nothing changes.

    Raises:
        NoSuchDefinition: there is none of this id.
        DefinitionIsAdopted: another opinion adopted it.
        OpinionDoesNotAdopt: the opinion was rejected, is of elsewhere or about something else.
    """
    async with connection.transaction():
        found = await store.definition(connection, definition_id, lock=True)
        if found is None:
            raise NoSuchDefinition(definition_id)
        if found.opinion_id == asked.opinion:
            return found
        if found.adopted_on is not None:
            raise DefinitionIsAdopted(found.version, found.adopted_on)
        opinion = await acts.opinion(connection, found.coordination, asked.opinion)
        if (
            opinion is None
            or opinion.outcome != "ADOPTED"
            or opinion.object not in {None, "DEFINITION"}
        ):
            raise OpinionDoesNotAdopt(asked.opinion)
        adopted = msgspec.structs.replace(
            found, opinion_id=asked.opinion, adopted_on=opinion.adopted_on
        )
        await store.adopt_definition(connection, adopted)
        fact = DefinitionAdopted(
            coordination=found.coordination,
            definition_id=definition_id,
            version=found.version,
            text=found.text,
            text_sha256=found.text_sha256,
            opinion_id=asked.opinion,
            adopted_on=opinion.adopted_on,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return adopted


async def record_validation(
    connection: Connection,
    coordination: str,
    asked: bodies.RecordValidation,
    *,
    validation_id: UUID,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Validation:
    """Record what another body validated and tell the other services; again, nothing changes.

    Raises:
        NoSuchCoordination: it was never founded.
        OpinionDoesNotAdopt: nothing was adopted here by this opinion.
        ValidationIsEarly: it is dated before the opinion.
        RecordDiffers: the id names a validation with another content.
    """
    must_be_plain(asked, "body", "reference")
    row = model.Validation(
        coordination=coordination,
        validation_id=validation_id,
        opinion_id=asked.opinion,
        body=asked.body,
        reference=asked.reference,
        validated_on=asked.validated_on,
    )
    async with connection.transaction():
        await coordination_of(connection, coordination)
        opinion = await acts.opinion(connection, coordination, asked.opinion)
        if opinion is None or opinion.outcome != "ADOPTED":
            raise OpinionDoesNotAdopt(asked.opinion)
        if asked.validated_on < opinion.adopted_on:
            raise ValidationIsEarly(opinion.adopted_on)
        if not await store.add_validation(connection, row, now=now):
            if await store.validation(connection, coordination, validation_id) != row:
                raise RecordDiffers("La validation", validation_id)
            return row
        fact = ExternalValidationRecorded(
            coordination=coordination,
            validation_id=validation_id,
            opinion_id=asked.opinion,
            body=asked.body,
            reference=asked.reference,
            validated_on=asked.validated_on,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return row


async def tell_late_committees(
    connection: Connection,
    *,
    after: tuple[str, str],
    most: int,
    now: datetime,
    new_id: Callable[[], UUID],
) -> tuple[str, str] | None:
    """Tell each committee that missed a period, once per period; return where to go on from.

    One that missed several while nobody looked is told for the last of them.
    """
    today = day_of(now)
    async with connection.transaction():
        found = await figures.rhythms(connection, None, now=now, after=after, most=most)
        for one in found:
            late = lateness(one, today=today)
            if late is None or not await told.add_lateness(
                connection, one.coordination, one.committee, late.due_on, now=now
            ):
                continue
            fact = CommitteeIsLate(
                coordination=one.coordination,
                committee=one.committee,
                due_on=late.due_on,
                last_met_on=day_of(one.last_met_at) if one.last_met_at else None,
                missed_periods=late.periods,
            )
            await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    last = found[-1] if len(found) == most else None
    return (last.coordination, last.committee) if last else None
