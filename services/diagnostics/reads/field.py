"""What the field knows of communes, as counts: chapters of a version of the diagnostic.

Each answer is in the order of the communes, and a commune of which nothing is known is not in it.
No text is here: what inhabitants said never enters a version, which nobody can change.
"""

from collections.abc import Sequence

from services.chassis.database import Connection
from services.diagnostics.model.proofs import (
    ElementCount,
    SurveyCount,
    TestimonyCount,
    VisitCount,
)
from services.diagnostics.store import proofs


async def elements_of(
    connection: Connection, coordination: str, codes: Sequence[str]
) -> list[ElementCount]:
    """Return how many elements each of some communes has in each state.

    An element of several communes counts in each: these counts do not add up over communes.
    """
    return await proofs.elements_of(connection, coordination, codes)


async def surveys_of(
    connection: Connection, coordination: str, codes: Sequence[str]
) -> list[SurveyCount]:
    """Return how many campaigns found something in each of some communes, never what."""
    return await proofs.surveys_of(connection, coordination, codes)


async def testimonies_of(
    connection: Connection, coordination: str, codes: Sequence[str]
) -> list[TestimonyCount]:
    """Return how many testimonies stand in each of some communes."""
    return await proofs.testimonies_of(connection, coordination, codes)


async def visits_of(
    connection: Connection, coordination: str, codes: Sequence[str]
) -> list[VisitCount]:
    """Return how many visits each of some communes had, and when the last one was."""
    return await proofs.visits_of(connection, coordination, codes)
