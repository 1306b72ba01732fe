"""Follow which coordination stands under which, what organisations are called, and who counts."""

from contracts.events.members import CoordinationPlaced, OrganizationRenamed
from contracts.http.funding.families import WriteCountedIn
from services.chassis.database import Connection
from services.funding import store
from services.funding.errors import NotKnown
from services.funding.errors.families import CountsInItself
from services.funding.model.families import CountedIn
from services.funding.model.references import FundRow
from services.funding.store import families


async def place_coordination(connection: Connection, fact: CoordinationPlaced) -> None:
    """Keep under which coordination another one stands; told twice, it is the same."""
    await families.place(connection, fact.coordination, fact.parent)


async def rename_organization(connection: Connection, fact: OrganizationRenamed) -> None:
    """Call the funder and the payee of this slug as their organisation is called from now on."""
    await families.rename(connection, fact.coordination, fact.organization, fact.name)


async def count_in(
    connection: Connection, coordination: str, fund: str, asked: WriteCountedIn
) -> None:
    """Say which fund above counts a fund's money already; the same again changes nothing.

    It is heard while that fund's coordination is above this one, which members tell.

    Raises:
        NotKnown: the fund was never written.
        CountsInItself: the other fund is of the same coordination.
    """
    counting = asked.counted_in
    if counting is not None and counting.coordination == coordination:
        raise CountsInItself(coordination)
    async with connection.transaction():
        if await store.reference(connection, coordination, FundRow, fund) is None:
            raise NotKnown("Le fonds", fund, field="fund")
        row = CountedIn(counting.coordination, counting.fund) if counting else None
        await families.count_in(connection, coordination, fund, row)
