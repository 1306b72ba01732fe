"""An authority of this installation alone, and a certificate for each container that listens.

Files are written in place: containers mount them one by one and go on seeing the same file.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY = "authority"
AUTHORITY_DAYS, DAYS = 3650, 397
RENEWED_DAYS = 60
"""What has fewer days left is made again."""
SKEW = timedelta(hours=1)
PRIVATE = 0o600


def renew(folder: Path, names: Mapping[str, Sequence[str]], *, now: datetime) -> list[Path]:
    """Make what is missing or soon over, and return the files to mount; the authority's key stays.

    Args:
        folder: where `<name>.pem` and `<name>.tls.key` are kept.
        names: of each container, the names and addresses by which it is asked.
        now: an instant.
    """
    key, authority = _authority(folder, now)
    written = [folder / f"{AUTHORITY}.pem"]
    for name, known_as in names.items():
        certificate, private = folder / f"{name}.pem", folder / f"{name}.tls.key"
        if not _is_good(certificate, authority, known_as, now):
            own = ec.generate_private_key(ec.SECP256R1())
            shown = _signed(name, own, known_as, key, authority, now)
            _write(private, _private(own))
            _write(certificate, shown.public_bytes(Encoding.PEM))
        written += [certificate, private]
    return written


def _authority(folder: Path, now: datetime) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    certificate, private = folder / f"{AUTHORITY}.pem", folder / f"{AUTHORITY}.key"
    if certificate.exists():
        key = load_pem_private_key(private.read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key, x509.load_pem_x509_certificate(certificate.read_bytes())
    key = ec.generate_private_key(ec.SECP256R1())
    named = _name("CTIN")
    made = (
        _builder(named, named, key.public_key(), now, days=AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write(private, _private(key))
    _write(certificate, made.public_bytes(Encoding.PEM))
    return key, made


def _signed(
    name: str,
    own: ec.EllipticCurvePrivateKey,
    known_as: Sequence[str],
    key: ec.EllipticCurvePrivateKey,
    authority: x509.Certificate,
    now: datetime,
) -> x509.Certificate:
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    return (
        _builder(_name(name), authority.subject, own.public_key(), now, days=DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_known(known_as)), critical=False)
        .add_extension(issuer, critical=False)
        .sign(key, hashes.SHA256())
    )


def _builder(
    named: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    *,
    days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _is_good(
    path: Path, authority: x509.Certificate, known_as: Sequence[str], now: datetime
) -> bool:
    if not path.exists():
        return False
    found = x509.load_pem_x509_certificate(path.read_bytes())
    if found.not_valid_after_utc - now.astimezone(UTC) < timedelta(days=RENEWED_DAYS):
        return False
    named = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return list(named) == _known(known_as) and found.issuer == authority.subject


def _known(known_as: Sequence[str]) -> list[x509.GeneralName]:
    def one(name: str) -> x509.GeneralName:
        try:
            return x509.IPAddress(ip_address(name))
        except ValueError:
            return x509.DNSName(name)

    return [one(name) for name in known_as]


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, pem: bytes) -> None:
    path.touch(mode=PRIVATE)
    path.chmod(PRIVATE)
    path.write_bytes(pem)
