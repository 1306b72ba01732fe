"""What chapters and sections are asked: which communes, for whom, on which day."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from services.diagnostics.model.leaving_parts import Hidden
from services.diagnostics.model.tiers import Leaving


class Asked(msgspec.Struct, frozen=True):
    """Which communes of which coordination are asked for, for whom and on which day."""

    coordination: str
    communes: Sequence[str]
    to: Leaving
    today: date
    hidden: Mapping[str, Hidden] | None = None
    """What is not told of each commune, where that was found already."""
