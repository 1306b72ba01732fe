"""Register proofs and claims, and write contributions that are no cash."""

import msgspec

from contracts.http.funding.contributions import (
    WriteInKind,
    WriteSolicitation,
    WriteSolicitationAnswer,
)
from contracts.http.funding.proofs import WriteClaim, WriteProof
from services.chassis.database import Connection
from services.funding.commands.written import must_know, write
from services.funding.errors import NotKnown, WrittenDiffers
from services.funding.errors.limits import ProofExceeded
from services.funding.errors.terms import (
    ProofNotPaid,
)
from services.funding.model import caps
from services.funding.model.limits import ClaimedPart, ProofTerms
from services.funding.model.references import AgreementRow, FunderRow, FundRow
from services.funding.model.terms import (
    AnswerRow,
    ClaimRow,
    InKindRow,
    ProofRow,
    SolicitationRow,
)
from services.funding.store import limits as limit_rows
from services.funding.store import written as rows


async def write_proof(
    connection: Connection, coordination: str, proof: str, asked: WriteProof
) -> ProofRow:
    """Register a proof; liquidations that cite it from now on stay within its amount together.

    Raises:
        NotKnown: the agreement it is for was never written.
        WrittenDiffers: the id names another proof.
    """
    row = ProofRow(
        proof,
        asked.kind.value,
        asked.amount_cents,
        asked.issued_on,
        asked.paid_on,
        asked.agreement,
        asked.tranche,
    )
    async with connection.transaction():
        await must_know(connection, coordination, AgreementRow, asked.agreement, "agreement")
        await write(connection, coordination, row, "Le justificatif", proof)
    return row


async def write_claim(
    connection: Connection, coordination: str, claim: str, asked: WriteClaim
) -> ClaimRow:
    """Write what a fund is asked to pay back; each proof is held, so nothing is financed twice.

    Raises:
        NotKnown: the fund or a proof was never written.
        ProofNotPaid: an expense is not certified paid by the day of the claim.
        ProofExceeded: all funds together would finance more than a proof's amount.
        WrittenDiffers: the id names another claim.
    """
    row = ClaimRow(
        claim,
        asked.fund,
        asked.claimed_on,
        asked.advanced_by,
        asked.reference,
        [one.proof for one in asked.proofs],
        [one.eligible_cents for one in asked.proofs],
        [one.ineligible_cents for one in asked.proofs],
    )
    async with connection.transaction():
        await must_know(connection, coordination, FundRow, asked.fund, "fund")
        await must_know(connection, coordination, FundRow, asked.advanced_by, "advanced_by")
        held = await limit_rows.hold_proofs(connection, coordination, sorted(set(row.proofs)))
        if await rows.one(connection, coordination, ClaimRow, claim) is None:
            await _must_prove(connection, coordination, row, held)
        await write(connection, coordination, row, "La demande", claim)
    return row


async def _must_prove(
    connection: Connection,
    coordination: str,
    row: ClaimRow,
    held: dict[str, ProofTerms],
) -> None:
    sums, claimed = await limit_rows.financing(connection, coordination, row.proofs)
    parts = zip(row.proofs, row.eligible_cents, row.ineligible_cents, strict=True)
    for name, eligible, ineligible in parts:
        if name not in held:
            raise NotKnown("Le justificatif", name, field="proofs")
        proof = await rows.one(connection, coordination, ProofRow, name)
        assert proof is not None, "it is held"
        if proof.paid_on is None or proof.paid_on > row.claimed_on:
            raise ProofNotPaid(name, row.claimed_on)
        before = caps.financed(sums.get(name, {}), claimed.get(name, ()))
        asked = ClaimedPart(name, row.fund, row.advanced_by, eligible)
        after = caps.financed(sums.get(name, {}), [*claimed.get(name, ()), asked])
        whole = eligible + ineligible
        if after > proof.amount_cents or whole > proof.amount_cents:
            raise ProofExceeded(
                name,
                amount_cents=proof.amount_cents,
                used_cents=before,
                asked_cents=max(after - before, whole),
            )


async def write_in_kind(
    connection: Connection, coordination: str, contribution: str, asked: WriteInKind
) -> InKindRow:
    """Write a contribution in kind of a known funder; the same one again changes nothing.

    Raises:
        NotKnown: the funder was never written.
        WrittenDiffers: the id names another contribution.
    """
    row = InKindRow(
        contribution,
        asked.funder,
        asked.action,
        asked.kind.value,
        asked.what,
        asked.value_cents,
        asked.method,
        asked.received_on,
    )
    async with connection.transaction():
        await must_know(connection, coordination, FunderRow, asked.funder, "funder")
        await write(connection, coordination, row, "La contribution", contribution)
    return row


async def write_solicitation(
    connection: Connection, coordination: str, solicitation: str, asked: WriteSolicitation
) -> SolicitationRow:
    """Write that a body was asked to contribute; the same one again changes nothing.

    Raises:
        WrittenDiffers: the slug names another one.
    """
    row = SolicitationRow(solicitation, *msgspec.structs.astuple(asked))
    row = msgspec.structs.replace(row, sector=asked.sector.value)
    async with connection.transaction():
        await write(connection, coordination, row, "La sollicitation", solicitation)
    return row


async def write_answer(
    connection: Connection,
    coordination: str,
    solicitation: str,
    answer: str,
    asked: WriteSolicitationAnswer,
) -> AnswerRow:
    """Write what a body answered; the same one again changes nothing.

    Raises:
        NotKnown: nothing was asked under this slug, or the fund was never written.
        WrittenDiffers: the id names another answer.
    """
    row = AnswerRow(
        solicitation,
        answer,
        asked.status.value,
        asked.answered_on,
        asked.amount_cents,
        asked.fund,
    )
    async with connection.transaction():
        if await rows.one(connection, coordination, SolicitationRow, solicitation) is None:
            raise NotKnown("La sollicitation", solicitation, field="solicitation")
        await must_know(connection, coordination, FundRow, asked.fund, "fund")
        if not await rows.add_answer(connection, coordination, row):
            known = await rows.answers(connection, coordination, [solicitation])
            if row not in known:
                raise WrittenDiffers("La réponse", answer)
    return row
