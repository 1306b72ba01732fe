"""Certificates that the tests make themselves, and the address under which outsiders reach us."""

import os
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import trustme

from contracts import transport

EVERYWHERE = "0.0.0.0"


def own_address() -> str:
    """An address of this machine that others could reach; its name where it has none."""
    for addresses in psutil.net_if_addrs().values():
        for one in addresses:
            if one.family == socket.AF_INET and not transport.is_loopback(one.address):
                with socket.socket() as probe:
                    try:
                        probe.bind((one.address, 0))
                    except OSError:
                        continue
                return one.address
    return "localhost"


class Certificates:
    """An authority, and the certificate of one stack, in files that may be written anew."""

    def __init__(self, folder: Path, name: str):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.name = folder, name
        self.certificate, self.key = folder / "shown.pem", folder / "shown.key"
        self.authority = trustme.CA()
        self.ca = folder / "authority.pem"
        self.authority.cert_pem.write_to_path(self.ca)
        self.stranger = folder / "stranger.pem"
        """An authority that signed nothing here."""
        trustme.CA().cert_pem.write_to_path(self.stranger)
        self.show()

    @property
    def yesterday(self) -> datetime:
        """When a certificate that is over was over."""
        return datetime.now(UTC) - timedelta(days=1)

    def show(self, *, expired: bool = False) -> None:
        """Write a certificate of today, or of yesterday, over the one that is there."""
        made = self.authority.issue_cert(self.name, not_after=self.yesterday if expired else None)
        made.private_key_pem.write_to_path(self.key)
        chain = b"".join(one.bytes() for one in made.cert_chain_pems)
        fresh = self.certificate.with_suffix(".new")
        fresh.write_bytes(chain)
        fresh.rename(self.certificate)

    @property
    def options(self) -> list[str]:
        """What `ctin up` is told."""
        return [
            *("--host", EVERYWHERE, "--name", self.name),
            *("--tls-certificate", str(self.certificate), "--tls-key", str(self.key)),
            *("--tls-ca", str(self.ca)),
        ]

    def trust_everywhere(self) -> None:
        """Have any program started from here trust the authority, as its own library wants it."""
        for variable in ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE"):
            os.environ[variable] = str(self.ca)

    @property
    def trust(self) -> ssl.SSLContext:
        """What our own requests verify by."""
        return transport.trusting(str(self.ca))
