"""The NATS client, which under a `tls://` address never goes on in the clear."""

import logging

import nats.errors
from nats.aio.client import Client

from contracts import transport

# The bare client keeps the protocol it had before TLS, of which asyncio warns at each end.
logging.getLogger("asyncio").addFilter(lambda said: "eof_received" not in str(said.msg))


class NotSecure(nats.errors.Error):
    """A server under a `tls://` address does not speak TLS."""


def distrust(fault: BaseException) -> str | None:
    """Return in French why a server is not trusted; None when a fault is not about that."""
    return transport.NO_TLS if isinstance(fault, NotSecure) else transport.why(fault)


class Connection(Client):
    """The bare client (2.16) believes a server, or who stands between, that denies TLS."""

    def _connect_command(self) -> bytes:
        """Return what identifies us, which the bare client sends whatever the server said.

        Raises:
            NotSecure: it would go in the clear.
        """
        asked = self._current_server is not None and self._current_server.uri.scheme == "tls"
        if asked and not self._server_info.get("tls_required"):
            raise NotSecure("the server does not speak TLS")
        return super()._connect_command()
