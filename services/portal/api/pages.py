"""The pages."""

import asyncio

from litestar import Controller, Response, get

from contracts.values import College
from services.chassis.policies import PUBLIC
from services.portal import reads
from services.portal.api import blocs
from services.portal.api.html import render
from services.portal.api.shown import (
    Measure,
    ThePeers,
    TheService,
    checked_insee,
    checked_measure,
    shell,
)
from services.portal.errors import NoSuchCommune


class Pages(Controller):
    """What a person opens."""

    opt = PUBLIC.opt()
    include_in_schema = False

    @get("/")
    async def home(self, peers: ThePeers) -> Response[str]:
        """Let the reader choose a coordination."""
        return render("home.html", coordinations=await reads.coordinations(peers))

    @get("/c/{slug:str}")
    async def screen(
        self, service: TheService, peers: ThePeers, slug: str, measure: Measure = None
    ) -> Response[str]:
        """Show the pool, the map, the latest signals and the partners' health on one page."""
        frame, *parts = await asyncio.gather(
            shell(service, peers, slug, ""),
            blocs.money_shown(peers, slug),
            blocs.map_shown(peers, slug, checked_measure(measure)),
            blocs.partners_shown(peers, slug),
            blocs.signals_shown(peers, slug),
        )
        shown = {name: value for part in parts for name, value in part.items()}
        return render("screen.html", shell=frame, **shown)

    @get("/c/{slug:str}/argent")
    async def money(self, service: TheService, peers: ThePeers, slug: str) -> Response[str]:
        """Show the pool by stage, by funder and by fund."""
        frame, shown = await asyncio.gather(
            shell(service, peers, slug, "/argent"), blocs.money_shown(peers, slug)
        )
        return render("money.html", shell=frame, **shown)

    @get("/c/{slug:str}/diagnostic")
    async def diagnostic(
        self, service: TheService, peers: ThePeers, slug: str, measure: Measure = None
    ) -> Response[str]:
        """Show the map of communes for one measure, and how far the field has confirmed it."""
        frame, shown, coverage, tours = await asyncio.gather(
            shell(service, peers, slug, "/diagnostic"),
            blocs.map_shown(peers, slug, checked_measure(measure), page="/diagnostic"),
            reads.element_coverage(peers, slug),
            reads.tours(peers, slug),
        )
        return render("diagnostic.html", shell=frame, coverage=coverage, tours=tours, **shown)

    @get("/c/{slug:str}/communes/{insee:str}")
    async def commune(
        self, service: TheService, peers: ThePeers, slug: str, insee: str
    ) -> Response[str]:
        """Show everything known of a commune."""
        frame, area, elements, partners = await asyncio.gather(
            shell(service, peers, slug, f"/communes/{checked_insee(insee)}"),
            reads.area(peers, slug, insee),
            reads.elements(peers, slug, insee),
            reads.partners(peers, slug),
        )
        if area.unknown:
            raise NoSuchCommune(insee)
        return render(
            "commune.html",
            shell=frame,
            area=area,
            elements=elements,
            insee=insee,
            institutions=blocs.institution_names(partners),
        )

    @get("/c/{slug:str}/gouvernance")
    async def governance(self, service: TheService, peers: ThePeers, slug: str) -> Response[str]:
        """Show the members, college by college."""
        frame, members = await asyncio.gather(
            shell(service, peers, slug, "/gouvernance"), reads.members(peers, slug)
        )
        found = members.value.items if members.value else []
        colleges = {
            college: [one for one in found if one.college == college]
            for college in (College.INSTITUTIONAL, College.DIGITAL_MEDIATION, College.PRIVATE)
        }
        return render("governance.html", shell=frame, members=members, colleges=colleges)

    @get("/c/{slug:str}/feuille-de-route")
    async def roadmap(self, service: TheService, peers: ThePeers, slug: str) -> Response[str]:
        """Show the action sheets and how far each is."""
        frame, sheets, members = await asyncio.gather(
            shell(service, peers, slug, "/feuille-de-route"),
            reads.sheets(peers, slug),
            reads.members(peers, slug),
        )
        found = members.value.items if members.value else []
        names = {one.organization: one.name for one in found}
        return render("roadmap.html", shell=frame, sheets=sheets, names=names)

    @get("/c/{slug:str}/echanges")
    async def exchange(self, service: TheService, peers: ThePeers, slug: str) -> Response[str]:
        """Show the partners' exchanges and the latest signals, refusals with their reason."""
        frame, *parts = await asyncio.gather(
            shell(service, peers, slug, "/echanges"),
            blocs.partners_shown(peers, slug),
            blocs.all_signals_shown(peers, slug),
        )
        shown = {name: value for part in parts for name, value in part.items()}
        return render("exchange.html", shell=frame, **shown)

    @get("/c/{slug:str}/annuaire")
    async def directory(self, service: TheService, peers: ThePeers, slug: str) -> Response[str]:
        """Say that the directory is not there yet, and what it will be."""
        return render("directory.html", shell=await shell(service, peers, slug, "/annuaire"))
