"""Questions about the pool and its ledger."""

from services.funding.reads.journal import JOURNAL_PAGE, journal_lines
from services.funding.reads.questions import funds, plans, pool

__all__ = ["JOURNAL_PAGE", "funds", "journal_lines", "plans", "pool"]
