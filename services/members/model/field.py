"""Rows of what is done on the ground, and what they must be."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from uuid import UUID

import msgspec

from services.members.errors.field import CommuneIsElsewhere, CommuneIsLed

PERCENT = 100
HALF = Fraction(1, 2)


class Responsibility(msgspec.Struct, frozen=True):
    """Columns of a line of the matrix, in the order of the queries."""

    coordination: str
    responsibility: str
    member_id: UUID
    duty: str
    part: str
    communes: list[str]
    up_to: str


class Lead(msgspec.Struct, frozen=True):
    """Columns of a lead, in the order of the queries."""

    coordination: str
    lead_id: UUID
    member_id: UUID
    communes: list[str]
    since: date
    until: date | None
    reason: str


class Endorsement(msgspec.Struct, frozen=True):
    """Columns of a support, in the order of the queries."""

    coordination: str
    endorsement_id: UUID
    endorser: str
    level: str
    subject: str
    given_on: date


class Relay(msgspec.Struct, frozen=True):
    """Columns of a relay, in the order of the queries."""

    coordination: str
    relay_id: UUID
    kind: str
    label: str
    organization: str | None
    person_id: UUID | None
    communes: list[str]
    since: date


class Contact(msgspec.Struct, frozen=True):
    """Columns of a contact, in the order of the queries."""

    coordination: str
    contact_id: UUID
    channel: str
    commune: str | None
    happened_on: date
    subject: str
    outcome: str | None


class TerritorialRole(msgspec.Struct, frozen=True):
    """Columns of a territorial role, in the order of the queries."""

    coordination: str
    since: date
    role: str
    maturity: int
    reason: str


def must_cover(field: str, communes: Iterable[str], covered: Iterable[str]) -> None:
    """Refuse a commune of elsewhere.

    Raises:
        CommuneIsElsewhere: one is.
    """
    known = set(covered)
    for commune in communes:
        if commune not in known:
            raise CommuneIsElsewhere(field, commune)


def must_lead_alone(lead: Lead, others: Iterable[Lead]) -> None:
    """Refuse a second lead of a commune on one day.

    Raises:
        CommuneIsLed: another member leads there on one of these days.
    """
    for other in others:
        shared = sorted(set(lead.communes) & set(other.communes))
        apart = (lead.until is not None and lead.until < other.since) or (
            other.until is not None and other.until < lead.since
        )
        if shared and not apart:
            raise CommuneIsLed(shared[0], since=other.since)


def percent_of(part: int, whole: int) -> int:
    """Return a percentage, halves rounded up."""
    assert 0 <= part <= whole, "a part is no more than its whole"
    assert whole > 0, "a coordination has communes"
    return int(Fraction(part * PERCENT, whole) + HALF)
