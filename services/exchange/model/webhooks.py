"""What webhooks are made of, as pure functions: secrets, signatures, attempts, addresses.

Source: Standard Webhooks 1.0 (headers, signature `v1`, table of attempts).
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit
from uuid import UUID

SECRET_PREFIX = "whsec_"  # noqa: S105
DELAYS_SECONDS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Between an attempt and the next: ten attempts over three days."""
ATTEMPTS = len(DELAYS_SECONDS) + 1
_TRANSLATED = tuple(map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""IPv6 ranges that carry an IPv4 address to somewhere else."""


def secret_of(master: bytes, subscription: UUID, version: int) -> str:
    """Return the signing secret of a subscription, as its owner writes it down.

    Derived, so that no secret is stored: whoever reads the database alone can sign nothing.
    """
    named = f"ctin-webhook:{subscription}:{version}".encode()
    derived = hmac.new(hashlib.sha256(master).digest(), named, hashlib.sha256).digest()
    return SECRET_PREFIX + base64.b64encode(derived).decode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the signature `v1` of a message."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    assert key, "a secret is never empty"
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def next_attempt(attempts: int, *, now: datetime) -> datetime | None:
    """Return when to try again after `attempts` that failed, None after the last of the table."""
    assert attempts >= 1, "an attempt was made"
    if attempts >= ATTEMPTS:
        return None
    return now + timedelta(seconds=DELAYS_SECONDS[attempts - 1])


def is_public(address: str) -> bool:
    """Tell whether an IP address is one that anyone on the Internet may be sent to.

    Loopback, private, link-local, carrier, documentation, multicast and reserved ranges are not;
    nor is an IPv6 address that stands for such an IPv4 one.
    """
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if any(found in one for one in _TRANSLATED):
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved)


def is_loopback(address: str) -> bool:
    """Tell whether an IP address is this machine's own."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (mapped or found).is_loopback


def url_fault(url: str, *, loopback: bool) -> str | None:
    """Return in French what keeps a URL from being an endpoint, None when nothing does.

    With `loopback`, a development setting, `http` is admitted; where the name leads is checked
    at each connection.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "Cette adresse n'est pas une URL."
    admitted = {"https", "http"} if loopback else {"https"}
    if parts.scheme not in admitted or not parts.hostname or not url.isascii():
        return "Donnez une URL https, en ASCII."
    if parts.username or parts.password or parts.fragment or port == 0:
        return "L'URL ne porte ni identifiants, ni fragment, ni port nul."
    try:
        literal = ip_address(parts.hostname)
    except ValueError:
        return None
    admits = is_public(str(literal)) or (loopback and is_loopback(str(literal)))
    return None if admits else "Cette adresse n'est pas joignable depuis Internet."


class Breaker:
    """Stops trying an endpoint that keeps failing, whoever subscribed with it.

    Times are seconds of one clock, given by the caller.
    """

    FAILURES_MAX = 5
    OPEN_SECONDS = 30.0

    def __init__(self) -> None:
        """Begin closed: everything passes."""
        self._failures = 0
        self._until = 0.0

    def waits(self, now: float) -> float:
        """Return the seconds to wait before an attempt, zero when one may pass."""
        return max(0.0, self._until - now)

    def told(self, *, good: bool, now: float) -> None:
        """Learn how an attempt ended."""
        self._failures = 0 if good else self._failures + 1
        self._until = now + self.OPEN_SECONDS if self._failures >= self.FAILURES_MAX else 0.0
