"""Bodies of what partners share: strategies, diagnostic elements, news, difficulties."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.events.diagnostics.field import ContributionKind
from contracts.http.diagnostics.elements import Bytes, Sha256, Url
from contracts.values import CommuneCode, Label, Slug

SUMMARY_CHARS_MAX = 2000
Summary = Annotated[str, Meta(min_length=1, max_length=SUMMARY_CHARS_MAX)]


class ShareContribution(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document to share, or its next version; no commune is all of them.

    A strategy and a diagnostic element say where they are read, or give their fingerprint and size.
    """

    id: UUID | None = None
    version: Annotated[int, Meta(ge=1, le=10_000)] = 1
    kind: ContributionKind
    organization: Slug
    title: Label
    summary: Summary
    theme: Slug | None = None
    communes: Annotated[list[CommuneCode], Meta(max_length=2000)] = []
    begins_on: date | None = None
    ends_on: date | None = None
    url: Url | None = None
    sha256: Sha256 | None = None
    size_bytes: Bytes | None = None


class Contribution(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a shared document."""

    id: UUID
    coordination: str
    version: int
    kind: ContributionKind
    organization: str
    title: str
    summary: str
    theme: str | None
    communes: list[str]
    begins_on: date | None
    ends_on: date | None
    url: str | None
    sha256: str | None
    size_bytes: int | None
    shared_on: date


class Contributions(msgspec.Struct, frozen=True, kw_only=True):
    """A page of documents by id, each in its last version; `cursor` asks for the next one."""

    items: list[Contribution]
    cursor: str | None = None


class ContributionHistory(msgspec.Struct, frozen=True, kw_only=True):
    """A document with its versions, the first comes first."""

    items: list[Contribution]
