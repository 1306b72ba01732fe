"""Bodies of funders, funds, agreements and payees."""

from datetime import date
from enum import StrEnum

import msgspec

from contracts.http.funding.values import Line, Rna, Siret
from contracts.values import Cents, CentsOrZero, Siren, Slug


class FunderLevel(StrEnum):
    """The tier of administration a funder belongs to, or what it is instead."""

    EU = "EU"
    STATE = "STATE"
    REGION = "REGION"
    DEPARTMENT = "DEPARTMENT"
    EPCI = "EPCI"
    COMMUNE = "COMMUNE"
    PRIVATE = "PRIVATE"
    SOCIAL_SECURITY = "SOCIAL_SECURITY"


class LegalNature(StrEnum):
    """Whose rules a funder's money follows; social security is not counted as public."""

    PUBLIC_PERSON = "PUBLIC_PERSON"
    SOCIAL_SECURITY = "SOCIAL_SECURITY"
    PRIVATE = "PRIVATE"


class Custody(StrEnum):
    """Who holds a fund's money. Only a pooled fund has cash in this ledger."""

    POOLED = "POOLED"
    HOST_BUDGET = "HOST_BUDGET"
    DIRECT = "DIRECT"
    UNDER_MANDATE = "UNDER_MANDATE"
    IN_KIND = "IN_KIND"


class FundMode(StrEnum):
    """Whether money comes before the expense or pays it back."""

    ADVANCE = "advance"
    REIMBURSEMENT = "reimbursement"


class Restriction(StrEnum):
    """How far the funder binds its money: a hard fund serves only the actions it agreed on."""

    HARD = "hard"
    SOFT = "soft"
    NONE = "none"


class WriteFunder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who brings money; its slug is in the address. Its SIRET signs what is published of it."""

    name: Line
    level: FunderLevel
    legal_nature: LegalNature
    siret: Siret | None = None


class Funder(msgspec.Struct, frozen=True, kw_only=True):
    """A funder as it is known."""

    id: str
    name: str
    level: FunderLevel
    legal_nature: LegalNature
    siret: str | None = None


class WriteFund(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One funder's money under one convention or programme; its slug is in the address.

    Awards and commitments are effective within the valid days, both included. `ceiling_cents`
    limits what is ever committed; `prefinancing_limit_cents` limits what a reimbursement fund
    receives before it paid.
    """

    name: Line
    funder: Slug
    custody: Custody
    mode: FundMode
    restriction: Restriction
    valid_from: date
    valid_until: date
    ceiling_cents: CentsOrZero | None = None
    prefinancing_limit_cents: CentsOrZero | None = None


class Fund(msgspec.Struct, frozen=True, kw_only=True):
    """A fund as it is known."""

    id: str
    name: str
    funder: str
    custody: Custody
    mode: FundMode
    restriction: Restriction
    valid_from: date
    valid_until: date
    ceiling_cents: int | None
    prefinancing_limit_cents: int | None


class WriteFundingAgreement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agreement both parties signed, for one action or for none in particular."""

    fund: Slug
    amount_cents: Cents
    signed_on: date
    action: Slug | None = None
    reference: Line | None = None


class FundingAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """A funding agreement as it is known."""

    id: str
    fund: str
    amount_cents: int
    signed_on: date
    action: str | None
    reference: str | None


class WritePayee(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body that is paid, never a person; its slug is in the address."""

    name: Line
    siren: Siren | None = None
    siret: Siret | None = None
    rna: Rna | None = None


class Payee(msgspec.Struct, frozen=True, kw_only=True):
    """A payee as it is known."""

    id: str
    name: str
    siren: str | None
    siret: str | None = None
    rna: str | None = None


class Funds(msgspec.Struct, frozen=True, kw_only=True):
    """A page of funds; `cursor` asks for the next one, null at the end."""

    items: list[Fund]
    cursor: str | None = None
