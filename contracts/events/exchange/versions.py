"""What an institution limited to some communes is told of versions of the whole diagnostic."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import InstitutionSlug, Label

_Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class DiagnosticAnnounced(Fact, frozen=True, kw_only=True):
    """A version of the shared diagnostic was frozen: its number, its hashes, where it is read.

    It comes in the place of `diagnostic_published`, which names other communes too. `path` is an
    address of the diagnostics service, which shows what the reader may see.
    """

    TYPE: ClassVar[str] = "fr.ctin.exchange.diagnostic_announced.v1"
    TIER: ClassVar[Literal["evt", "pub", "out"]] = "out"

    institution: InstitutionSlug
    number: Annotated[int, Meta(ge=1)]
    title: Label
    published_at: datetime
    hash: _Sha256
    public_hash: _Sha256
    path: str

    @property
    def area(self) -> str:
        """The institution stands where other facts have their area."""
        return self.institution

    @property
    def aggregate(self) -> str:
        """The version, as this institution is told of it."""
        return f"{self.coordination}/{self.institution}/diagnostic/{self.number}"
