"""Draft, sign and end sharing agreements; record the licences of open data."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.events.members import AgreementEnded, AgreementSigned, LicenceRecorded
from contracts.http import members as bodies
from contracts.http.members import AgreementState
from services.chassis import outbox
from services.chassis.database import Connection
from services.members import model, store
from services.members.commands.seats import SOURCE, coordination_of
from services.members.errors import NoSuchAgreement, RecordDiffers, StepNotOpen


async def draft_agreement(
    connection: Connection,
    coordination: str,
    asked: bodies.DraftAgreement,
    *,
    agreement_id: UUID,
    now: datetime,
) -> model.Agreement:
    """Write a draft, which opens nothing; the same one again answers what it has become.

    Raises:
        NoSuchCoordination: it was never founded.
        RecordDiffers: the id names an agreement with another content.
        DaysAreReversed, InstitutionIsNotParty, TypeIsNotShared, AreasDoNotFit, ValueRepeats: as
            `model.must_open`.
    """
    model.must_be_plain(asked, "reference", "legal_basis")
    content = {name: getattr(asked, name) for name in asked.__struct_fields__ if name != "id"}
    draft = model.Agreement(
        coordination=coordination,
        agreement_id=agreement_id,
        **content,
        state=AgreementState.DRAFT.value,
        signed_on=None,
        end_reason=None,
    )
    async with connection.transaction():
        home = await coordination_of(connection, coordination)
        model.must_open(asked, home.communes)
        if await store.add_agreement(connection, draft, now=now):
            return draft
        found = await store.agreement(connection, agreement_id)
        assert found is not None, "its id is taken, and no agreement is ever removed"
        as_drafted = msgspec.structs.replace(
            found,
            state=draft.state,
            signed_on=None,
            end_reason=None,
            file_sha256=asked.file_sha256 and found.file_sha256,
        )
        if as_drafted != draft:
            raise RecordDiffers("La convention", agreement_id)
    return found


async def _locked(connection: Connection, agreement_id: UUID) -> model.Agreement:
    found = await store.agreement(connection, agreement_id, lock=True)
    if found is None:
        raise NoSuchAgreement(agreement_id)
    return found


async def sign_agreement(
    connection: Connection,
    agreement_id: UUID,
    asked: bodies.SignAgreement,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Agreement:
    """Put a draft in force and tell the other services; signing it again changes nothing.

    Raises:
        NoSuchAgreement: there is none of this id.
        StepNotOpen: it is over.
        RecordDiffers: it is signed on another day, or its file is another one.
    """
    async with connection.transaction():
        found = await _locked(connection, agreement_id)
        if asked.file_sha256 and found.file_sha256 not in {None, asked.file_sha256}:
            raise RecordDiffers("La convention", agreement_id, field="file_sha256")
        if found.state == AgreementState.SIGNED:
            known = (found.signed_on, found.file_sha256)
            if (asked.signed_on or known[0], asked.file_sha256 or known[1]) != known:
                raise RecordDiffers("La convention", agreement_id, field="signed_on")
            return found
        signed = _moved(
            found,
            AgreementState.SIGNED,
            signed_on=asked.signed_on,
            file_sha256=asked.file_sha256 or found.file_sha256,
        )
        await store.sign_agreement(connection, signed, now=now)
        fact = _opened(signed)
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return signed


def _moved(found: model.Agreement, to: AgreementState, **changed: object) -> model.Agreement:
    if not model.is_open(AgreementState(found.state), to):
        raise StepNotOpen(found.agreement_id, state=found.state, to=to.value)
    return msgspec.structs.replace(found, state=to.value, **changed)


def _opened(signed: model.Agreement) -> AgreementSigned:
    return AgreementSigned(
        coordination=signed.coordination,
        agreement_id=signed.agreement_id,
        institution=signed.institution,
        reference=signed.reference,
        purposes=signed.purposes,
        publishes=signed.publishes,
        receives=signed.receives,
        areas=signed.areas,
        threshold=signed.threshold,
        valid_from=signed.valid_from,
        valid_until=signed.valid_until,
        retention_months=signed.retention_months,
    )


async def end_agreement(
    connection: Connection,
    agreement_id: UUID,
    asked: bodies.EndAgreement,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Agreement:
    """Close what a signed agreement opened and tell the other services; again, nothing changes.

    Raises:
        NoSuchAgreement: there is none of this id.
        StepNotOpen: it was never signed.
        RecordDiffers: it ended for another reason.
    """
    model.must_be_plain(asked, "reason")
    async with connection.transaction():
        found = await _locked(connection, agreement_id)
        if found.state == AgreementState.ENDED:
            if found.end_reason != asked.reason:
                raise RecordDiffers("La convention", agreement_id, field="reason")
            return found
        ended = _moved(found, AgreementState.ENDED, end_reason=asked.reason)
        await store.end_agreement(connection, agreement_id, asked.reason, now=now)
        fact = AgreementEnded(
            coordination=ended.coordination,
            agreement_id=agreement_id,
            institution=ended.institution,
            reason=asked.reason,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return ended


async def record_licence(
    connection: Connection,
    coordination: str,
    asked: bodies.RecordLicence,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Licence:
    """Record a licence and tell the other services; the same one again changes nothing.

    Raises:
        NoSuchCoordination: it was never founded.
        RecordDiffers: the slug names a licence with another content.
        ValueRepeats: an institution is given twice.
    """
    model.must_be_plain(asked, "producer", "label", "text", "vintage")
    model.must_name_once("institutions", asked.institutions)
    row = model.Licence(coordination, **msgspec.structs.asdict(asked))
    async with connection.transaction():
        await coordination_of(connection, coordination)
        if not await store.add_licence(connection, row, now=now):
            if await store.licence(connection, coordination, asked.licence) != row:
                raise RecordDiffers("La licence", asked.licence, field="licence")
            return row
        fact = LicenceRecorded(
            coordination=coordination,
            licence=asked.licence,
            producer=asked.producer,
            label=asked.label,
            text=asked.text,
            threshold=asked.threshold,
            institutions=asked.institutions,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return row
