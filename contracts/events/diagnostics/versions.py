"""Facts about frozen versions of a diagnostic."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import CommuneCode, Label

_Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class DiagnosticPublished(Fact, frozen=True, kw_only=True):
    """A version of the shared diagnostic was frozen; it never changes, and decisions cite it.

    `hash` is that of the version as an agreement opens it, `public_hash` of the one anyone may
    read. `changed_areas` are the communes it does not say the same of as the version before, all
    of them for the first; the first two thousand are named.
    """

    TYPE: ClassVar[str] = "fr.ctin.diagnostics.diagnostic_published.v1"
    TIER: ClassVar[Literal["evt", "pub", "out"]] = "pub"

    number: Annotated[int, Meta(ge=1)]
    title: Label
    published_at: datetime
    hash: _Sha256
    public_hash: _Sha256
    elements: Annotated[int, Meta(ge=0)]
    changed_areas: Annotated[list[CommuneCode], Meta(max_length=2000)]
    changed_areas_count: Annotated[int, Meta(ge=0)]

    @property
    def aggregate(self) -> str:
        """The coordination's diagnostic."""
        return f"{self.coordination}/diagnostic"
