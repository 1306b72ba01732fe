"""Bodies of alerts."""

from datetime import date

import msgspec

from contracts.events.funding.alerts import AlertKind


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Something to look at by `due_on`; `amount_cents` is what is at stake.

    `raised_on` is the day it was told to the other services, null while it is not yet.
    """

    key: str
    kind: AlertKind
    about: str
    due_on: date | None
    amount_cents: int | None
    raised_on: date | None
    sentence: str


class Alerts(msgspec.Struct, frozen=True, kw_only=True):
    """A page of what there is to look at on `as_of`, the soonest due first."""

    as_of: date
    items: list[Alert]
    cursor: str | None = None
