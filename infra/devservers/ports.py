"""TCP ports of this machine: a free one, a taken one, and what answers behind one."""

import errno
import http.client
import json
import socket
from typing import Final

from infra.devservers.spawning import CannotStart

ANSWER_SECONDS_MAX: Final = 2
ANSWER_BYTES_MAX: Final = 1024 * 1024


def free_port() -> int:
    """Return a TCP port that nothing listens on; somebody may take it before you do."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def refuse_taken(port: int, host: str = "127.0.0.1") -> None:
    """Refuse a port that another program listens on, before its answer is taken for ours.

    Args:
        port: the port.
        host: the address that we want to listen on, one of this machine's or `0.0.0.0`.

    Raises:
        CannotStart: the port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        # Connections of a server that just died must not count as one that listens.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as fault:
            if fault.errno == errno.EADDRNOTAVAIL:
                raise CannotStart(f"« {host} » n'est pas une adresse de cette machine.") from fault
            raise CannotStart(
                f"Le port {port} est déjà occupé ; `--port-base` les déplace tous."
            ) from fault


def answer(port: int, path: str) -> dict[str, object]:
    """Return the JSON object that a port answers with a 200; an empty one for all the rest."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS_MAX)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read(ANSWER_BYTES_MAX)
    except (OSError, http.client.HTTPException):
        return {}
    finally:
        connection.close()
    told: dict[str, object] = json.loads(body) if response.status == http.HTTPStatus.OK else {}
    return told
