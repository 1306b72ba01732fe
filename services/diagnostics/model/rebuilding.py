"""What folding again finds different."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec


class FoldedExposure(msgspec.Struct, frozen=True):
    """Columns of `drop_exposures` and `refold_exposures`."""

    commune: str
    institution: str
    measure: str
    unit: str
    period: str
    grid: str
    breakdown: str
    label: str
    known_sum: int
    known_parts: int
    secret_parts: int
    denominator_sum: int
    told: bool

    @property
    def key(self) -> tuple[object, ...]:
        """What it is about."""
        return msgspec.structs.astuple(self)[:7]

    @property
    def sums(self) -> tuple[object, ...]:
        """What it says; its label is that of any of its cells."""
        return msgspec.structs.astuple(self)[8:12]


class FoldedNeed(msgspec.Struct, frozen=True):
    """Columns of `drop_need_figures` and `refold_needs`."""

    commune: str
    problem: str
    theme: str
    public: str
    unit: str
    period: str
    count_sum: int
    told: bool

    @property
    def key(self) -> tuple[object, ...]:
        """What it is about."""
        return msgspec.structs.astuple(self)[:6]

    @property
    def sums(self) -> tuple[object, ...]:
        """What it says."""
        return (self.count_sum,)


Folded = TypeVar("Folded", FoldedExposure, FoldedNeed)


def compared(
    before: Sequence[Folded], after: Sequence[Folded]
) -> tuple[list[Folded], list[Folded]]:
    """Return the figures that differ, and all that an update is still to carry.

    What nothing holds any more differs too, unless it said nothing.
    """
    was = {one.key: one for one in before}
    now = {one.key: one for one in after}
    differ: list[Folded] = [
        one for key, one in now.items() if key not in was or was[key].sums != one.sums
    ]
    differ.extend(one for key, one in was.items() if key not in now and any(one.sums))
    seen = {one.key for one in differ}
    return differ, differ + [one for one in before if not one.told and one.key not in seen]
