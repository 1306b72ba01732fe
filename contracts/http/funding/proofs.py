"""Bodies of proofs and of the claims that cite them."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.http.funding.values import Line, Reference
from contracts.values import CentsOrZero, Slug

CLAIM_PROOFS_MAX = 500


class ProofKind(StrEnum):
    """What a proof is."""

    INVOICE = "invoice"
    PAYSLIP = "payslip"
    SIGNED_CONVENTION = "signed_convention"
    ACTIVITY_REPORT = "activity_report"
    FINANCIAL_REPORT = "financial_report"
    CERTIFICATE = "certificate"
    OTHER = "other"


class WriteProof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A proof, registered before it is cited; its id is in the address, its content elsewhere.

    What all funds finance on it stays within `amount_cents`. `paid_on` is the day the expense was
    certified paid; `agreement` and `tranche` say what the proof opens.
    """

    kind: ProofKind
    amount_cents: CentsOrZero
    issued_on: date
    paid_on: date | None = None
    agreement: Reference | None = None
    tranche: Slug | None = None


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """A proof as it is known."""

    id: str
    kind: ProofKind
    amount_cents: int
    issued_on: date
    paid_on: date | None
    agreement: str | None
    tranche: str | None


class ClaimedProof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A proof in a claim, split in what the fund accepts to pay back and what it does not."""

    proof: Reference
    eligible_cents: CentsOrZero
    ineligible_cents: CentsOrZero = 0


class WriteClaim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Paid expenses that a reimbursement fund is asked for; its id is in the address.

    `advanced_by` is the fund that paid meanwhile, which the claim pays back.
    """

    fund: Slug
    claimed_on: date
    proofs: Annotated[list[ClaimedProof], Meta(min_length=1, max_length=CLAIM_PROOFS_MAX)]
    advanced_by: Slug | None = None
    reference: Line | None = None


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as it is known, with what it adds up to."""

    id: str
    fund: str
    claimed_on: date
    proofs: list[ClaimedProof]
    advanced_by: str | None
    reference: str | None
    eligible_cents: int
    ineligible_cents: int


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """A page of claims; `cursor` asks for the next one, null at the end."""

    items: list[Claim]
    cursor: str | None = None
