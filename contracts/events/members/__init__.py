"""Events published by the members service."""

from contracts.events.members.acts import (
    AwardShare,
    FunderDecisionRecorded,
    OpinionAdopted,
    OpinionRejected,
)
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
from contracts.events.members.organizations import OrganizationMerged
from contracts.events.members.persons import PersonErased
from contracts.events.members.seats import MemberConfirmed
from contracts.events.members.votes import (
    BallotCast,
    BallotEntry,
    Choice,
    CollegeResult,
    EmptyCollege,
    ProxyUsed,
    RecusalDeclared,
    RecusalGround,
    ResolutionClosed,
    ResolutionObject,
    ResolutionOpened,
    RollContinued,
    RollEntry,
    RuleBook,
    RuleBookAdopted,
    SecondCall,
    VoteBase,
    VoteMode,
    VoteOutcome,
    VoteResult,
)

__all__ = [
    "AgreementEnded",
    "AgreementSigned",
    "AwardShare",
    "BallotCast",
    "BallotEntry",
    "Choice",
    "CollegeResult",
    "CommitteeTransformed",
    "CommitteeType",
    "ContinuedSeat",
    "CoordinationFounded",
    "EmptyCollege",
    "FunderDecisionRecorded",
    "LicenceRecorded",
    "MemberConfirmed",
    "MemberWithdrawn",
    "OpinionAdopted",
    "OpinionRejected",
    "OrganizationMerged",
    "PersonErased",
    "ProxyUsed",
    "RecusalDeclared",
    "RecusalGround",
    "ResolutionClosed",
    "ResolutionObject",
    "ResolutionOpened",
    "RollContinued",
    "RollEntry",
    "RuleBook",
    "RuleBookAdopted",
    "SeatEnded",
    "SeatKind",
    "SeatRank",
    "SeatTaken",
    "SeatsRenewed",
    "SecondCall",
    "TakenSeat",
    "VoteBase",
    "VoteMode",
    "VoteOutcome",
    "VoteResult",
]
