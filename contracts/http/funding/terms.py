"""Bodies of what rules and alerts need to know of agreements, funds, actions and payees."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.http.funding.posts import Sector
from contracts.http.funding.proofs import ProofKind
from contracts.http.funding.values import Line
from contracts.values import Cents, Slug

TRANCHES_MAX = 40
FRAMEWORKS_MAX = 8


class TrancheKind(StrEnum):
    """Whether a tranche comes before the work, along it, or once all is proven."""

    ADVANCE = "advance"
    INSTALMENT = "instalment"
    BALANCE = "balance"


class Instrument(StrEnum):
    """The legal form in which a fund helps."""

    GRANT = "grant"
    MARKET = "market"
    PATRONAGE = "patronage"
    IN_KIND = "in_kind"
    SALARY = "salary"


class Procedure(StrEnum):
    """How a fund chose what it helps."""

    DIRECT = "direct"
    CALL_FOR_PROJECTS = "call_for_projects"
    CALL_FOR_INTEREST = "call_for_interest"
    PARTICIPATORY_BUDGET = "participatory_budget"


class Framework(StrEnum):
    """The contract between bodies that a fund or an action comes under."""

    CTG = "CTG"
    PEDT = "PEDT"
    CITY_CONTRACT = "contrat_de_ville"
    TERRITORIAL_PROJECT = "projet_de_territoire"


class ActionNature(StrEnum):
    """Whether an action is an investment or running costs."""

    INVESTMENT = "investment"
    OPERATION = "operation"


class Delivery(StrEnum):
    """In whose name an action is led: its own, helped by a grant, or on behalf of another body."""

    OWN = "own"
    GRANT = "grant"
    MANDATE = "mandate"


class Tranche(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One payment an agreement foresees, and the kinds of proof it waits for."""

    tranche: Slug
    kind: TrancheKind
    amount_cents: Cents
    due_on: date
    proofs: Annotated[list[ProofKind], Meta(max_length=8)] = []


class WriteSchedule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When an agreement pays. With tranches, money is received by them and within each.

    `guaranteed` says a bank answers for the advance; `report_due_on` is the day of the financial
    report.
    """

    tranches: Annotated[list[Tranche], Meta(max_length=TRANCHES_MAX)] = []
    ends_on: date | None = None
    report_due_on: date | None = None
    guaranteed: bool = False


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """The schedule of an agreement as it is known."""

    id: str
    tranches: list[Tranche]
    ends_on: date | None
    report_due_on: date | None
    guaranteed: bool


Frameworks = Annotated[list[Framework], Meta(max_length=FRAMEWORKS_MAX)]


class WriteFundTags(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a fund is beside its money; `programme` is what rules of a programme look at.

    `lapses_on` is the day what is not committed is lost.
    """

    programme: Slug | None = None
    instrument: Instrument | None = None
    procedure: Procedure | None = None
    frameworks: Frameworks = []
    lapses_on: date | None = None


class FundTags(msgspec.Struct, frozen=True, kw_only=True):
    """The tags of a fund as they are known."""

    id: str
    programme: str | None
    instrument: Instrument | None
    procedure: Procedure | None
    frameworks: list[Framework]
    lapses_on: date | None


class WriteActionTags(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an action is beside its budget; `owner` is the funder that carries it."""

    nature: ActionNature
    owner: Slug | None = None
    lead_competence: bool = False
    delivery: Delivery | None = None
    frameworks: Frameworks = []


class ActionTags(msgspec.Struct, frozen=True, kw_only=True):
    """The tags of an action as they are known."""

    id: str
    nature: ActionNature
    owner: str | None
    lead_competence: bool
    delivery: Delivery | None
    frameworks: list[Framework]


class WritePayeeTags(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose law a payee follows."""

    sector: Sector


class PayeeTags(msgspec.Struct, frozen=True, kw_only=True):
    """The sector of a payee as it is known."""

    id: str
    sector: Sector


class WritePayeeConvention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A convention signed with a payee, in force from `signed_on` to `ends_on`, both included."""

    payee: Slug
    signed_on: date
    ends_on: date
    reference: Line | None = None


class PayeeConvention(msgspec.Struct, frozen=True, kw_only=True):
    """A convention with a payee as it is known."""

    id: str
    payee: str
    signed_on: date
    ends_on: date
    reference: str | None
