"""Questions the pages ask: of the other services, and of the portal's own note of changes."""

from contracts.http.diagnostics import Area, MapData
from contracts.http.diagnostics.elements import ElementCoverage, Elements
from contracts.http.diagnostics.visits import Tours
from contracts.http.exchange import Partners, RecentSignals
from contracts.http.funding import Pool
from contracts.http.members import Coordination, Coordinations, Members
from contracts.http.roadmap import ActionSheets
from services.chassis.database import Connection
from services.portal import store
from services.portal.model.answers import Known
from services.portal.model.topics import Change
from services.portal.reads.peers import Peer, Peers

PAGE_MAX = 200
ANYONE = {"tier": "public"}
"""How exact the figures of pages are that everyone may open, though the portal could read more."""


async def changes(connection: Connection) -> list[Change]:
    """Return the last change of every topic of every coordination."""
    return await store.changes(connection)


async def changes_of(connection: Connection, slug: str) -> list[Change]:
    """Return the last change of every topic of one coordination."""
    return await store.changes_of(connection, slug)


async def coordinations(peers: Peers) -> Known[Coordinations]:
    """Return the coordinations there are to choose."""
    return await peers.ask(Peer.MEMBERS, "/v1/coordinations", Coordinations, {"limit": PAGE_MAX})


async def coordination(peers: Peers, slug: str) -> Known[Coordination]:
    """Return one coordination."""
    return await peers.ask(Peer.MEMBERS, f"/v1/coordinations/{slug}", Coordination)


async def members(peers: Peers, slug: str) -> Known[Members]:
    """Return the confirmed members of a coordination, the first `PAGE_MAX`."""
    path = f"/v1/coordinations/{slug}/members"
    return await peers.ask(Peer.MEMBERS, path, Members, {"state": "CONFIRMED", "limit": PAGE_MAX})


async def pool(peers: Peers, slug: str) -> Known[Pool]:
    """Return the pooled money of a coordination."""
    return await peers.ask(Peer.FUNDING, f"/v1/coordinations/{slug}/pool", Pool)


async def communes(peers: Peers, slug: str, measure: str | None) -> Known[MapData]:
    """Return the communes with one measure, the service's own choice when none is named."""
    asked = {**ANYONE, "measure": measure} if measure else ANYONE
    return await peers.ask(Peer.DIAGNOSTICS, f"/v1/coordinations/{slug}/map", MapData, asked)


async def area(peers: Peers, slug: str, insee: str) -> Known[Area]:
    """Return everything known of a commune."""
    path = f"/v1/coordinations/{slug}/areas/{insee}"
    return await peers.ask(Peer.DIAGNOSTICS, path, Area, ANYONE)


async def elements(peers: Peers, slug: str, insee: str) -> Known[Elements]:
    """Return what the field says of the risks of a commune, the first `PAGE_MAX`."""
    asked: dict[str, str | int] = {"commune": insee, "limit": PAGE_MAX}
    return await peers.ask(Peer.DIAGNOSTICS, f"/v1/coordinations/{slug}/elements", Elements, asked)


async def element_coverage(peers: Peers, slug: str) -> Known[ElementCoverage]:
    """Return how far the field has confirmed the risks of a coordination."""
    path = f"/v1/coordinations/{slug}/elements/coverage"
    return await peers.ask(Peer.DIAGNOSTICS, path, ElementCoverage)


async def tours(peers: Peers, slug: str) -> Known[Tours]:
    """Return how many communes each filled post has visited."""
    return await peers.ask(Peer.DIAGNOSTICS, f"/v1/coordinations/{slug}/tours", Tours)


async def sheets(peers: Peers, slug: str) -> Known[ActionSheets]:
    """Return the action sheets of a coordination, the first `PAGE_MAX`."""
    path = f"/v1/coordinations/{slug}/action-sheets"
    return await peers.ask(Peer.ROADMAP, path, ActionSheets, {"limit": PAGE_MAX})


async def signals(peers: Peers, slug: str, most: int) -> Known[RecentSignals]:
    """Return the latest signals."""
    path = f"/v1/coordinations/{slug}/signals"
    return await peers.ask(Peer.EXCHANGE, path, RecentSignals, {"limit": most})


async def partners(peers: Peers, slug: str) -> Known[Partners]:
    """Return the partners with the health of their exchange."""
    return await peers.ask(Peer.EXCHANGE, f"/v1/coordinations/{slug}/partners", Partners)
