"""Routes of what rules and alerts look at: schedules, tags, lines, rules, proofs, help in kind."""

from litestar import Controller, get, put
from litestar.params import JSONBody

from contracts.http.funding.budget import BudgetLine, BudgetLines, WriteBudgetLine
from contracts.http.funding.contributions import (
    InKind,
    InKinds,
    SolicitationAnswer,
    Solicitations,
    WriteInKind,
    WriteSolicitation,
    WriteSolicitationAnswer,
)
from contracts.http.funding.proofs import Claim, Claims, Proof, WriteClaim, WriteProof
from contracts.http.funding.rules import Rule, Rules, WriteEnforcement, WriteRule
from contracts.http.funding.terms import (
    ActionTags,
    FundTags,
    PayeeConvention,
    PayeeTags,
    Schedule,
    WriteActionTags,
    WriteFundTags,
    WritePayeeConvention,
    WritePayeeTags,
    WriteSchedule,
)
from services.chassis import ids
from services.funding.api.asking import READ, WRITE, Cited, Cursor, Here, Limit, Named, TheService
from services.funding.commands import proofs
from services.funding.commands import terms as commands
from services.funding.reads import terms as reads

_HERE = "/v1/coordinations/{coordination:str}"


class Terms(Controller):
    """When agreements pay, and what funds, actions and payees are beside their money."""

    tags = ("Conventions et repères",)

    @put(f"{_HERE}/funding-agreements/{{agreement:str}}/schedule", opt=WRITE.opt())
    async def write_schedule(
        self,
        service: TheService,
        coordination: Here,
        agreement: Cited,
        data: JSONBody[WriteSchedule],
    ) -> Schedule:
        """Write when an agreement pays; the same one again answers the same."""
        async with service.write() as connection:
            row = await commands.write_schedule(connection, coordination, agreement, data)
        return reads.shown_schedule(row)

    @put(f"{_HERE}/funds/{{fund:str}}/tags", opt=WRITE.opt())
    async def write_fund_tags(
        self,
        service: TheService,
        coordination: Here,
        fund: Named,
        data: JSONBody[WriteFundTags],
    ) -> FundTags:
        """Write the tags of a fund; the same ones again answer the same."""
        async with service.write() as connection:
            row = await commands.write_fund_tags(connection, coordination, fund, data)
        return reads.shown(row, FundTags)

    @put(f"{_HERE}/actions/{{action:str}}/tags", opt=WRITE.opt())
    async def write_action_tags(
        self,
        service: TheService,
        coordination: Here,
        action: Named,
        data: JSONBody[WriteActionTags],
    ) -> ActionTags:
        """Write the tags of an action; the same ones again answer the same."""
        async with service.write() as connection:
            row = await commands.write_action_tags(connection, coordination, action, data)
        return reads.shown(row, ActionTags)

    @put(f"{_HERE}/payees/{{payee:str}}/tags", opt=WRITE.opt())
    async def write_payee_tags(
        self,
        service: TheService,
        coordination: Here,
        payee: Named,
        data: JSONBody[WritePayeeTags],
    ) -> PayeeTags:
        """Write the sector of a payee; the same one again answers the same."""
        async with service.write() as connection:
            row = await commands.write_payee_tags(connection, coordination, payee, data)
        return reads.shown(row, PayeeTags)

    @put(f"{_HERE}/payee-conventions/{{convention:str}}", opt=WRITE.opt())
    async def write_payee_convention(
        self,
        service: TheService,
        coordination: Here,
        convention: Cited,
        data: JSONBody[WritePayeeConvention],
    ) -> PayeeConvention:
        """Write a convention with a payee; the same one again answers the same."""
        async with service.write() as connection:
            row = await commands.write_payee_convention(connection, coordination, convention, data)
        return reads.shown(row, PayeeConvention)


class Limits(Controller):
    """Budget lines, and the rules a coordination holds itself to."""

    tags = ("Lignes et règles",)

    @put(f"{_HERE}/budget-lines/{{line:str}}", opt=WRITE.opt())
    async def write_line(
        self,
        service: TheService,
        coordination: Here,
        line: Named,
        data: JSONBody[WriteBudgetLine],
    ) -> BudgetLine:
        """Write a budget line; the same one again answers the same."""
        async with service.write() as connection:
            row = await commands.write_line(connection, coordination, line, data)
        return reads.shown_line(row)

    @get(f"{_HERE}/budget-lines", opt=READ.opt())
    async def lines(
        self,
        service: TheService,
        coordination: Here,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> BudgetLines:
        """Return a page of budget lines with what is committed and paid on each."""
        async with service.read() as connection:
            return await reads.lines(connection, coordination, after=cursor or "", most=limit)

    @put(f"{_HERE}/rules/{{rule:str}}", opt=WRITE.opt())
    async def write_rule(
        self,
        service: TheService,
        coordination: Here,
        rule: Named,
        data: JSONBody[WriteRule],
    ) -> Rule:
        """Write a rule, which counts for nothing until it is enforced."""
        async with service.write() as connection:
            row = await commands.write_rule(connection, coordination, rule, data)
        return reads.shown(row, Rule, enforced_from=None, enforced_until=None)

    @get(f"{_HERE}/rules", opt=READ.opt())
    async def rules(
        self,
        service: TheService,
        coordination: Here,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Rules:
        """Return a page of rules, with the days each is enforced."""
        async with service.read() as connection:
            return await reads.rules(connection, coordination, after=cursor or "", most=limit)

    @put(f"{_HERE}/rules/{{rule:str}}/enforcement", opt=WRITE.opt())
    async def enforce_rule(
        self,
        service: TheService,
        coordination: Here,
        rule: Named,
        data: JSONBody[WriteEnforcement],
    ) -> WriteEnforcement:
        """Hold the coordination to a rule, for the days given; the last word counts."""
        async with service.write() as connection:
            await commands.enforce_rule(connection, coordination, rule, data, now=ids.now())
        return data


class Proofs(Controller):
    """Proofs, and the claims that cite them."""

    tags = ("Justificatifs",)

    @put(f"{_HERE}/proofs/{{proof:str}}", opt=WRITE.opt())
    async def write_proof(
        self,
        service: TheService,
        coordination: Here,
        proof: Cited,
        data: JSONBody[WriteProof],
    ) -> Proof:
        """Register a proof; the same one again answers the same."""
        async with service.write() as connection:
            row = await proofs.write_proof(connection, coordination, proof, data)
        return reads.shown(row, Proof)

    @put(f"{_HERE}/claims/{{claim:str}}", opt=WRITE.opt())
    async def write_claim(
        self,
        service: TheService,
        coordination: Here,
        claim: Cited,
        data: JSONBody[WriteClaim],
    ) -> Claim:
        """Write what a fund is asked to pay back; the same again answers the same."""
        async with service.write() as connection:
            row = await proofs.write_claim(connection, coordination, claim, data)
        return reads.shown_claim(row)

    @get(f"{_HERE}/claims", opt=READ.opt())
    async def claims(
        self,
        service: TheService,
        coordination: Here,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Claims:
        """Return a page of claims, by id."""
        async with service.read() as connection:
            return await reads.claims(connection, coordination, after=cursor or "", most=limit)


class Contributions(Controller):
    """What is given that is no cash, and what is asked of who dematerialises."""

    tags = ("Contributions",)

    @put(f"{_HERE}/in-kind/{{contribution:str}}", opt=WRITE.opt())
    async def write_in_kind(
        self,
        service: TheService,
        coordination: Here,
        contribution: Cited,
        data: JSONBody[WriteInKind],
    ) -> InKind:
        """Write a contribution in kind; the same one again answers the same."""
        async with service.write() as connection:
            row = await proofs.write_in_kind(connection, coordination, contribution, data)
        return reads.shown(row, InKind)

    @get(f"{_HERE}/in-kind", opt=READ.opt())
    async def in_kinds(
        self,
        service: TheService,
        coordination: Here,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> InKinds:
        """Return a page of contributions in kind, apart from cash."""
        async with service.read() as connection:
            return await reads.in_kinds(connection, coordination, after=cursor or "", most=limit)

    @put(f"{_HERE}/solicitations/{{solicitation:str}}", opt=WRITE.opt())
    async def write_solicitation(
        self,
        service: TheService,
        coordination: Here,
        solicitation: Named,
        data: JSONBody[WriteSolicitation],
    ) -> WriteSolicitation:
        """Write that a body was asked to contribute; the same again answers the same."""
        async with service.write() as connection:
            await proofs.write_solicitation(connection, coordination, solicitation, data)
        return data

    @get(f"{_HERE}/solicitations", opt=READ.opt())
    async def solicitations(
        self,
        service: TheService,
        coordination: Here,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Solicitations:
        """Return a page of contributions asked for, with what was answered."""
        async with service.read() as connection:
            return await reads.solicitations(
                connection, coordination, after=cursor or "", most=limit
            )

    @put(f"{_HERE}/solicitations/{{solicitation:str}}/answers/{{answer:str}}", opt=WRITE.opt())
    async def write_answer(
        self,
        service: TheService,
        coordination: Here,
        solicitation: Named,
        answer: Cited,
        data: JSONBody[WriteSolicitationAnswer],
    ) -> SolicitationAnswer:
        """Write what a body answered; the same one again answers the same."""
        async with service.write() as connection:
            row = await proofs.write_answer(connection, coordination, solicitation, answer, data)
        return reads.shown_answer(row)


ROUTES = (Terms, Limits, Proofs, Contributions)
