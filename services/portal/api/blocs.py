"""The parts of a page that change alone, each read from the services it shows."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from litestar import Controller, Response, get

from contracts.http.diagnostics import MapData
from contracts.http.exchange import Partners
from services.chassis.policies import PUBLIC
from services.portal import reads
from services.portal.api.html import render
from services.portal.api.shown import (
    Measure,
    ThePeers,
    TheService,
    changes,
    checked_measure,
    checked_slug,
)
from services.portal.errors import NoSuchPart
from services.portal.model import geography, money
from services.portal.model.answers import Known
from services.portal.reads.peers import Peers

SIGNALS_SHOWN = 8
SIGNALS_MOST = 50
Shown = dict[str, Any]


def institution_names(partners: Known[Partners]) -> dict[str, str]:
    """Return the names of institutions by slug, as far as they are known."""
    found = partners.value.items if partners.value else []
    return {one.institution: one.name for one in found}


def _communes(data: Known[MapData]) -> dict[str, str]:
    found = data.value.points if data.value else []
    return {one.commune: one.name for one in found}


async def money_shown(peers: Peers, slug: str, _: str | None = None) -> Shown:
    """Return what the bloc of the pool shows."""
    pool = await reads.pool(peers, slug)
    value = pool.value
    return {
        "pool": pool,
        "stages": money.stage_lines(value.stages, value.reached) if value else [],
        "funders": money.funder_lines(value) if value else [],
    }


async def map_shown(
    peers: Peers, slug: str, measure: str | None = None, *, page: str = ""
) -> Shown:
    """Return what the bloc of the map shows; its form leads to `page` of the coordination."""
    data = await reads.communes(peers, slug, measure)
    if data.unknown and measure:  # A measure that is no longer there: show what there is.
        data = await reads.communes(peers, slug, None)
    return {
        "map": data,
        "map_page": page,
        "chart": geography.chart(data.value) if data.value else None,
        "points": geography.by_value(data.value.points) if data.value else [],
    }


async def _signals_shown(peers: Peers, slug: str, most: int) -> Shown:
    signals, partners, data = await asyncio.gather(
        reads.signals(peers, slug, most),
        reads.partners(peers, slug),
        reads.communes(peers, slug, None),
    )
    return {
        "signals": signals,
        "institutions": institution_names(partners),
        "communes": _communes(data),
    }


async def signals_shown(peers: Peers, slug: str, _: str | None = None) -> Shown:
    """Return what the bloc of the latest signals shows."""
    return await _signals_shown(peers, slug, SIGNALS_SHOWN)


async def all_signals_shown(peers: Peers, slug: str, _: str | None = None) -> Shown:
    """Return what the longer list of signals shows."""
    return await _signals_shown(peers, slug, SIGNALS_MOST)


async def partners_shown(peers: Peers, slug: str, _: str | None = None) -> Shown:
    """Return what the bloc of the partners' health shows."""
    return {"partners": await reads.partners(peers, slug)}


BLOCS: dict[str, tuple[str, Callable[[Peers, str, str | None], Awaitable[Shown]]]] = {
    "money": ("blocs/money.html", money_shown),
    "funds": ("blocs/funds.html", money_shown),
    "map": ("blocs/map.html", map_shown),
    "map-diagnostic": ("blocs/map.html", partial(map_shown, page="/diagnostic")),
    "signals": ("blocs/signals.html", signals_shown),
    "all-signals": ("blocs/signals.html", all_signals_shown),
    "partners": ("blocs/partners.html", partners_shown),
    "partners-detail": ("blocs/partners_detail.html", partners_shown),
}


class Blocs(Controller):
    """The parts of the pages, alone, for the script that keeps them fresh."""

    opt = PUBLIC.opt()
    include_in_schema = False

    @get("/c/{slug:str}/blocs/{bloc:str}")
    async def bloc(
        self, service: TheService, peers: ThePeers, slug: str, bloc: str, measure: Measure = None
    ) -> Response[str]:
        """Return one part of a page, as the page itself has it."""
        checked_slug(slug)
        if bloc not in BLOCS:
            raise NoSuchPart(bloc[:40])
        template, shown = BLOCS[bloc]
        moved, values = await asyncio.gather(
            changes(service, slug), shown(peers, slug, checked_measure(measure))
        )
        return render(template, slug=slug, changes=moved, **values)
