"""Events published by the members service."""

from contracts.events.members.acts import (
    AwardShare,
    FunderDecisionRecorded,
    OpinionAdopted,
    OpinionRejected,
)
from contracts.events.members.agreements import AgreementEnded, AgreementSigned, LicenceRecorded
from contracts.events.members.coordinations import CoordinationFounded
from contracts.events.members.priorities import (
    DefinitionAdopted,
    ExternalValidationRecorded,
    PrioritisationClosed,
    RankedAction,
)
from contracts.events.members.seats import MemberConfirmed
from contracts.events.members.sessions import (
    AgendaChanged,
    AgendaEntry,
    AgendaKind,
    CommitteeIsLate,
    MinutesCorrected,
    ProxyGiven,
    ProxyRevoked,
    SessionCancelled,
    SessionConvened,
    SessionHeld,
    SessionLackedQuorum,
)

__all__ = [
    "AgendaChanged",
    "AgendaEntry",
    "AgendaKind",
    "AgreementEnded",
    "AgreementSigned",
    "AwardShare",
    "CommitteeIsLate",
    "CoordinationFounded",
    "DefinitionAdopted",
    "ExternalValidationRecorded",
    "FunderDecisionRecorded",
    "LicenceRecorded",
    "MemberConfirmed",
    "MinutesCorrected",
    "OpinionAdopted",
    "OpinionRejected",
    "PrioritisationClosed",
    "ProxyGiven",
    "ProxyRevoked",
    "RankedAction",
    "SessionCancelled",
    "SessionConvened",
    "SessionHeld",
    "SessionLackedQuorum",
]
