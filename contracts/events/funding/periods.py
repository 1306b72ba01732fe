"""Facts about the periods of the ledger."""

from datetime import date, datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from contracts.envelope import Fact
from contracts.events.funding.ledger import Hash

PeriodName = Annotated[
    str,
    Meta(pattern="^[a-z0-9][a-z0-9_-]{0,59}$", description="A period as it is called: `2026-t1`."),
]


class PeriodTotals(msgspec.Struct, frozen=True, kw_only=True):
    """Euro cents at each stage at the end of a period, all funds together.

    They go by the days the acts are effective, so a stage may be below zero on a day when money
    left it before the day that brought it.
    """

    promised: int
    notified: int
    available: int
    earmarked: int
    awarded: int
    committed: int
    liquidated: int
    mandated: int
    paid: int


class PeriodClosed(Fact, frozen=True, kw_only=True):
    """Nothing is effective up to `last_day` any more; `hash` seals the journal as it was then.

    Who keeps `block` and `hash` can tell later whether the journal up to that block was changed.
    """

    TYPE: ClassVar[str] = "fr.ctin.funding.period_closed.v1"

    period: PeriodName
    first_day: date
    last_day: date
    block: Annotated[int, Meta(ge=0)]
    hash: Hash
    closed_at: datetime
    totals: PeriodTotals

    @property
    def aggregate(self) -> str:
        """The coordination's ledger, so that a closing stands in order among its blocks."""
        return f"{self.coordination}/ledger"
