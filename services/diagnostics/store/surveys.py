"""Rows of survey campaigns, of their results and of what follows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.diagnostics.model.surveys import CampaignRow, FollowUpRow, ResultLine, ResultRow
from services.diagnostics.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "campaign": CampaignRow,
    "lock_campaign": CampaignRow,
    "campaigns": CampaignRow,
    "survey_results": ResultRow,
    "follow_ups": FollowUpRow,
}


async def add_campaign(connection: Connection, row: CampaignRow, now: datetime) -> bool:
    """Keep a campaign; return False if the id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_campaign"], *values, now) is not None


async def set_campaign(connection: Connection, row: CampaignRow) -> None:
    """Keep a campaign as it becomes."""
    await connection.execute(SQL["set_campaign"], *msgspec.structs.astuple(row))


async def campaign(
    connection: Connection, coordination: str, campaign_id: UUID
) -> CampaignRow | None:
    """Return one campaign."""
    row = await connection.fetchrow(SQL["campaign"], coordination, campaign_id)
    return CampaignRow(*row) if row else None


async def lock_campaign(
    connection: Connection, coordination: str, campaign_id: UUID
) -> CampaignRow | None:
    """Return one campaign, held until the end of the transaction."""
    row = await connection.fetchrow(SQL["lock_campaign"], coordination, campaign_id)
    return CampaignRow(*row) if row else None


async def campaigns(
    connection: Connection,
    coordination: str,
    wanted: tuple[str | None, str | None, str | None, str | None],
    after: UUID,
    most: int,
) -> list[CampaignRow]:
    """Return the campaigns above `after`, of a state, a commune, a kind of subject, a subject."""
    rows = await connection.fetch(SQL["campaigns"], coordination, *wanted, after, most)
    return [CampaignRow(*row) for row in rows]


async def put_results(
    connection: Connection,
    coordination: str,
    campaign_id: UUID,
    lines: Sequence[ResultLine],
    now: datetime,
) -> set[tuple[str, str, str]]:
    """Write counts of answers; return commune, question and answer of those that changed."""
    columns = [list(column) for column in zip(*map(msgspec.structs.astuple, lines), strict=True)]
    rows = await connection.fetch(SQL["put_results"], coordination, campaign_id, *columns, now)
    return {(row["commune"], row["question"], row["answer"]) for row in rows}


async def communes_of(
    connection: Connection,
    coordination: str,
    campaign_id: UUID,
    commune: str | None,
    after: str,
    most: int,
) -> list[str]:
    """Return the communes a campaign found something in, above `after`, at most `most`."""
    rows = await connection.fetch(
        SQL["survey_communes"], coordination, campaign_id, commune, after, most
    )
    return [row["commune"] for row in rows]


async def results(
    connection: Connection, coordination: str, campaign_id: UUID, communes: Sequence[str]
) -> list[ResultRow]:
    """Return the counts of a campaign in some communes."""
    rows = await connection.fetch(SQL["survey_results"], coordination, campaign_id, communes)
    return [ResultRow(*row) for row in rows]


async def put_follow_up(
    connection: Connection, coordination: str, campaign_id: UUID, rows: Sequence[FollowUpRow]
) -> None:
    """Keep what became of people."""
    values = [(coordination, campaign_id, *msgspec.structs.astuple(row)) for row in rows]
    await connection.executemany(SQL["put_follow_up"], values)


async def follow_ups(
    connection: Connection, coordination: str, campaign_id: UUID, communes: Sequence[str]
) -> list[FollowUpRow]:
    """Return what became of the people of some communes."""
    rows = await connection.fetch(SQL["follow_ups"], coordination, campaign_id, communes)
    return [FollowUpRow(*row) for row in rows]
