"""Periods of the ledger, open until they are closed once and for ever."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from contracts.events.funding import PeriodTotals
from services.funding.model.figures import Amount
from services.funding.model.kinds import STAGES

PARIS = ZoneInfo("Europe/Paris")


class PeriodRow(msgspec.Struct, frozen=True):
    """A period; the last three are the head of the chain at its closing, None while it is open."""

    period: str
    first_day: date
    last_day: date
    seq: int | None
    hash: bytes | None
    at: datetime | None


class Closing(msgspec.Struct, frozen=True):
    """A closed period and the head of the chain it sealed."""

    period: str
    first_day: date
    last_day: date
    seq: int
    hash: bytes
    at: datetime


class Span(msgspec.Struct, frozen=True):
    """A period's name and days."""

    period: str
    first_day: date
    last_day: date


def is_over(last_day: date, *, now: datetime) -> bool:
    """Tell whether a day of the coordination has ended."""
    return now.astimezone(PARIS).date() > last_day


def totals(stages: Iterable[Amount]) -> PeriodTotals:
    """Return what each stage of the commitments book holds, all funds together."""
    sums = dict.fromkeys(STAGES, 0)
    for one in stages:
        if one.stage in sums:
            sums[one.stage] += one.cents
    return PeriodTotals(**sums)
