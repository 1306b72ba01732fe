"""Bodies of what is read from agreements: alerts of their end, the register of processing."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.http.members.agreements import DpoContact, PartyRole


class AlertLevel(StrEnum):
    """How near the last day of an agreement is; `OVER` when it is past."""

    DAYS_90 = "DAYS_90"
    DAYS_30 = "DAYS_30"
    OVER = "OVER"


class AgreementAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An agreement in force whose last day is near, or past while nobody ended it."""

    agreement: UUID
    institution: str
    reference: str
    valid_until: date
    days_left: int
    level: AlertLevel
    detail: str


class AgreementAlerts(msgspec.Struct, frozen=True, kw_only=True):
    """A page of alerts by last day; `cursor` asks for the next one, null at the end."""

    items: list[AgreementAlert]
    cursor: str | None = None


class ProcessingActivity(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the register (RGPD, article 30), as its agreement says it, in French."""

    agreement: UUID
    reference: str
    state: str
    parties: list[str]
    party_roles: list[PartyRole]
    purposes: list[str]
    legal_basis: str
    legal_text: str | None
    persons_categories: list[str]
    data_categories: list[str]
    health_data: bool
    shared: list[str]
    fields: list[str]
    areas: list[str]
    tier: str
    recipients: list[str]
    retention: str
    valid_from: date
    valid_until: date
    dpo_contacts: list[DpoContact]
    dpia_reference: str | None
    register_reference: str | None


class ProcessingRegister(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the register by agreement; `cursor` asks for the next one, null at the end."""

    items: list[ProcessingActivity]
    cursor: str | None = None
