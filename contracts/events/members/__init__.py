"""Events published by the members service."""

from contracts.events.members.acts import (
    AwardShare,
    FunderDecisionRecorded,
    OpinionAdopted,
    OpinionRejected,
)
from contracts.events.members.agreements import AgreementEnded, AgreementSigned, LicenceRecorded
from contracts.events.members.coordinations import CoordinationFounded
from contracts.events.members.seats import MemberConfirmed

__all__ = [
    "AgreementEnded",
    "AgreementSigned",
    "AwardShare",
    "CoordinationFounded",
    "FunderDecisionRecorded",
    "LicenceRecorded",
    "MemberConfirmed",
    "OpinionAdopted",
    "OpinionRejected",
]
