"""Bodies of contributions that are no cash, and of those asked of who dematerialises."""

from datetime import date
from enum import StrEnum

import msgspec

from contracts.http.funding.posts import Sector
from contracts.http.funding.values import Line
from contracts.values import CentsOrZero, Slug


class InKindKind(StrEnum):
    """What is given instead of money."""

    PREMISES = "premises"
    EQUIPMENT = "equipment"
    STAFF_TIME = "staff_time"
    SERVICE = "service"


class AnswerStatus(StrEnum):
    """What became of a contribution asked for."""

    PROMISED = "promised"
    RECEIVED = "received"
    DECLINED = "declined"


class WriteInKind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A contribution in kind and how its value was reached; it never counts as cash."""

    funder: Slug
    kind: InKindKind
    what: Line
    value_cents: CentsOrZero
    method: Line
    received_on: date
    action: Slug | None = None


class InKind(msgspec.Struct, frozen=True, kw_only=True):
    """A contribution in kind as it is known."""

    id: str
    funder: str
    kind: InKindKind
    what: str
    value_cents: int
    method: str
    received_on: date
    action: str | None


class InKinds(msgspec.Struct, frozen=True, kw_only=True):
    """A page of contributions in kind; the total is that of all, and is no cash."""

    items: list[InKind]
    value_cents_total: int
    cursor: str | None = None


class WriteSolicitation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body that put services online and is asked to contribute; its slug is in the address."""

    organisation: Line
    sector: Sector
    dematerialises: Line
    asked_on: date
    asked_cents: CentsOrZero | None = None


class WriteSolicitationAnswer(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What a body answered, on a day; `fund` is where what it gives is tracked."""

    status: AnswerStatus
    answered_on: date
    amount_cents: CentsOrZero | None = None
    fund: Slug | None = None


class SolicitationAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as it is known."""

    id: str
    status: AnswerStatus
    answered_on: date
    amount_cents: int | None
    fund: str | None


class Solicitation(msgspec.Struct, frozen=True, kw_only=True):
    """A contribution asked for, with its answers, the latest last."""

    id: str
    organisation: str
    sector: Sector
    dematerialises: str
    asked_on: date
    asked_cents: int | None
    answers: list[SolicitationAnswer]


class Solicitations(msgspec.Struct, frozen=True, kw_only=True):
    """A page of contributions asked for; `cursor` asks for the next one, null at the end."""

    items: list[Solicitation]
    cursor: str | None = None
