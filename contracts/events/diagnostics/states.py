"""What a diagnostic comes to, told again whole to who missed how it came to it."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import Meta

from contracts.envelope import Fact
from contracts.events.diagnostics.updates import AreaUpdated
from contracts.events.diagnostics.versions import DiagnosticPublished


class _StateTold(Fact, frozen=True, kw_only=True):
    TIER: ClassVar[Literal["evt", "pub", "out"]] = "pub"

    snapshot: UUID
    as_of: datetime
    n: Annotated[int, Meta(ge=1)]
    of: Annotated[int, Meta(ge=1)]


class AreaStateTold(_StateTold, frozen=True, kw_only=True):
    """The state of a commune, as part of a snapshot: `state` holds every figure there is of it.

    A receiver puts it in the place of all it has of the commune, so that taking it twice changes
    nothing; a state in `parts` has them all. It is the `n`th of the `of` events that the snapshot
    has in this coordination.
    """

    TYPE: ClassVar[str] = "fr.ctin.diagnostics.area_state_told.v1"

    state: AreaUpdated

    @property
    def area(self) -> str:
        """The commune."""
        return self.state.area

    @property
    def aggregate(self) -> str:
        """The commune, in its snapshot."""
        return f"{self.state.aggregate}/state/{self.snapshot}/{self.n}"


class VersionStateTold(_StateTold, frozen=True, kw_only=True):
    """The last version of the diagnostic, as part of a snapshot; the others stay as they are."""

    TYPE: ClassVar[str] = "fr.ctin.diagnostics.version_state_told.v1"

    state: DiagnosticPublished

    @property
    def aggregate(self) -> str:
        """The diagnostic, in its snapshot."""
        return f"{self.state.aggregate}/state/{self.snapshot}"
