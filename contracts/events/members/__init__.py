"""Events published by the members service."""

from contracts.events.members.acts import (
    AwardShare,
    FunderDecisionRecorded,
    OpinionAdopted,
    OpinionRejected,
)
from contracts.events.members.agreements import AgreementEnded, AgreementSigned, LicenceRecorded
from contracts.events.members.coordinations import CoordinationFounded
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
    "CoordinationFounded",
    "EmptyCollege",
    "FunderDecisionRecorded",
    "LicenceRecorded",
    "MemberConfirmed",
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
    "SecondCall",
    "VoteBase",
    "VoteMode",
    "VoteOutcome",
    "VoteResult",
]
