"""Draft, sign, suspend and end sharing agreements; record the licences of open data."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.events.members import (
    AgreementEnded,
    AgreementResumed,
    AgreementSigned,
    AgreementSuspended,
    LicenceRecorded,
)
from contracts.http import members as bodies
from contracts.http.members import AgreementState
from services.chassis import outbox
from services.chassis.database import Connection
from services.members import model, store
from services.members.commands.seats import SOURCE, coordination_of
from services.members.errors import NoSuchAgreement, RecordDiffers, StepNotOpen
from services.members.errors.sharing import DraftIsSigned, PartyIsNotThere
from services.members.model.agreements import (
    draft_of,
    hashed,
    must_be_complete,
    must_be_signable,
    summary_of,
)
from services.members.model.days import day_of
from services.members.store import sharing as rows

_TEXTS = ("reference", "legal_basis", "legal_text", "dpia_reference", "register_reference")


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
        PartyIsNotThere, RoleIsMissing, HoldsPersonalData: as `must_be_complete`.
        DaysAreReversed, InstitutionIsNotParty, TypeIsNotShared, AreasDoNotFit, ValueRepeats: as
            `model.must_open`.
    """
    async with connection.transaction():
        await _must_be_written(connection, coordination, asked)
        draft = draft_of(coordination, agreement_id, asked)
        if await store.add_agreement(connection, draft, now=now):
            return draft
        found = await store.agreement(connection, agreement_id)
        assert found is not None, "its id is taken, and no agreement is ever removed"
        if _as_drafted(found, asked.file_sha256) != draft:
            raise RecordDiffers("La convention", agreement_id)
    return found


async def rewrite_agreement(
    connection: Connection, agreement_id: UUID, asked: bodies.DraftAgreement
) -> model.Agreement:
    """Write a draft anew, whole; written so again, nothing changes.

    Raises:
        NoSuchAgreement: there is none of this id.
        RecordDiffers: the body names another agreement.
        DraftIsSigned: a party signed it, or it is in force or over.
        Others: as `draft_agreement`.
    """
    if asked.id not in {None, agreement_id}:
        raise RecordDiffers("La convention", agreement_id)
    async with connection.transaction():
        found = await _locked(connection, agreement_id)
        if found.state != AgreementState.DRAFT or found.signed_parties:
            raise DraftIsSigned(agreement_id)
        await _must_be_written(connection, found.coordination, asked)
        draft = draft_of(found.coordination, agreement_id, asked)
        await rows.rewrite_agreement(connection, draft)
    return draft


async def _must_be_written(
    connection: Connection, coordination: str, asked: bodies.DraftAgreement
) -> None:
    model.must_be_plain(asked, *_TEXTS)
    must_be_complete(asked)
    home = await coordination_of(connection, coordination)
    model.must_open(asked, home.communes)


def _as_drafted(found: model.Agreement, file_sha256: str | None) -> model.Agreement:
    return msgspec.structs.replace(
        found,
        state=AgreementState.DRAFT.value,
        signed_on=None,
        end_reason=None,
        suspend_reason=None,
        summary_sha256=None,
        signed_parties=[],
        signed_days=[],
        file_sha256=file_sha256 and found.file_sha256,
    )


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
    by: str,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Agreement:
    """Put a draft in force and tell the other services; signing it again changes nothing.

    With a party, its signature alone is kept, and the draft is in force once each party signed.
    The summary that was read before signing is kept with it.

    Raises:
        NoSuchAgreement: there is none of this id.
        StepNotOpen: it is suspended, or over.
        RecordDiffers: it is signed on another day, or its file is another one.
        PartyIsNotThere: who signs is no party.
        HealthNeedsDpia: it shares health data and names no impact assessment.
    """
    async with connection.transaction():
        found = await _locked(connection, agreement_id)
        if asked.file_sha256 and found.file_sha256 not in {None, asked.file_sha256}:
            raise RecordDiffers("La convention", agreement_id, field="file_sha256")
        if asked.party is not None:
            found = await _signed_by(connection, found, asked, by=by, now=now)
            if found.state == AgreementState.SIGNED or set(found.parties) - set(
                found.signed_parties
            ):
                return found
            asked = bodies.SignAgreement(signed_on=max(found.signed_days))
        if found.state == AgreementState.SIGNED:
            known = (found.signed_on, found.file_sha256)
            if (asked.signed_on or known[0], asked.file_sha256 or known[1]) != known:
                raise RecordDiffers("La convention", agreement_id, field="signed_on")
            return found
        if found.state != AgreementState.DRAFT:
            to = AgreementState.SIGNED.value
            raise StepNotOpen(agreement_id, state=found.state, to=to)
        must_be_signable(found)
        summary = await _summary(connection, found)
        signed = _moved(
            found,
            AgreementState.SIGNED,
            signed_on=asked.signed_on,
            file_sha256=asked.file_sha256 or found.file_sha256,
            summary_sha256=hashed(summary),
        )
        await store.sign_agreement(connection, signed, summary=summary, now=now)
        fact = _opened(signed)
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return signed


async def _signed_by(
    connection: Connection,
    found: model.Agreement,
    asked: bodies.SignAgreement,
    *,
    by: str,
    now: datetime,
) -> model.Agreement:
    """Return an agreement with the signature of one party, kept while it is a draft."""
    assert asked.party is not None, "the caller looked"
    if asked.party not in found.parties:
        raise PartyIsNotThere("party", asked.party)
    known = dict(zip(found.signed_parties, found.signed_days, strict=True)).get(asked.party)
    if known and asked.signed_on not in {None, known}:
        raise RecordDiffers("La convention", found.agreement_id, field="signed_on")
    if found.state == AgreementState.SIGNED:
        return found
    if found.state != AgreementState.DRAFT:
        to = AgreementState.SIGNED.value
        raise StepNotOpen(found.agreement_id, state=found.state, to=to)
    must_be_signable(found)
    signed_on = known or asked.signed_on or day_of(now)
    await rows.add_signature(connection, found, asked.party, signed_on, by=by, now=now)
    if asked.file_sha256:
        await rows.keep_file(connection, found.agreement_id, asked.file_sha256)
    return await _locked(connection, found.agreement_id)


async def _summary(connection: Connection, row: model.Agreement) -> str:
    home = await coordination_of(connection, row.coordination)
    names = await rows.names(connection, [*row.parties, row.institution])
    return summary_of(row, coordination=home.name, names=names)


async def suspend_agreement(
    connection: Connection,
    agreement_id: UUID,
    asked: bodies.SuspendAgreement,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Agreement:
    """Close what a signed agreement opened, until it is resumed; again, nothing changes.

    Raises:
        NoSuchAgreement: there is none of this id.
        StepNotOpen: it is not in force.
        RecordDiffers: it is suspended for another reason.
    """
    model.must_be_plain(asked, "reason")
    async with connection.transaction():
        found = await _locked(connection, agreement_id)
        if found.state == AgreementState.SUSPENDED:
            if found.suspend_reason != asked.reason:
                raise RecordDiffers("La convention", agreement_id, field="reason")
            return found
        suspended = _moved(found, AgreementState.SUSPENDED, suspend_reason=asked.reason)
        await rows.suspend_agreement(connection, agreement_id, asked.reason, now=now)
        fact = AgreementSuspended(
            coordination=suspended.coordination,
            agreement_id=agreement_id,
            institution=suspended.institution,
            reason=asked.reason,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return suspended


async def resume_agreement(
    connection: Connection, agreement_id: UUID, *, now: datetime, new_id: Callable[[], UUID]
) -> model.Agreement:
    """Open again what a suspended agreement opened; in force already, nothing changes.

    Raises:
        NoSuchAgreement: there is none of this id.
        StepNotOpen: it was never signed, or is over.
    """
    async with connection.transaction():
        found = await _locked(connection, agreement_id)
        if found.state == AgreementState.SIGNED:
            return found
        if found.state != AgreementState.SUSPENDED:
            to = AgreementState.SIGNED.value
            raise StepNotOpen(agreement_id, state=found.state, to=to)
        resumed = _moved(found, AgreementState.SIGNED, suspend_reason=None)
        await rows.resume_agreement(connection, agreement_id)
        fact = AgreementResumed(
            coordination=resumed.coordination,
            agreement_id=agreement_id,
            institution=resumed.institution,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return resumed


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
