"""Bodies of budget lines."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.http.funding.values import Line
from contracts.values import CentsOrZero

YEARS_MAX = 20

Year = Annotated[int, Meta(ge=2000, le=2100)]


class LineKind(StrEnum):
    """Whether a line is a year's opened credits or a multi-year authorisation.

    AP is for investment, AE for running costs.
    """

    OPENED_CREDITS = "opened_credits"
    AP = "AP"
    AE = "AE"


class BodyKind(StrEnum):
    """What a body is in public law; its budget's rules depend on it."""

    EU = "EU"
    STATE = "STATE"
    REGION = "REGION"
    DEPARTMENT = "DEPARTMENT"
    METROPOLE = "METROPOLE"
    EPCI = "EPCI"
    COMMUNE = "COMMUNE"
    PRIVATE = "PRIVATE"
    SOCIAL_SECURITY = "SOCIAL_SECURITY"


class YearCredits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be paid on a line within a year (crédits de paiement)."""

    year: Year
    payable_cents: CentsOrZero


class WriteBudgetLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of a body's budget; its slug is in the address.

    `nature` and `chapter` are tags of the M57 chart. What is committed on the line stays within
    `ceiling_cents`; what is paid in a year within that year's credits, where any is given.
    """

    name: Line
    kind: LineKind
    body_kind: BodyKind
    nature: Annotated[str, Meta(pattern="^[0-9]{2,8}$")]
    ceiling_cents: CentsOrZero
    chapter: Annotated[str, Meta(pattern="^[0-9A-Z]{2,6}$")] | None = None
    years: Annotated[list[YearCredits], Meta(max_length=YEARS_MAX)] = []


class BudgetLine(msgspec.Struct, frozen=True, kw_only=True):
    """A budget line as it is known."""

    id: str
    name: str
    kind: LineKind
    body_kind: BodyKind
    nature: str
    chapter: str | None
    ceiling_cents: int
    years: list[YearCredits]


class LineYear(msgspec.Struct, frozen=True, kw_only=True):
    """What a year's credits are, and what was paid of them."""

    year: int
    payable_cents: int
    paid_cents: int


class LineExecution(msgspec.Struct, frozen=True, kw_only=True):
    """A line with what is committed and paid on it."""

    line: BudgetLine
    committed_cents: int
    left_cents: int
    years: list[LineYear]


class BudgetLines(msgspec.Struct, frozen=True, kw_only=True):
    """A page of lines with their execution; `cursor` asks for the next one, null at the end."""

    items: list[LineExecution]
    cursor: str | None = None
