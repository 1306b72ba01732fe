"""Bodies of the members service's routes."""

from contracts.http.members.acts import (
    FunderDecision,
    FunderDecisions,
    Opinion,
    OpinionMode,
    Opinions,
    RecordFunderDecision,
    RecordOpinion,
)
from contracts.http.members.agreements import (
    Agreement,
    Agreements,
    AgreementState,
    DraftAgreement,
    EndAgreement,
    Licence,
    RecordLicence,
    SignAgreement,
)
from contracts.http.members.coordinations import (
    Coordination,
    Coordinations,
    FoundCoordination,
    PlaceCoordination,
    Summary,
)
from contracts.http.members.seats import ConfirmMember, Member, MemberRole, Members, MemberState
from contracts.http.members.values import (
    AreaScope,
    Awards,
    EventType,
    KindCode,
    Sha256,
    Siret,
    Tally,
)

__all__ = [
    "Agreement",
    "AgreementState",
    "Agreements",
    "AreaScope",
    "Awards",
    "ConfirmMember",
    "Coordination",
    "Coordinations",
    "DraftAgreement",
    "EndAgreement",
    "EventType",
    "FoundCoordination",
    "FunderDecision",
    "FunderDecisions",
    "KindCode",
    "Licence",
    "Member",
    "MemberRole",
    "MemberState",
    "Members",
    "Opinion",
    "OpinionMode",
    "Opinions",
    "PlaceCoordination",
    "RecordFunderDecision",
    "RecordLicence",
    "RecordOpinion",
    "Sha256",
    "SignAgreement",
    "Siret",
    "Summary",
    "Tally",
]
