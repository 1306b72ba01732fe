"""Events published by the members service."""

from contracts.events.members.acts import AwardShare, FunderDecisionRecorded, OpinionAdopted
from contracts.events.members.agreements import (
    AgreementEnded,
    AgreementResumed,
    AgreementSigned,
    AgreementSuspended,
    LicenceRecorded,
)
from contracts.events.members.coordinations import CoordinationFounded
from contracts.events.members.persons import PersonErased
from contracts.events.members.seats import MemberConfirmed

__all__ = [
    "AgreementEnded",
    "AgreementResumed",
    "AgreementSigned",
    "AgreementSuspended",
    "AwardShare",
    "CoordinationFounded",
    "FunderDecisionRecorded",
    "LicenceRecorded",
    "MemberConfirmed",
    "OpinionAdopted",
    "PersonErased",
]
