"""What versions and sheets hold beside figures: chapters, each read by the room that keeps it.

A chapter gives the elements of a coordination's communes as a tier may read them. Another one is
added in the tuple below.
"""

from collections.abc import Awaitable, Callable
from datetime import date

from contracts.http.diagnostics.versions import VersionElement
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.model import figures, versions
from services.diagnostics.model.tiers import Leaving, leaving

Chapter = Callable[[Connection, str, Leaving, date], Awaitable[list[VersionElement]]]


async def known_figures(
    connection: Connection, coordination: str, to: Leaving, today: date
) -> list[VersionElement]:
    """Return exposures, needs and indicators of every commune, and the sums of the whole."""
    codes = sorted(await store.covered_codes(connection, coordination))
    rows = await store.area_rows(connection, coordination, codes)
    areas = [leaving(one, to) for one in figures.areas(rows, threshold=None)]
    return versions.of_areas(areas, today=today)


CHAPTERS: tuple[Chapter, ...] = (known_figures,)
