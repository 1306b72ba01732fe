"""Write a row once, and know what it cites."""

from services.chassis.database import Connection
from services.funding import store
from services.funding.errors import NotKnown, WrittenDiffers
from services.funding.model.references import AgreementRow, FunderRow, FundRow, PayeeRow
from services.funding.store import written as rows


async def write(
    connection: Connection, coordination: str, row: rows.Written, what: str, name: str
) -> None:
    """Write a row; the same one again changes nothing.

    Raises:
        WrittenDiffers: the name is that of another content.
    """
    if await rows.add(connection, coordination, row):
        return
    if await rows.one(connection, coordination, type(row), name) != row:
        raise WrittenDiffers(what, name)


async def must_know(
    connection: Connection,
    coordination: str,
    kind: type[FunderRow | FundRow | PayeeRow | AgreementRow],
    name: str | None,
    field: str,
) -> None:
    """Refuse a name that was never written; None is no name.

    Raises:
        NotKnown: it is one.
    """
    named = {FunderRow: "Le financeur", FundRow: "Le fonds", PayeeRow: "L'organisme"}
    if name is not None and await store.reference(connection, coordination, kind, name) is None:
        raise NotKnown(named.get(kind, "La convention"), name, field=field)
