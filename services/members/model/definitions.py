"""Rows of remarks, definitions and validations, in the order of their queries."""

from datetime import date
from uuid import UUID

import msgspec

from contracts.http.members.acts import RecordOpinion, RemarkKind
from services.members.errors.priorities import RejectionAwardsNothing, RemarksAreMore


class WordedRemark(msgspec.Struct, frozen=True):
    """An objection or a reservation of an opinion, as it was worded."""

    opinion_id: UUID
    kind: str
    member_id: UUID | None
    text: str


class Definition(msgspec.Struct, frozen=True):
    """Columns of a definition; it is adopted once it has an opinion."""

    coordination: str
    definition_id: UUID
    version: int
    text: str
    text_sha256: str
    opinion_id: UUID | None
    adopted_on: date | None


class Validation(msgspec.Struct, frozen=True):
    """Columns of a validation by another body."""

    coordination: str
    validation_id: UUID
    opinion_id: UUID
    body: str
    reference: str
    validated_on: date


def counts_of(asked: RecordOpinion) -> dict[str, int]:
    """Return how many objections and reservations there were: those worded, or the number given.

    Raises:
        RemarksAreMore: a number is given, and more are worded.
    """
    given = {"objections": asked.objections, "reservations": asked.reservations}
    for kind, field in (
        (RemarkKind.OBJECTION, "objections"),
        (RemarkKind.RESERVATION, "reservations"),
    ):
        worded = sum(one.kind is kind for one in asked.remarks)
        if 0 < given[field] < worded:
            raise RemarksAreMore(field, worded)
        given[field] = max(given[field], worded)
    return given


def must_give_nothing(asked: RecordOpinion) -> None:
    """Refuse awards of what was rejected.

    Raises:
        RejectionAwardsNothing: it has some.
    """
    if asked.outcome == "REJECTED" and asked.awards:
        raise RejectionAwardsNothing
