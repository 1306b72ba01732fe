"""The certificate of a service: asked for outside loopback, proven at start, taken up when renewed.

Its files may be replaced while it runs: who connects after is shown the new certificate, who is
connected stays.
"""

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from contracts import transport
from services.chassis.settings import ServiceSettings

CODE = "E_TLS"


def refusal(field: str, sentence: str) -> SystemExit:
    """Return what ends a start: its code, the setting at fault, a French sentence."""
    return SystemExit(f"{CODE}, {field} : {sentence}.")


def must_be_safe(settings: ServiceSettings, *, prefix: str) -> None:
    """Check that nothing leaves this machine in the clear.

    Raises:
        SystemExit: something would, or the certificate cannot serve; the sentence says what to do.
    """
    certificate, key = settings.tls_certificate_file, settings.tls_key_file
    variable = f"{prefix}_TLS_CERTIFICATE_FILE".upper()
    if certificate is None and key is None and not transport.is_loopback(settings.host):
        raise refusal(
            variable,
            f"« {settings.host} » s'ouvre au-delà de cette machine et aucun certificat n'est "
            f"donné ; donnez ses fichiers par {variable} et {prefix.upper()}_TLS_KEY_FILE, ou "
            "écoutez 127.0.0.1",
        )
    if (certificate or key) and (fault := transport.pair_fault(certificate, key)):
        raise refusal(variable, fault)
    if fault := transport.authority_fault(settings.tls_ca_file):
        raise refusal(f"{prefix}_TLS_CA_FILE".upper(), fault)
    for field in msgspec.structs.fields(settings):
        url = getattr(settings, field.name)
        if not field.name.endswith("_url") or url is None:
            continue
        where = urlsplit(url)
        if where.scheme in transport.PLAIN and not transport.is_loopback(where.hostname or ""):
            raise refusal(
                f"{prefix}_{field.name}".upper(),
                f"« {where.scheme}://{where.hostname} » va en clair au-delà de cette machine ; "
                "écrivez https:// ou tls://",
            )


class Unusable(Exception):
    """New files of a certificate cannot serve; the message is the French reason."""


class Certificate:
    """What a running server shows, as its files are now."""

    def __init__(self, certificate: str, key: str) -> None:
        """Read both files.

        Raises:
            OSError: they cannot be read, or do not go together.
        """
        self._files = (certificate, key)
        self._seen = self._digest()
        self._refused = b""
        self.context = transport.presenting(certificate, key)

    def _digest(self) -> bytes:
        return b"".join(hashlib.sha256(Path(one).read_bytes()).digest() for one in self._files)

    def refresh(self) -> bool:
        """Take up the files when they changed, and return whether they had.

        Raises:
            Unusable: what they hold now cannot serve, said once; the former is still shown.
        """
        try:
            found = self._digest()
        except OSError:
            return False  # Between two files: the next look sees both.
        if found in (self._seen, self._refused):
            return False
        if fault := transport.pair_fault(*self._files):
            self._refused = found
            raise Unusable(fault)
        self.context.load_cert_chain(*self._files)
        self._seen = found
        return True
