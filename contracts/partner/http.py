"""How the exchange of a partner goes, asked over HTTP."""

from typing import Any

import msgspec

from contracts.partner import joining


def status(
    exchange: str, token: str, institution: str, coordination: str, *, ca_file: str = ""
) -> dict[str, Any]:
    """Return how the exchange of an institution goes in a coordination.

    Raises:
        NotJoined: the service is away, or refuses.
    """
    found = _asked(exchange, f"/v1/partners/{institution}/status", token, ca_file)
    path = f"/v1/coordinations/{coordination}/exchanges"
    return {**found, "exchanges": _asked(exchange, path, token, ca_file)}


def _asked(exchange: str, path: str, token: str, ca_file: str) -> dict[str, Any]:
    answer = joining.ask("GET", f"{exchange.rstrip('/')}{path}", token=token, ca_file=ca_file)
    return msgspec.json.decode(answer, type=dict[str, Any])
