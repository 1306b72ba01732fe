"""Write funders, funds, agreements and payees; keep what other services told."""

from contracts.events.members import FunderDecisionRecorded, OpinionAdopted
from contracts.events.roadmap import ActionValidated
from contracts.http.funding import (
    WriteFund,
    WriteFunder,
    WriteFundingAgreement,
    WritePayee,
)
from contracts.siret import is_siret
from services.chassis.database import Connection
from services.funding import store
from services.funding.errors import DaysReversed, NotKnown, WrittenDiffers
from services.funding.errors.references import SiretIsWrong
from services.funding.model.references import AgreementRow, FunderRow, FundRow, PayeeRow


async def write_funder(
    connection: Connection, coordination: str, funder: str, asked: WriteFunder
) -> FunderRow:
    """Write a funder; the same one again changes nothing.

    Raises:
        SiretIsWrong: the keys of its SIRET are wrong.
        WrittenDiffers: the slug names a funder with another content.
    """
    _check(asked.siret)
    row = FunderRow(funder, asked.name, asked.level.value, asked.legal_nature.value, asked.siret)
    async with connection.transaction():
        await _write_reference(connection, coordination, row, "Le financeur", funder)
    return row


async def write_fund(
    connection: Connection, coordination: str, fund: str, asked: WriteFund
) -> FundRow:
    """Write a fund of a known funder; the same one again changes nothing.

    Raises:
        NotKnown: the funder was never written.
        DaysReversed: the fund ends before it begins.
        WrittenDiffers: the slug names a fund with another content.
    """
    if asked.valid_until < asked.valid_from:
        raise DaysReversed(asked.valid_from, asked.valid_until)
    row = FundRow(
        fund,
        asked.name,
        asked.funder,
        asked.custody.value,
        asked.mode.value,
        asked.restriction.value,
        asked.valid_from,
        asked.valid_until,
        asked.ceiling_cents,
        asked.prefinancing_limit_cents,
    )
    async with connection.transaction():
        if await store.reference(connection, coordination, FunderRow, asked.funder) is None:
            raise NotKnown("Le financeur", asked.funder, field="funder")
        await _write_reference(connection, coordination, row, "Le fonds", fund)
    return row


async def write_agreement(
    connection: Connection, coordination: str, agreement: str, asked: WriteFundingAgreement
) -> AgreementRow:
    """Write a signed agreement of a known fund; the same one again changes nothing.

    Its action may be validated later: facts and writes come by different ways.

    Raises:
        NotKnown: the fund was never written.
        WrittenDiffers: the id names an agreement with another content.
    """
    row = AgreementRow(
        agreement, asked.fund, asked.amount_cents, asked.signed_on, asked.action, asked.reference
    )
    async with connection.transaction():
        if await store.reference(connection, coordination, FundRow, asked.fund) is None:
            raise NotKnown("Le fonds", asked.fund, field="fund")
        await _write_reference(connection, coordination, row, "La convention", agreement)
    return row


async def write_payee(
    connection: Connection, coordination: str, payee: str, asked: WritePayee
) -> PayeeRow:
    """Write a payee; the same one again changes nothing.

    Raises:
        SiretIsWrong: the keys of its SIRET are wrong, or it is another body's than its SIREN.
        WrittenDiffers: the slug names a payee with another content.
    """
    _check(asked.siret, asked.siren)
    row = PayeeRow(payee, asked.name, asked.siren, asked.siret, asked.rna)
    async with connection.transaction():
        await _write_reference(connection, coordination, row, "Le bénéficiaire", payee)
    return row


def _check(siret: str | None, siren: str | None = None) -> None:
    """Refuse a SIRET that no establishment has, before it is published."""
    if siret is None:
        return
    if not is_siret(siret) or (siren is not None and not siret.startswith(siren)):
        raise SiretIsWrong(siret)


async def _write_reference(
    connection: Connection, coordination: str, row: store.Reference, what: str, name: str
) -> None:
    if await store.add_reference(connection, coordination, row):
        return
    if await store.reference(connection, coordination, type(row), name) != row:
        raise WrittenDiffers(what, name)


async def open_action(connection: Connection, fact: ActionValidated) -> None:
    """Open an action to earmarks and awards; validated again, its latest budget counts."""
    await store.open_action(connection, fact)


async def keep_opinion(connection: Connection, fact: OpinionAdopted) -> None:
    """Keep an adopted opinion, which awards will cite; told twice, it is kept once."""
    await store.add_opinion(connection, fact)


async def keep_decision(connection: Connection, fact: FunderDecisionRecorded) -> None:
    """Keep a funder's decision, which awards will cite; told twice, it is kept once."""
    await store.add_decision(connection, fact)
