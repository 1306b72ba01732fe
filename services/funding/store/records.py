"""Rows of what is written beside the ledger."""

from collections.abc import Sequence

import msgspec

from contracts.events.members import AwardShare, FunderDecisionRecorded, OpinionAdopted
from contracts.events.roadmap import ActionValidated
from services.chassis.database import Connection
from services.funding.model.references import (
    ActionRow,
    AgreementRow,
    FunderRow,
    FundRow,
    PayeeRow,
    PlanRow,
)
from services.funding.store.queries import SQL, R, rows_of

Reference = FunderRow | FundRow | AgreementRow | PayeeRow

_REFERENCES: dict[type[msgspec.Struct], tuple[str, str]] = {
    FunderRow: (SQL["add_funder"], SQL["funder"]),
    FundRow: (SQL["add_fund"], SQL["fund"]),
    AgreementRow: (SQL["add_agreement"], SQL["agreement"]),
    PayeeRow: (SQL["add_payee"], SQL["payee"]),
}


async def add_reference(connection: Connection, coordination: str, row: Reference) -> bool:
    """Write a funder, a fund, an agreement or a payee; return False if its name is taken."""
    add, _ = _REFERENCES[type(row)]
    done = await connection.execute(add, coordination, *msgspec.structs.astuple(row))
    return done == "INSERT 0 1"


async def reference(
    connection: Connection, coordination: str, kind: type[R], name: str
) -> R | None:
    """Return one funder, fund, agreement or payee."""
    _, read = _REFERENCES[kind]
    row = await connection.fetchrow(read, coordination, name)
    return kind(*row) if row else None


async def funds(connection: Connection, coordination: str, after: str, most: int) -> list[FundRow]:
    """Return the funds with a slug after `after`, at most `most`."""
    return await rows_of(connection, SQL["funds"], FundRow, coordination, after, most)


async def open_action(connection: Connection, fact: ActionValidated) -> None:
    """Open an action, or bring it to what was validated last."""
    await connection.execute(
        SQL["open_action"],
        fact.coordination,
        fact.action,
        fact.number,
        fact.title,
        fact.budget_cents,
        fact.decision,
        fact.validated_on,
    )


async def add_opinion(connection: Connection, fact: OpinionAdopted) -> None:
    """Keep an adopted opinion and its shares, once."""
    added = await connection.fetchval(
        SQL["add_opinion"], fact.coordination, fact.opinion_id, fact.title, fact.adopted_on
    )
    if added is not None:
        await connection.execute(
            SQL["add_opinion_awards"], fact.coordination, fact.opinion_id, *_shares(fact.awards)
        )


async def add_decision(connection: Connection, fact: FunderDecisionRecorded) -> None:
    """Keep a funder's decision and its shares, once."""
    added = await connection.fetchval(
        SQL["add_decision"],
        fact.coordination,
        fact.decision_id,
        fact.funder,
        fact.body,
        fact.reference,
        fact.decided_on,
        fact.enforceable_since,
    )
    if added is not None:
        await connection.execute(
            SQL["add_decision_awards"], fact.coordination, fact.decision_id, *_shares(fact.awards)
        )


def _shares(awards: Sequence[AwardShare]) -> tuple[list[str], list[str], list[int]]:
    return (
        [share.action for share in awards],
        [share.fund for share in awards],
        [share.amount_cents for share in awards],
    )


async def actions(
    connection: Connection, coordination: str, after: str, most: int
) -> list[ActionRow]:
    """Return the actions with a slug after `after`, at most `most`."""
    return await rows_of(connection, SQL["actions"], ActionRow, coordination, after, most)


async def plans(
    connection: Connection, coordination: str, action_slugs: Sequence[str]
) -> list[PlanRow]:
    """Return what each fund brings to these actions."""
    return await rows_of(connection, SQL["plans"], PlanRow, coordination, list(action_slugs))
