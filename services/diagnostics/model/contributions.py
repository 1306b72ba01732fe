"""What partners share: rows, and how versions follow one another."""

from datetime import date
from uuid import UUID

import msgspec

from contracts.events.diagnostics.field import ContributionKind
from contracts.http.diagnostics.contributions import ShareContribution
from services.diagnostics.errors.field import EvidenceIsNowhere
from services.diagnostics.errors.visits import (
    ContributionIsAnothers,
    ContributionIsWithdrawn,
    VersionIsNotNext,
)

DOCUMENTS = frozenset({ContributionKind.STRATEGY, ContributionKind.DIAGNOSTIC_ELEMENT})


class HeadRow(msgspec.Struct, frozen=True):
    """Columns of a document, in the order of the queries."""

    coordination: str
    contribution_id: UUID
    kind: str
    organization: str
    version: int
    withdrawn_on: date | None


class ContributionRow(msgspec.Struct, frozen=True):
    """Columns of one version of a document, in the order of the queries."""

    coordination: str
    contribution_id: UUID
    version: int
    kind: str
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


class Kept(msgspec.Struct, frozen=True):
    """Which documents a list keeps; None keeps all."""

    kind: str | None = None
    organization: str | None = None
    theme: str | None = None
    commune: str | None = None


def must_be_read_somewhere(asked: ShareContribution) -> None:
    """Refuse a document that nobody could read; news and difficulties are their own summary.

    Raises:
        EvidenceIsNowhere: it has neither an address nor a fingerprint and a size.
    """
    is_somewhere = asked.url is not None or (
        asked.sha256 is not None and asked.size_bytes is not None
    )
    if asked.kind in DOCUMENTS and not is_somewhere:
        raise EvidenceIsNowhere


def must_follow_version(head: HeadRow, asked: ContributionRow) -> None:
    """Refuse a version that is not the one after the last.

    Raises:
        ContributionIsWithdrawn: the document is gone.
        ContributionIsAnothers: it is another partner's, or of another kind.
        VersionIsNotNext: a version is missing before it, or it is there already.
    """
    if head.withdrawn_on is not None:
        raise ContributionIsWithdrawn
    if (head.organization, head.kind) != (asked.organization, asked.kind):
        raise ContributionIsAnothers
    if asked.version != head.version + 1:
        raise VersionIsNotNext(head.version, asked.version)
