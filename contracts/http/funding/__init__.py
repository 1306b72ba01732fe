"""Bodies of the funding service's routes, and the lines of its journal.

The journal is NDJSON in canonical JSON (RFC 8785): the lines of a block's transfers, then the line
of the block. `hash` is the SHA-256 of the 32 bytes of `prev`, then the block's transfer lines
joined by a line feed, without one at the end; the `prev` of the first block is 64 zeros.
"""

from contracts.http.funding.figures import (
    ActionPlan,
    ActionPlans,
    FundFigures,
    PlanLine,
    Pool,
    Stages,
)
from contracts.http.funding.journal import JournalBlock, JournalTransfer
from contracts.http.funding.references import (
    Custody,
    Fund,
    Funder,
    FunderLevel,
    FundingAgreement,
    FundMode,
    Funds,
    LegalNature,
    Payee,
    Restriction,
    WriteFund,
    WriteFunder,
    WriteFundingAgreement,
    WritePayee,
)
from contracts.http.funding.transfers import (
    Phase,
    TransferAnswer,
    TransferAsked,
    TransferKind,
    TransferStatus,
)
from contracts.http.funding.values import GENESIS, TRANSFERS_MAX, Line, Reference

__all__ = [
    "GENESIS",
    "TRANSFERS_MAX",
    "ActionPlan",
    "ActionPlans",
    "Custody",
    "Fund",
    "FundFigures",
    "FundMode",
    "Funder",
    "FunderLevel",
    "FundingAgreement",
    "Funds",
    "JournalBlock",
    "JournalTransfer",
    "LegalNature",
    "Line",
    "Payee",
    "Phase",
    "PlanLine",
    "Pool",
    "Reference",
    "Restriction",
    "Stages",
    "TransferAnswer",
    "TransferAsked",
    "TransferKind",
    "TransferStatus",
    "WriteFund",
    "WriteFunder",
    "WriteFundingAgreement",
    "WritePayee",
]
