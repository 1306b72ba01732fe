"""Questions about which territories are whose."""

from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.errors.imports import CoordinationIsNotKnownYet


async def must_be_known(connection: Connection, coordination: str) -> frozenset[str]:
    """Return the codes of a coordination's communes.

    Raises:
        CoordinationIsNotKnownYet: it has none here.
    """
    codes = await store.covered_codes(connection, coordination)
    if not codes:
        raise CoordinationIsNotKnownYet(coordination)
    return codes
