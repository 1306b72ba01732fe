"""Where a stack is reached: the address it listens on, its name, and by which certificate."""

import argparse
import ssl
from ipaddress import ip_address
from pathlib import Path

import msgspec

from contracts import transport
from services.chassis import tls

HOST = "127.0.0.1"


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """By default this machine alone, in the clear. With a certificate, NATS and HTTP speak TLS."""

    host: str = HOST
    name: str = ""
    """What the certificate carries and addresses say; `host` when empty."""
    certificate: Path | None = None
    key: Path | None = None
    ca: Path | None = None
    """Who signed the certificate; without it, an authority this machine knows."""

    @property
    def known_as(self) -> str:
        """What stands for the host in addresses."""
        return transport.bracketed(self.name or self.host)

    @property
    def is_secure(self) -> bool:
        """Whether NATS and HTTP speak TLS there."""
        return self.certificate is not None

    @property
    def ca_file(self) -> str | None:
        """The file of authorities, as clients are told it."""
        return str(self.ca) if self.ca else None

    @property
    def trust(self) -> ssl.SSLContext:
        """What this stack's own clients verify it by."""
        return transport.trusting(self.ca_file)


def add_door(verb: argparse.ArgumentParser) -> None:
    """Declare the options of `opened`."""
    door = verb.add_argument_group("au-delà de cette machine")
    door.add_argument("--host", default=HOST, help="adresse où NATS et les services écoutent")
    door.add_argument("--name", help="nom que porte le certificat ; l'adresse sinon")
    door.add_argument("--tls-certificate", type=Path, help="certificat et sa chaîne, en PEM")
    door.add_argument("--tls-key", type=Path, help="clé privée du certificat, en PEM")
    door.add_argument("--tls-ca", type=Path, help="autorité du certificat, si elle est à vous")


def opened(
    *, host: str, name: str | None, certificate: Path | None, key: Path | None, ca: Path | None
) -> Door:
    """Return the door that an operator asks for, its files by their whole names.

    Raises:
        SystemExit: it would let something out in the clear, or its own clients would not trust it;
            the sentence says what to do.
    """
    named = "" if name is None else name
    try:
        anywhere = host != "localhost" and ip_address(host).is_unspecified
    except ValueError:
        raise tls.refusal("--host", f"« {host} » n'est pas une adresse IP") from None
    if not transport.is_loopback(host):
        if certificate is None and key is None:
            raise tls.refusal(
                "--tls-certificate",
                f"« {host} » s'ouvre au-delà de cette machine et aucun certificat n'est donné ; "
                "donnez --tls-certificate, --tls-key et, s'il y a lieu, --tls-ca, ou laissez "
                f"--host à {HOST}",
            )
        if anywhere and not named:
            raise tls.refusal(
                "--name",
                f"« {host} » n'est pas une adresse où l'on vous joint ; donnez le nom que porte "
                "le certificat",
            )
    door = Door(host=host, name=named, **_whole(certificate=certificate, key=key, ca=ca))
    if certificate is not None or key is not None:
        _must_be_trusted(door)
    return door


def _whole(**paths: Path | None) -> dict[str, Path | None]:
    return {name: path.resolve() if path else None for name, path in paths.items()}


def _must_be_trusted(door: Door) -> None:
    """Have our own client meet our own server, before anyone waits for it."""
    pair = [str(one) if one else None for one in (door.certificate, door.key)]
    if fault := transport.pair_fault(*pair):
        raise tls.refusal("--tls-certificate", fault)
    if fault := transport.authority_fault(door.ca_file):
        raise tls.refusal("--tls-ca", fault)
    name = door.name or door.host
    try:
        transport.shake_hands(
            transport.presenting(str(door.certificate), str(door.key)), door.trust, name
        )
    except ssl.SSLError as error:
        raise tls.refusal(
            "--tls-certificate",
            f"nos propres services ne s'y fieraient pas sous le nom « {name} » : "
            f"{transport.why(error)}",
        ) from None
