"""What a committee is, and who it needs."""

from collections.abc import Mapping
from datetime import date

import msgspec

from contracts.events.members import CommitteeType, SeatKind

NEEDED: dict[CommitteeType, tuple[SeatKind, ...]] = {
    CommitteeType.PROJECT_GROUP: (SeatKind.ELECTED, SeatKind.TECHNICAL, SeatKind.OPERATOR),
    CommitteeType.STRATEGIC: (SeatKind.CITIZEN,),
    CommitteeType.STEERING: (),
    CommitteeType.TECHNICAL: (),
    CommitteeType.CONSULTATIVE: (),
}
"""Kinds of which a committee needs at least one holder."""
SAID = {
    SeatKind.ELECTED: "Il manque un élu titulaire.",
    SeatKind.TECHNICAL: "Il manque un référent technique titulaire.",
    SeatKind.OPERATOR: "Il manque un opérateur local titulaire.",
    SeatKind.CITIZEN: "Il manque un représentant des bénéficiaires, titulaire.",
}


class Committee(msgspec.Struct, frozen=True):
    """Columns of a committee, in the order of the queries; `was` are those it was made of."""

    coordination: str
    committee: str
    name: str
    type: str
    meets_every_days: int | None
    presenter_is_elected: bool
    since: date
    state: str
    became: str | None
    completed_on: date | None
    closed_on: date | None
    close_reason: str | None
    was: list[str]


class Holders(msgspec.Struct, frozen=True):
    """How many holders of a kind a committee has on a day."""

    kind: str
    holders: int


def missing(kind: CommitteeType, holders: Mapping[SeatKind, int]) -> list[SeatKind]:
    """Return the kinds of seats that a committee needs and has no holder of."""
    return [one for one in NEEDED[kind] if holders.get(one, 0) == 0]


def said(gaps: list[SeatKind]) -> list[str]:
    """Return a sentence per kind that is missing."""
    return [SAID[one] for one in gaps]
