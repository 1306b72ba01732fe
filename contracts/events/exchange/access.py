"""Facts about who may use the exchange: the keys of institutions' systems, and their sandboxes."""

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import CommuneCode, InstitutionSlug

Coordinate = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{43}$")]


class PublicKey(msgspec.Struct, frozen=True, kw_only=True):
    """A public key as RFC 7517 writes it, its curve and its point alone."""

    kty: Literal["OKP", "EC"]
    crv: Literal["Ed25519", "P-256"]
    x: Coordinate
    y: Coordinate | None = None


class PartnerKeysChanged(Fact, frozen=True, kw_only=True):
    """An institution's system may ask for tokens of this coordination under these keys alone.

    Without keys it may no longer: its agreement is over there, or its keys were revoked.
    """

    TYPE: ClassVar[str] = "fr.ctin.exchange.partner_keys_changed.v1"

    institution: InstitutionSlug
    keys: Annotated[list[PublicKey], Meta(max_length=2)]

    @property
    def aggregate(self) -> str:
        """The institution's keys, in this coordination."""
        return f"{self.coordination}/{self.institution}/keys"


class SandboxOpened(Fact, frozen=True, kw_only=True):
    """An institution has a coordination of its own to try things in, made of these communes."""

    TYPE: ClassVar[str] = "fr.ctin.exchange.sandbox_opened.v1"

    institution: InstitutionSlug
    communes: Annotated[list[CommuneCode], Meta(min_length=1, max_length=100)]

    @property
    def aggregate(self) -> str:
        """The sandbox."""
        return f"{self.coordination}/sandbox"
