"""Bodies of what funders and the State published, taken from their files."""

from datetime import date

import msgspec


class PublishedGrant(msgspec.Struct, frozen=True, kw_only=True):
    """A grant as its funder published it; reference only, never money of this ledger."""

    id: str
    funder_name: str
    funder_siret: str
    beneficiary_name: str
    beneficiary_siret: str | None
    beneficiary_rna: str | None
    agreed_on: date
    reference: str | None
    object: str
    amount_cents: int
    nature: str
    terms: str
    period: str | None
    scheme: str | None


class PublishedGrants(msgspec.Struct, frozen=True, kw_only=True):
    """A page of published grants; `cursor` asks for the next one, null at the end."""

    items: list[PublishedGrant]
    cursor: str | None = None


class HostEstimates(msgspec.Struct, frozen=True, kw_only=True):
    """Posts of one kind of host, and its share of them, as a fraction."""

    host_kind: str
    lines: int
    posts: int
    share: str
    estimated_cents: int
    grant_cents: int


class EditionEstimates(msgspec.Struct, frozen=True, kw_only=True):
    """One edition of the State's list: what it estimates it invests, and what hosts may receive.

    `never_received_cents` is in the estimate and reaches no host; editions repeat the same posts
    and are never added up.
    """

    edition: str
    lines: int
    posts: int
    estimated_cents: int
    grant_cents: int
    never_received_cents: int
    hosts: list[HostEstimates]


class AdviserEstimates(msgspec.Struct, frozen=True, kw_only=True):
    """What the State estimates of adviser posts, edition by edition."""

    editions: list[EditionEstimates]
