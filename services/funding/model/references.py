"""Funders, funds, agreements, payees and actions, as they are kept."""

from datetime import date

import msgspec


class FunderRow(msgspec.Struct, frozen=True):
    """Columns of a funder."""

    funder: str
    name: str
    level: str
    legal_nature: str
    siret: str | None = None


class FundRow(msgspec.Struct, frozen=True):
    """Columns of a fund."""

    fund: str
    name: str
    funder: str
    custody: str
    mode: str
    restriction: str
    valid_from: date
    valid_until: date
    ceiling_cents: int | None
    prefinancing_limit_cents: int | None


class AgreementRow(msgspec.Struct, frozen=True):
    """Columns of a funding agreement."""

    agreement: str
    fund: str
    amount_cents: int
    signed_on: date
    action: str | None
    reference: str | None


class PayeeRow(msgspec.Struct, frozen=True):
    """Columns of a payee."""

    payee: str
    name: str
    siren: str | None
    siret: str | None = None
    rna: str | None = None


class ActionRow(msgspec.Struct, frozen=True):
    """Columns of an action."""

    action: str
    number: int
    title: str
    budget_cents: int
    validated_on: date


class PlanRow(msgspec.Struct, frozen=True):
    """What one fund brings to one action."""

    action: str
    fund: str
    funder: str
    agreed_cents: int
    earmarked_cents: int
    awarded_cents: int
    committed_cents: int
