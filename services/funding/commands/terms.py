"""Write what rules and alerts look at: schedules, tags, payee conventions, lines and rules."""

from datetime import datetime

from contracts.http.funding.budget import WriteBudgetLine
from contracts.http.funding.rules import WriteEnforcement, WriteRule
from contracts.http.funding.terms import (
    WriteActionTags,
    WriteFundTags,
    WritePayeeConvention,
    WritePayeeTags,
    WriteSchedule,
)
from services.chassis.database import Connection
from services.funding import store
from services.funding.commands.written import must_know, write
from services.funding.errors import DaysReversed, NotKnown
from services.funding.errors.terms import (
    RuleLacks,
    ScheduleDiffers,
    ShareTooHigh,
    YearTwice,
)
from services.funding.model import caps, statutes
from services.funding.model.references import AgreementRow, FunderRow, FundRow, PayeeRow
from services.funding.model.terms import (
    ActionTagsRow,
    BudgetLineRow,
    FundTagsRow,
    PayeeConventionRow,
    PayeeTagsRow,
    RuleRow,
    ScheduleRow,
)
from services.funding.store import limits as limit_rows
from services.funding.store import written as rows


async def write_schedule(
    connection: Connection, coordination: str, agreement: str, asked: WriteSchedule
) -> ScheduleRow:
    """Write when a known agreement pays; the same one again changes nothing.

    Raises:
        NotKnown: the agreement was never written.
        ScheduleDiffers: the tranches do not add up to the agreement, or one is there twice.
        WrittenDiffers: the agreement has another schedule.
    """
    row = ScheduleRow(
        agreement,
        asked.ends_on,
        asked.report_due_on,
        asked.guaranteed,
        [one.tranche for one in asked.tranches],
        [one.kind.value for one in asked.tranches],
        [one.amount_cents for one in asked.tranches],
        [one.due_on for one in asked.tranches],
        [",".join(one.proofs) for one in asked.tranches],
    )
    async with connection.transaction():
        known = await store.reference(connection, coordination, AgreementRow, agreement)
        if known is None:
            raise NotKnown("La convention", agreement, field="agreement")
        total = sum(row.tranche_cents)
        if row.tranches and total != known.amount_cents:
            raise ScheduleDiffers(agreement, agreed_cents=known.amount_cents, told_cents=total)
        if len(set(row.tranches)) < len(row.tranches):
            raise ScheduleDiffers(agreement, agreed_cents=known.amount_cents, told_cents=None)
        if asked.ends_on is not None and asked.ends_on < known.signed_on:
            raise DaysReversed(known.signed_on, asked.ends_on)
        await write(connection, coordination, row, "L'échéancier de", agreement)
    return row


async def write_fund_tags(
    connection: Connection, coordination: str, fund: str, asked: WriteFundTags
) -> FundTagsRow:
    """Write the tags of a known fund; the same ones again change nothing.

    Raises:
        NotKnown: the fund was never written.
        WrittenDiffers: the fund has other tags.
    """
    row = FundTagsRow(
        fund,
        asked.programme,
        asked.instrument,
        asked.procedure,
        [one.value for one in asked.frameworks],
        asked.lapses_on,
    )
    async with connection.transaction():
        await must_know(connection, coordination, FundRow, fund, "fund")
        await write(connection, coordination, row, "Les repères du fonds", fund)
    return row


async def write_action_tags(
    connection: Connection, coordination: str, action: str, asked: WriteActionTags
) -> ActionTagsRow:
    """Write the tags of an action, which may be validated later; the same again change nothing.

    Raises:
        NotKnown: the owner is no known funder.
        WrittenDiffers: the action has other tags.
    """
    row = ActionTagsRow(
        action,
        asked.nature.value,
        asked.owner,
        asked.lead_competence,
        asked.delivery,
        [one.value for one in asked.frameworks],
    )
    async with connection.transaction():
        await must_know(connection, coordination, FunderRow, asked.owner, "owner")
        await write(connection, coordination, row, "Les repères de l'action", action)
    return row


async def write_payee_tags(
    connection: Connection, coordination: str, payee: str, asked: WritePayeeTags
) -> PayeeTagsRow:
    """Write the sector of a known payee; the same one again changes nothing.

    Raises:
        NotKnown: the payee was never written.
        WrittenDiffers: the payee is of the other sector.
    """
    row = PayeeTagsRow(payee, asked.sector.value)
    async with connection.transaction():
        await must_know(connection, coordination, PayeeRow, payee, "payee")
        await write(connection, coordination, row, "Le secteur de", payee)
    return row


async def write_payee_convention(
    connection: Connection, coordination: str, convention: str, asked: WritePayeeConvention
) -> PayeeConventionRow:
    """Write a convention with a known payee; the same one again changes nothing.

    Raises:
        NotKnown: the payee was never written.
        DaysReversed: it ends before it is signed.
        WrittenDiffers: the id names another convention.
    """
    if asked.ends_on < asked.signed_on:
        raise DaysReversed(asked.signed_on, asked.ends_on)
    row = PayeeConventionRow(
        convention, asked.payee, asked.signed_on, asked.ends_on, asked.reference
    )
    async with connection.transaction():
        await must_know(connection, coordination, PayeeRow, asked.payee, "payee")
        await write(connection, coordination, row, "La convention", convention)
    return row


async def write_line(
    connection: Connection, coordination: str, line: str, asked: WriteBudgetLine
) -> BudgetLineRow:
    """Write a budget line; the same one again changes nothing.

    Raises:
        LineNotAdmitted: a rule in force keeps its nature out of its kind.
        YearTwice: a year has two amounts.
        WrittenDiffers: the slug names another line.
    """
    credits_of = {one.year: one.payable_cents for one in asked.years}
    if len(credits_of) < len(asked.years):
        raise YearTwice(line)
    years = sorted(credits_of)
    row = BudgetLineRow(
        line,
        asked.name,
        asked.kind.value,
        asked.body_kind.value,
        asked.nature,
        asked.chapter,
        asked.ceiling_cents,
        years,
        [credits_of[year] for year in years],
    )
    async with connection.transaction():
        for rule in await limit_rows.enforced_rules(connection, coordination):
            if statutes.keeps_out(rule, row):
                caps.refuse_nature(rule, row)
        await write(connection, coordination, row, "La ligne", line)
    return row


async def write_rule(
    connection: Connection, coordination: str, rule: str, asked: WriteRule
) -> RuleRow:
    """Write a rule, which counts for nothing until it is enforced; the same again changes nothing.

    Raises:
        RuleLacks: a rule of its kind needs a field it has not.
        ShareTooHigh: a share is over the whole, or leaves nothing to others.
        WrittenDiffers: the slug names another rule.
    """
    row = RuleRow(
        rule,
        asked.scope.value,
        asked.scope_id,
        asked.kind.value,
        asked.source,
        asked.share,
        asked.higher_share,
        asked.months,
        asked.amount_cents,
        asked.line_kind.value if asked.line_kind else None,
        list(asked.natures),
    )
    if lack := statutes.lacks(row):
        raise RuleLacks(row.kind, lack)
    if high := statutes.share_too_high(row):
        raise ShareTooHigh(high)
    async with connection.transaction():
        await write(connection, coordination, row, "La règle", rule)
    return row


async def enforce_rule(
    connection: Connection,
    coordination: str,
    rule: str,
    asked: WriteEnforcement,
    *,
    now: datetime,
) -> None:
    """Hold the coordination to a rule from a day, and until one where it is given.

    The last word counts; the same said again changes nothing.

    Raises:
        NotKnown: the rule was never written.
        DaysReversed: it ends before it begins.
    """
    if asked.enforced_until is not None and asked.enforced_until < asked.enforced_from:
        raise DaysReversed(asked.enforced_from, asked.enforced_until)
    async with connection.transaction():
        if not await rows.hold_rule(connection, coordination, rule):
            raise NotKnown("La règle", rule, field="rule")
        await rows.add_enforcement(connection, coordination, rule, asked, at=now)
