"""Events published by the members service."""

from contracts.events.members.acts import AwardShare, FunderDecisionRecorded, OpinionAdopted
from contracts.events.members.agreements import AgreementEnded, AgreementSigned, LicenceRecorded
from contracts.events.members.committees import CommitteeTransformed, CommitteeType, ContinuedSeat
from contracts.events.members.coordinations import CoordinationFounded
from contracts.events.members.mandates import (
    SeatEnded,
    SeatKind,
    SeatRank,
    SeatsRenewed,
    SeatTaken,
    TakenSeat,
)
from contracts.events.members.membership import MemberWithdrawn
from contracts.events.members.seats import MemberConfirmed

__all__ = [
    "AgreementEnded",
    "AgreementSigned",
    "AwardShare",
    "CommitteeTransformed",
    "CommitteeType",
    "ContinuedSeat",
    "CoordinationFounded",
    "FunderDecisionRecorded",
    "LicenceRecorded",
    "MemberConfirmed",
    "MemberWithdrawn",
    "OpinionAdopted",
    "SeatEnded",
    "SeatKind",
    "SeatRank",
    "SeatTaken",
    "SeatsRenewed",
    "TakenSeat",
]
