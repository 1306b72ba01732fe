"""Ask the other services, and remember their last good answers for when they are away."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar, cast

import httpx
import msgspec
from joserfc.jwk import OKPKey

from contracts import transport
from services.chassis import ids
from services.chassis.log import logger
from services.portal.model.answers import Known
from services.portal.reads.token import NotGranted, Token
from services.portal.settings import Settings

T = TypeVar("T")
ANSWERS_MAX = 2_000
CONNECTIONS_MAX = 50
AWAY = "ne répond pas"
NOT_ASKED = "n'a pu être interrogé, faute d'un jeton du service des membres"
REFUSES = "refuse la demande du portail"
STRANGE = "donne une réponse que le portail ne sait pas lire"
UNAUTHORIZED, FOUND_NOTHING, SERVER_FAULT = 401, 404, 500


class Peer(Enum):
    """The services that the portal asks, as a reader calls them."""

    MEMBERS = "des membres"
    FUNDING = "des financements"
    DIAGNOSTICS = "du diagnostic"
    ROADMAP = "de la feuille de route"
    EXCHANGE = "des échanges"


class Peers:
    """One HTTP client for all services; a question asked twice at once is asked once."""

    def __init__(self, settings: Settings, key: OKPKey) -> None:
        """Keep where the services are; nothing is opened before the first question."""
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(settings.answer_seconds_max, connect=1.0),
            limits=httpx.Limits(max_connections=CONNECTIONS_MAX),
            trust_env=False,
            verify=transport.trusting(settings.tls_ca_file),
        )
        self._urls = {
            Peer.MEMBERS: settings.members_url,
            Peer.FUNDING: settings.funding_url,
            Peer.DIAGNOSTICS: settings.diagnostics_url,
            Peer.ROADMAP: settings.roadmap_url,
            Peer.EXCHANGE: settings.exchange_url,
        }
        self._token = Token(self._http, settings.members_url, key)
        self._last: OrderedDict[str, tuple[object, datetime]] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Known[Any]]] = {}

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def ask(
        self, peer: Peer, path: str, kind: type[T], asked: Mapping[str, str | int] | None = None
    ) -> Known[T]:
        """Return what `peer` answers at `path`, or what it last answered; never fails."""
        url = self._url(peer, path, asked)
        task = self._asking.get(url)
        if task is None:
            task = asyncio.create_task(self._known(peer, url, kind))
            self._asking[url] = task
            task.add_done_callback(lambda _: self._asking.pop(url, None))
        return cast("Known[T]", await asyncio.shield(task))

    async def _known(self, peer: Peer, url: str, kind: type[T]) -> Known[T]:
        try:
            answer = await self._get(url)
            if answer.status_code == FOUND_NOTHING:
                return Known(service=peer.value, unknown=True)
            answer.raise_for_status()
            value = msgspec.json.decode(answer.content, type=kind)
        except httpx.HTTPStatusError as fault:
            refused = fault.response.status_code < SERVER_FAULT
            return self._old(peer, url, REFUSES if refused else AWAY, fault)
        except httpx.HTTPError as fault:
            return self._old(peer, url, AWAY, fault)
        except NotGranted as fault:
            # `members` alone was asked, for the token that any question takes.
            trouble = REFUSES if fault.refused else AWAY
            return self._old(peer, url, trouble if peer is Peer.MEMBERS else NOT_ASKED, fault)
        except msgspec.MsgspecError as fault:
            return self._old(peer, url, STRANGE, fault)
        at = ids.now()
        self._remember(url, value, at)
        return Known(service=peer.value, value=value, at=at)

    def remember(
        self,
        peer: Peer,
        path: str,
        value: object,
        at: datetime,
        asked: Mapping[str, str | int] | None = None,
    ) -> None:
        """Keep `value` as the last good answer of `peer` at `path`; the oldest kept gives way."""
        self._remember(self._url(peer, path, asked), value, at)

    def _remember(self, url: str, value: object, at: datetime) -> None:
        self._last[url] = (value, at)
        self._last.move_to_end(url)
        if len(self._last) > ANSWERS_MAX:
            self._last.popitem(last=False)

    def _url(self, peer: Peer, path: str, asked: Mapping[str, str | int] | None) -> str:
        return str(httpx.URL(self._urls[peer] + path, params=dict(asked or {})))

    async def _get(self, url: str) -> httpx.Response:
        token = await self._token.get()
        answer = await self._http.get(url, headers={"Authorization": f"Bearer {token}"})
        if answer.status_code == UNAUTHORIZED:  # `members` may have started with another key.
            self._token.forget(token)
            token = await self._token.get()
            answer = await self._http.get(url, headers={"Authorization": f"Bearer {token}"})
        return answer

    def _old(self, peer: Peer, url: str, trouble: str, fault: Exception) -> Known[Any]:
        logger().warning(
            "peer_trouble",
            peer=peer.name.lower(),
            path=httpx.URL(url).path,
            fault=str(fault) or type(fault).__name__,
        )
        value, at = self._last.get(url, (None, None))
        return Known(service=peer.value, value=value, at=at, trouble=trouble)
