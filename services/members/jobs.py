"""What the members service does by the clock."""

import asyncio

from services.chassis import ids
from services.chassis.service import Service
from services.members.commands.definitions import tell_late_committees

TURN_SECONDS = 900.0
COMMITTEES_MAX = 100
"""How many committees one transaction looks at."""
FIRST = ("", "")


async def watch_committees(service: Service) -> None:
    """Tell, each quarter of an hour, the committees that do not meet as they said."""
    while True:
        after: tuple[str, str] | None = FIRST
        while after is not None:
            async with service.write() as connection:
                after = await tell_late_committees(
                    connection,
                    after=after,
                    most=COMMITTEES_MAX,
                    now=ids.now(),
                    new_id=ids.new_id,
                )
        await asyncio.sleep(TURN_SECONDS)
