"""Every refusal the funding service may give, with the sentence the reader will see."""

from services.funding.errors.acts import (
    ActLacks,
    ActRefused,
    AgreementLacks,
    CapReached,
    CeilingReached,
    DayNotOpen,
    DecisionLacks,
    FieldDiffers,
    GroupRefused,
    HoldResolved,
    NotKnown,
    PurposeNotOpen,
    StageTooLow,
    TooManyTransfers,
    TransferDiffers,
)
from services.funding.errors.references import DaysReversed, WrittenDiffers
from services.funding.errors.shown import day, euros

__all__ = [
    "ActLacks",
    "ActRefused",
    "AgreementLacks",
    "CapReached",
    "CeilingReached",
    "DayNotOpen",
    "DaysReversed",
    "DecisionLacks",
    "FieldDiffers",
    "GroupRefused",
    "HoldResolved",
    "NotKnown",
    "PurposeNotOpen",
    "StageTooLow",
    "TooManyTransfers",
    "TransferDiffers",
    "WrittenDiffers",
    "day",
    "euros",
]
