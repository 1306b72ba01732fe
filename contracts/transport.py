"""TLS as everyone here speaks it: 1.2 at least, forward secrecy, and a name that is checked."""

import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import suppress
from functools import cache

VERSION_MIN = ssl.TLSVersion.TLSv1_2
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2; all those of TLS 1.3 are good."""
ROUNDS_MAX = 10
PLAIN = ("http", "nats", "ws")
NOT_YET_VALID, EXPIRED = 9, 10
NO_TLS = "il ne parle pas TLS 1.2 ou 1.3 à cette adresse"
WRONG_NAME = (62, 64)
"""Codes of OpenSSL: the name that was asked, or the address, is not the certificate's."""


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach a server that listens on `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def bracketed(host: str) -> str:
    """Return a host as an address writes it before a port."""
    return f"[{host}]" if ":" in host else host


@cache
def trusting(ca_file: str | None) -> ssl.SSLContext:
    """Return what a client verifies servers by: the authorities of a file, or the machine's own.

    The same is returned again for a file: authorities are read once.

    Raises:
        OSError: the file cannot be read, or holds no certificate.
    """
    context = ssl.create_default_context(cafile=ca_file or None)
    context.minimum_version = VERSION_MIN
    return context


def presenting(certificate_file: str, key_file: str) -> ssl.SSLContext:
    """Return what a server shows: its certificate, with what leads to its authority, and its key.

    Raises:
        OSError: a file cannot be read, or the key is not the certificate's.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = VERSION_MIN
    context.set_ciphers(CIPHERS)
    context.load_cert_chain(certificate_file, key_file, password="")  # Never asks a terminal.
    return context


def shake_hands(server: ssl.SSLContext, client: ssl.SSLContext, name: str | None) -> None:
    """Have a client meet a server in memory, by its name.

    Raises:
        ssl.SSLError: the client does not trust it; `why` says the reason.
    """
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(to_client, to_server, server_hostname=name)
    answering = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(ROUNDS_MAX):
        for one in (asking, answering):
            with suppress(ssl.SSLWantReadError):
                one.do_handshake()


def pair_fault(certificate: str | None, key: str | None) -> str | None:
    """Return in French why a certificate and its key cannot serve now; None when they can."""
    if certificate is None or key is None:
        return "le certificat et sa clé vont ensemble ; donnez les deux fichiers"
    try:
        server = presenting(certificate, key)
        client = ssl.create_default_context(cafile=certificate)
    except OSError as fault:
        return f"« {certificate} » et « {key} » ne font pas un certificat et sa clé ({fault})"
    client.check_hostname = False
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # By itself: who signed it is not asked.
    try:
        shake_hands(server, client, None)
    except ssl.SSLError as fault:
        return f"« {certificate} » ne peut servir : {why(fault)}"
    return None


def authority_fault(path: str | None) -> str | None:
    """Return in French why a file of authorities cannot be used; None when it can."""
    try:
        trusting(path)
    except OSError as fault:
        return f"« {path} » n'est pas un fichier d'autorités en PEM ({fault})"
    return None


def why(fault: BaseException | None) -> str | None:
    """Return in French what keeps a client from trusting a server; None when it is not that."""
    for one in _behind(fault):
        if isinstance(one, ssl.SSLCertVerificationError):
            if one.verify_code == EXPIRED:
                return "son certificat a expiré ; qui tient le serveur doit le renouveler"
            if one.verify_code == NOT_YET_VALID:
                return "son certificat n'est pas encore valable ; vérifiez l'heure de cette machine"
            if one.verify_code in WRONG_NAME:
                return "son certificat porte un autre nom ; vérifiez l'adresse demandée"
            return (
                "son certificat n'est signé par aucune autorité connue ici ; donnez le fichier "
                "de son autorité"
            )
        if isinstance(one, ssl.SSLError):
            return NO_TLS
    return None


def _behind(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        fault = fault.__cause__ or fault.__context__
