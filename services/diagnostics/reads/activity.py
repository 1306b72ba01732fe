"""What advisers did on a coordination's territory."""

import msgspec

from contracts.http.diagnostics.activity import PlaceActivity
from contracts.http.diagnostics.versions import Tier
from services.chassis.database import Connection
from services.diagnostics.model import activity as model
from services.diagnostics.model import tiers
from services.diagnostics.model.observed import SHARED
from services.diagnostics.model.tiers import Leaving
from services.diagnostics.reads.areas import must_be_known
from services.diagnostics.store import activity, geography

_FIGURES = msgspec.json.Decoder(dict[str, int])


async def of_coordination(
    connection: Connection, coordination: str, *, to: Leaving
) -> list[PlaceActivity]:
    """Return the latest activity told of each postal code and département, by place.

    Outside, small figures, and what would give them away, are not shown; the public reads the
    others rounded.

    Raises:
        CoordinationIsNotKnownYet: it has no commune here.
    """
    codes = await must_be_known(connection, coordination)
    return await _around(connection, coordination, codes, codes, to)


async def of_commune(
    connection: Connection, coordination: str, commune: str, *, to: Leaving
) -> list[PlaceActivity]:
    """Return the same of the postal codes and the département of one commune.

    Raises:
        CoordinationIsNotKnownYet: it has no commune here.
    """
    codes = await must_be_known(connection, coordination)
    return await _around(connection, coordination, codes, codes & {commune}, to)


async def _around(
    connection: Connection,
    coordination: str,
    codes: frozenset[str],
    wanted: frozenset[str],
    to: Leaving,
) -> list[PlaceActivity]:
    own = (await geography.national_communes(connection, sorted(wanted))).values()
    postal_codes = sorted({code for one in own for code in one.postal_codes})
    departments = sorted({one.department for one in own})
    rows = await activity.of_places(
        connection, coordination, postal_codes=postal_codes, departments=departments
    )
    having: dict[str, list[str]] = {}
    for one in await activity.sharing(connection, postal_codes):
        for code in one.postal_codes:
            having.setdefault(code, []).append(one.commune)
    return [_shown(row, having.get(row.place, []), codes, to) for row in rows]


def _shown(
    row: model.ActivityKept, communes: list[str], own: frozenset[str], to: Leaving
) -> PlaceActivity:
    threshold = None if to.tier is Tier.INSIDE else to.threshold
    kept = model.shown(_FIGURES.decode(row.figures), threshold=threshold)
    here = [code for code in communes if code in own]
    return PlaceActivity(
        place_kind=row.place_kind,
        place=row.place,
        communes=here,
        others=len(communes) - len(here),
        vintage=row.vintage,
        source=row.source,
        licence=row.licence,
        is_national=row.coordination == SHARED,
        figures={name: tiers.admitted(count, to) for name, count in kept.items()},
    )
