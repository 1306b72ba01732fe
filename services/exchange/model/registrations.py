"""Invitations of institutions, their keys and the runs in which their systems show what they do."""

import hashlib
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from contracts import privacy
from contracts.events.exchange.access import PublicKey
from contracts.http.tokens import PublicJwk
from services.exchange.errors.access import KeyIsNotSound, NameIsNotPlain
from services.exchange.model.access import is_user_nkey

NOT_PLAIN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


class Invitation(msgspec.Struct, frozen=True):
    """Columns of an invitation."""

    invitation_id: UUID
    institution: str
    name: str
    code_sha256: str
    invited_by: str
    invited_at: datetime
    expires_at: datetime
    used_at: datetime | None


class Run(msgspec.Struct, frozen=True):
    """Columns of a conformance run; `steps` is JSON."""

    run_id: UUID
    institution: str
    started_by: str
    started_at: datetime
    ended_at: datetime | None
    passed: bool
    steps: str


def hash_of(code: str) -> str:
    """Return all that is kept of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


def must_be_a_name(name: str) -> None:
    """Refuse a name with control characters, or that holds a person's data.

    Raises:
        NameIsNotPlain: it does.
    """
    if any(unicodedata.category(one) in NOT_PLAIN for one in name) or privacy.scan(name):
        raise NameIsNotPlain


def must_be_nkey(nkey: str, *, field: str) -> str:
    """Return the public NKey of a user.

    Raises:
        KeyIsNotSound: its checksum is wrong, or it is no user's.
    """
    if not is_user_nkey(nkey):
        raise KeyIsNotSound(field, "une clé NKey publique d'utilisateur, qui commence par U")
    return nkey


def sound_jwk(asked: PublicJwk, *, field: str) -> tuple[str, str]:
    """Return thumbprint and kept text of a public key: its curve and its point, nothing else.

    Raises:
        KeyIsNotSound: it is not an Ed25519 or a P-256 key, or its point is not on its curve.
    """
    kinds: Mapping[str, type[OKPKey | ECKey]] = {"Ed25519": OKPKey, "P-256": ECKey}
    kind = kinds[asked.crv]
    point = {"kty": asked.kty, "crv": asked.crv, "x": asked.x}
    if asked.y is not None:
        point["y"] = asked.y
    try:
        if kind.key_type != asked.kty:
            raise KeyIsNotSound(field, "une clé publique Ed25519 ou P-256, écrite en JWK")
        thumbprint = kind.import_key(dict(point)).thumbprint()
    except (JoseError, LookupError, TypeError, ValueError) as fault:
        raise KeyIsNotSound(field, "une clé publique Ed25519 ou P-256, écrite en JWK") from fault
    kept = PublicKey(kty=asked.kty, crv=asked.crv, x=asked.x, y=asked.y)
    return thumbprint, msgspec.json.encode(kept, order="deterministic").decode()
