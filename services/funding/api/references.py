"""Routes of funders, funds, agreements and payees."""

from litestar import Controller, get, put
from litestar.params import JSONBody

from contracts.http.funding import (
    Custody,
    Fund,
    Funder,
    FunderLevel,
    FundingAgreement,
    FundMode,
    Funds,
    LegalNature,
    Payee,
    Restriction,
    WriteFund,
    WriteFunder,
    WriteFundingAgreement,
    WritePayee,
)
from services.funding import commands, reads
from services.funding.api.asking import READ, WRITE, Cited, Cursor, Here, Limit, Named, TheService
from services.funding.model.references import FundRow


class References(Controller):
    """Who brings money, under which terms, and who is paid."""

    tags = ("Références du financement",)

    @put("/v1/coordinations/{coordination:str}/funders/{funder:str}", opt=WRITE.opt())
    async def write_funder(
        self,
        service: TheService,
        coordination: Here,
        funder: Named,
        data: JSONBody[WriteFunder],
    ) -> Funder:
        """Write a funder; the same one again answers the same."""
        async with service.write() as connection:
            row = await commands.write_funder(connection, coordination, funder, data)
        return Funder(
            id=row.funder,
            name=row.name,
            level=FunderLevel(row.level),
            legal_nature=LegalNature(row.legal_nature),
            siret=row.siret,
        )

    @put("/v1/coordinations/{coordination:str}/funds/{fund:str}", opt=WRITE.opt())
    async def write_fund(
        self,
        service: TheService,
        coordination: Here,
        fund: Named,
        data: JSONBody[WriteFund],
    ) -> Fund:
        """Write a fund; the same one again answers the same."""
        async with service.write() as connection:
            row = await commands.write_fund(connection, coordination, fund, data)
        return _fund(row)

    @get("/v1/coordinations/{coordination:str}/funds", opt=READ.opt())
    async def funds(
        self,
        service: TheService,
        coordination: Here,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Funds:
        """Return a page of funds, by slug."""
        async with service.read() as connection:
            found, following = await reads.funds(
                connection, coordination, after=cursor or "", most=limit
            )
        return Funds(items=[_fund(row) for row in found], cursor=following)

    @put("/v1/coordinations/{coordination:str}/funding-agreements/{agreement:str}", opt=WRITE.opt())
    async def write_agreement(
        self,
        service: TheService,
        coordination: Here,
        agreement: Cited,
        data: JSONBody[WriteFundingAgreement],
    ) -> FundingAgreement:
        """Write a funding agreement; the same one again answers the same."""
        async with service.write() as connection:
            row = await commands.write_agreement(connection, coordination, agreement, data)
        return FundingAgreement(
            id=row.agreement,
            fund=row.fund,
            amount_cents=row.amount_cents,
            signed_on=row.signed_on,
            action=row.action,
            reference=row.reference,
        )

    @put("/v1/coordinations/{coordination:str}/payees/{payee:str}", opt=WRITE.opt())
    async def write_payee(
        self,
        service: TheService,
        coordination: Here,
        payee: Named,
        data: JSONBody[WritePayee],
    ) -> Payee:
        """Write a payee; the same one again answers the same."""
        async with service.write() as connection:
            row = await commands.write_payee(connection, coordination, payee, data)
        return Payee(id=row.payee, name=row.name, siren=row.siren, siret=row.siret, rna=row.rna)


def _fund(row: FundRow) -> Fund:
    return Fund(
        id=row.fund,
        name=row.name,
        funder=row.funder,
        custody=Custody(row.custody),
        mode=FundMode(row.mode),
        restriction=Restriction(row.restriction),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        ceiling_cents=row.ceiling_cents,
        prefinancing_limit_cents=row.prefinancing_limit_cents,
    )
