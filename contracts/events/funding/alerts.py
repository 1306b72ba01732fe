"""Facts about what a coordination should look at before it is too late."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import CentsOrZero

AlertKey = Annotated[
    str,
    Meta(
        pattern="^[a-z0-9_:/-]{1,200}$",
        description="What an alert is about; the same key is the same alert until it is cleared.",
    ),
]


class AlertKind(StrEnum):
    """What there is to look at."""

    CEILING_NEAR = "ceiling_near"
    CAP_NEAR = "cap_near"
    LAPSE = "lapse"
    PROOF_MISSING = "proof_missing"
    VACANCY = "vacancy"
    AGREEMENT_ENDING = "agreement_ending"
    POST_ENDING = "post_ending"
    BALANCE_TO_CLAIM = "balance_to_claim"
    REPORT_DUE = "report_due"
    DEGRESSIVE_STEP = "degressive_step"
    FUNDING_CLIFF = "funding_cliff"


class _Told(Fact, frozen=True, kw_only=True):
    """What both facts about an alert tell."""

    key: AlertKey
    kind: AlertKind
    about: Annotated[str, Meta(max_length=140)]

    @property
    def aggregate(self) -> str:
        """The alert."""
        return f"{self.coordination}/alert/{self.key}"


class AlertRaised(_Told, frozen=True, kw_only=True):
    """Something needs looking at by `due_on`; `about` is the slug of what it concerns.

    It is told once, until it is cleared.
    """

    TYPE: ClassVar[str] = "fr.ctin.funding.alert_raised.v1"

    raised_on: date
    due_on: date | None = None
    amount_cents: CentsOrZero | None = None


class AlertCleared(_Told, frozen=True, kw_only=True):
    """What an alert was raised for is over, done or past."""

    TYPE: ClassVar[str] = "fr.ctin.funding.alert_cleared.v1"

    cleared_on: date
