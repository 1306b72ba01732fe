"""Questions about the pool and its ledger."""

from services.funding.reads.journal import JOURNAL_PAGE, extent, journal_lines
from services.funding.reads.questions import funds, plans
from services.funding.reads.statements import pool, split, statement

__all__ = [
    "JOURNAL_PAGE",
    "extent",
    "funds",
    "journal_lines",
    "plans",
    "pool",
    "split",
    "statement",
]
