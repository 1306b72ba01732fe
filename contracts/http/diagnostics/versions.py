"""Bodies of the routes on frozen versions of a diagnostic.

A version is one JSON object for each tier. Its `hash` is the SHA-256, in hexadecimal, of the same
object without its `hash`, in canonical JSON (RFC 8785) and UTF-8. It holds no fractional number,
so that a reader recomputes it with any JSON library that sorts keys.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.events.diagnostics import FigureStatus
from contracts.values import CommuneCode, CoordinationSlug, Label, Slug

Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Share = Annotated[
    str,
    Meta(pattern="^(0[.][0-9]{2}|1[.]00)$", description="From 0.00 to 1.00, two decimals."),
]
Number = Annotated[int, Meta(ge=1, le=10**6)]


class Tier(StrEnum):
    """How exact what is read is, from what the coordination keeps to itself to what anyone may.

    `inside`: all of it. `agreement`: exact counts, the small ones and what would give them away
    hidden. `public`: the same, rounded, open data aside.
    """

    INSIDE = "inside"
    AGREEMENT = "agreement"
    PUBLIC = "public"


class PublishDiagnostic(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A diagnostic to freeze as it is now; the same id again is the version it made."""

    id: UUID | None = None
    title: Label = "Diagnostic partagé"


class VersionElement(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a version says of a commune, or of the whole (`_all`).

    `key` names the same thing in every version. `value` is a count, or what a producer wrote; null
    when it is secret or absent, which `status` tells apart. `freshness` is null where the age is
    not known; `confidence` is the share of the element that is known times its freshness.
    """

    key: str
    chapter: Slug
    area: str
    about: dict[str, str] = {}
    label: str
    value: int | str | None
    unit: str
    source: str
    period: str
    status: FigureStatus
    reading: str
    freshness: Share | None
    confidence: Share


class VersionArea(msgspec.Struct, frozen=True, kw_only=True):
    """A commune that a version is about."""

    commune: CommuneCode
    name: str
    population: int


class VersionSource(msgspec.Struct, frozen=True, kw_only=True):
    """Where elements of a version come from, how many, and how old the latest of them are."""

    source: str
    chapter: Slug
    period: str
    elements: int
    freshness: Share | None


class VersionChange(msgspec.Struct, frozen=True, kw_only=True):
    """An element that two versions do not say the same of, or that one of them did not know.

    `kind` is `appeared` (the earlier one did not know it), `gone`, `revised` (same period, other
    value), or `status` (what is known of it changed).
    """

    key: str
    chapter: Slug
    area: str
    label: str
    period: str
    kind: str
    before: int | str | None
    after: int | str | None
    status_before: FigureStatus | None
    status_after: FigureStatus | None
    reading: str


class VersionLink(msgspec.Struct, frozen=True, kw_only=True):
    """The version before, of the same tier."""

    number: Number
    hash: Sha256


class ChangeCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many elements changed since the version before, by kind, and where."""

    appeared: int
    gone: int
    revised: int
    status: int
    areas: list[str]


class DiagnosticVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A frozen version, whole, of one tier; see the module for its `hash`."""

    hash: Sha256
    coordination: CoordinationSlug
    number: Number
    tier: Tier
    title: Label
    published_at: datetime
    as_of_seq: int
    threshold: int
    rounded_to: int
    """1 when counts are exact."""
    previous: VersionLink | None
    changes: ChangeCounts | None
    """Null in a first version: there is nothing to compare it with."""
    sources: list[VersionSource]
    areas: list[VersionArea]
    elements: list[VersionElement]


class VersionSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A version among others: its hashes, and how much of it there is."""

    number: Number
    title: str
    published_at: datetime
    hash: Sha256
    public_hash: Sha256
    elements: int


class VersionPage(msgspec.Struct, frozen=True, kw_only=True):
    """Versions, the latest first."""

    items: list[VersionSummary]
    cursor: str | None


class VersionChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What became of each element from one version to another, for the yearly review.

    `not_known_before` names chapters and sources that the earlier version had nothing of: what
    they bring is new knowledge, not a change of the territory.
    """

    since: Number
    until: Number
    tier: Tier
    counts: ChangeCounts
    not_known_before: list[str]
    no_longer_known: list[str]
    items: list[VersionChange]
    cursor: str | None
