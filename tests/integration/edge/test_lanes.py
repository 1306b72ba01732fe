"""Whoever floods the intake delays nobody else."""

from uuid import uuid4

import asyncpg
import msgspec

from contracts.streams import intake_subject
from services.chassis.streams import Message
from tests.integration.conftest import COORDINATION, until
from tests.integration.edge.conftest import LICENCE, attributes, exposure

COUNT = "fr.ctin.signals.exposure_count.v1"
FLOOD = 600


def message(institution):
    """A count under the open licence, which both may send."""
    body = exposure(agreement=None, licence=LICENCE, area_code="32013")
    headers = {f"ce-{name}": value for name, value in attributes(institution).items()}
    subject = intake_subject(institution, COORDINATION, COUNT)
    return Message(subject, msgspec.json.encode(body), headers)


async def received(edge, institution):
    return await edge.service.pool.fetchval(
        "SELECT count(*) FROM receipts WHERE institution = $1", institution
    )


async def test_one_message_is_answered_while_a_flood_before_it_still_waits(edge):
    """The one that floods is stopped on purpose, so that order alone is seen, not speed."""
    flooding, other = await edge.user("caf-31"), await edge.user("la-poste")
    await flooding.publish(message("caf-31"))
    await until(lambda: received(edge, "caf-31"), 60)
    stopped = await asyncpg.connect(edge.service.settings.database_url)
    async with stopped.transaction():  # What it may send is counted first: its turn waits here.
        await stopped.execute("SELECT 1 FROM allowances WHERE institution = 'caf-31' FOR UPDATE")
        for _ in range(FLOOD // 300):
            await flooding.publish_batch([message("caf-31") for _ in range(300)], batch=uuid4().hex)
        await other.publish(message("la-poste"))

        await until(lambda: received(edge, "la-poste"), 60)

        assert await received(edge, "caf-31") == 1
    await stopped.close()

    async def all_done():
        return await received(edge, "caf-31") == FLOOD + 1

    await until(all_done, 60)
    assert await received(edge, "la-poste") == 1
