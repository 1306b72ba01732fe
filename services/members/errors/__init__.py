"""Every refusal the members service may give, with the sentence the reader will see."""

from services.members.errors.acts import DecisionIsAnothers
from services.members.errors.agreements import (
    AreasDoNotFit,
    InstitutionIsNotParty,
    NoSuchAgreement,
    StepNotOpen,
    TypeIsNotShared,
)
from services.members.errors.records import (
    DaysAreReversed,
    HoldsPersonalData,
    RecordDiffers,
    TextIsNotPlain,
    ValueRepeats,
)
from services.members.errors.seats import (
    CitizensHaveNoSiret,
    NoSuchCoordination,
    OrganizationDiffers,
    OrganizationSitsAlready,
    SectionIsElsewhere,
)
from services.members.errors.tokens import (
    ClientIsNotProven,
    GrantIsNotSupported,
    KeyIsNotAdmitted,
    NoToken,
    RequestIsNotReadable,
    ScopeIsTooWide,
)

__all__ = [
    "AreasDoNotFit",
    "CitizensHaveNoSiret",
    "ClientIsNotProven",
    "DaysAreReversed",
    "DecisionIsAnothers",
    "GrantIsNotSupported",
    "HoldsPersonalData",
    "InstitutionIsNotParty",
    "KeyIsNotAdmitted",
    "NoSuchAgreement",
    "NoSuchCoordination",
    "NoToken",
    "OrganizationDiffers",
    "OrganizationSitsAlready",
    "RecordDiffers",
    "RequestIsNotReadable",
    "ScopeIsTooWide",
    "SectionIsElsewhere",
    "StepNotOpen",
    "TextIsNotPlain",
    "TypeIsNotShared",
    "ValueRepeats",
]
