"""Reach endpoints that others chose, without being led to where nobody outside may go.

A name is resolved here, each of its addresses is checked, and the connection goes to the address
that was checked: a name that changes meanwhile leads nowhere. Redirections are not followed.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit

import httpx

from services.exchange.model.webhooks import Breaker, is_loopback, is_public, url_fault

ATTEMPT_SECONDS_MAX = 15.0
ANSWER_BYTES_MAX = 16 * 1024
PER_ENDPOINT_MAX = 4
"""Messages under way to one host at the same time, whoever subscribed with it."""
BREAKERS_MAX = 10_000


class NotDelivered(Exception):
    """An attempt that failed; the message is the French reason its owner is shown."""


class Endpoints:
    """Every host that is sent something, each with its own breaker and its own room."""

    def __init__(self, *, loopback: bool) -> None:
        """`loopback`: development, where this machine may be sent to."""
        self._loopback = loopback
        self._context = ssl.create_default_context()
        self._breakers: dict[tuple[str, int], Breaker] = {}
        self._rooms: dict[tuple[str, int], asyncio.Semaphore] = {}

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        """Give a client of one subscription: connections are shared with no other name."""
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
        async with httpx.AsyncClient(
            verify=self._context, trust_env=False, follow_redirects=False, limits=limits
        ) as client:
            yield client

    def waits(self, url: str) -> float:
        """Return the seconds for which an endpoint that failed too often is left alone."""
        breaker = self._breakers.get(_place(url))
        return breaker.waits(time.monotonic()) if breaker else 0.0

    async def post(
        self, client: httpx.AsyncClient, url: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        """Send a body and return the status and the beginning of the answer.

        Raises:
            NotDelivered: the endpoint may not be reached, or does not answer.
        """
        place = _place(url)
        port = place[1]
        if len(self._breakers) > BREAKERS_MAX:
            self._breakers.clear()
            self._rooms.clear()
        breaker = self._breakers.setdefault(place, Breaker())
        async with self._rooms.setdefault(place, asyncio.Semaphore(PER_ENDPOINT_MAX)):
            try:
                async with asyncio.timeout(ATTEMPT_SECONDS_MAX):
                    status, answer = await self._send(client, url, port, body, headers)
            except (httpx.HTTPError, OSError, TimeoutError, ssl.SSLError) as fault:
                breaker.told(good=False, now=time.monotonic())
                raise NotDelivered(_why(fault)) from fault
            except NotDelivered:
                breaker.told(good=False, now=time.monotonic())
                raise
        breaker.told(good=status < 500, now=time.monotonic())  # noqa: PLR2004
        return status, answer

    async def _send(
        self,
        client: httpx.AsyncClient,
        url: str,
        port: int,
        body: bytes,
        headers: dict[str, str],
    ) -> tuple[int, bytes]:
        parts = urlsplit(url)
        if url_fault(url, loopback=self._loopback) is not None:
            raise NotDelivered("L'adresse n'est plus admise.")
        address = await self._checked_address(str(parts.hostname), port)
        host = f"[{address}]" if ":" in address else address
        pinned = urlunsplit((parts.scheme, f"{host}:{port}", parts.path, parts.query, ""))
        request = client.build_request(
            "POST",
            pinned,
            content=body,
            headers={**headers, "host": parts.netloc, "user-agent": "ctin-webhooks/1"},
            timeout=ATTEMPT_SECONDS_MAX,
            extensions={"sni_hostname": parts.hostname},
        )
        answer = await client.send(request, stream=True)
        try:
            found = b""
            async for chunk in answer.aiter_raw():
                found += chunk
                if len(found) > ANSWER_BYTES_MAX:
                    break
            return answer.status_code, found[:ANSWER_BYTES_MAX]
        finally:
            await answer.aclose()

    async def _checked_address(self, name: str, port: int) -> str:
        """Return an address of a name once all its addresses are known to be admitted."""
        try:
            addresses = [str(ip_address(name))]
        except ValueError:
            loop = asyncio.get_running_loop()
            found = await loop.getaddrinfo(name, port, type=socket.SOCK_STREAM)
            addresses = [str(one[4][0]) for one in found]
        for one in addresses:
            if not (is_public(one) or (self._loopback and is_loopback(one))):
                raise NotDelivered("Ce nom mène à une adresse qui n'est pas sur Internet.")
        if not addresses:
            raise NotDelivered("Ce nom ne mène nulle part.")
        return addresses[0]


def _place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    assert parts.hostname is not None, "a subscription's address was checked"
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def _why(fault: BaseException) -> str:
    """Return in French what kept an attempt from its end, without naming an address."""
    if isinstance(fault, socket.gaierror):
        return "Ce nom ne mène nulle part."
    if isinstance(fault, (TimeoutError, httpx.TimeoutException)):
        return f"L'adresse ne répond pas en {ATTEMPT_SECONDS_MAX:.0f} s."
    if isinstance(fault, ssl.SSLError) or "certificate" in str(fault).lower():
        return "Le certificat de l'adresse n'est pas valable pour ce nom."
    return "L'adresse ne répond pas."
