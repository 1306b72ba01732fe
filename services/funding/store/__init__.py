"""The room that runs SQL; each module lists the row Structs of its queries."""

from services.funding.store import (
    flows,
    limits,
    periods,
    posts,
    queries,
    watch,
    written,
)
from services.funding.store.figures import gap, named_funds, stages, sums
from services.funding.store.ledger import (
    COLUMNS,
    Fenced,
    add_block,
    add_transfers,
    award_totals,
    balances,
    cited,
    head,
    journal,
    move_balances,
    move_tallies,
    open_accounts,
    recorded,
    references,
    tallies,
)
from services.funding.store.queries import SQL
from services.funding.store.records import (
    Reference,
    actions,
    add_decision,
    add_opinion,
    add_reference,
    funds,
    open_action,
    plans,
    reference,
)

ROWS = {
    **flows.ROWS,
    **limits.ROWS,
    **periods.ROWS,
    **posts.ROWS,
    **queries.ROWS,
    **watch.ROWS,
    **written.ROWS,
}

__all__ = [
    "COLUMNS",
    "ROWS",
    "SQL",
    "Fenced",
    "Reference",
    "actions",
    "add_block",
    "add_decision",
    "add_opinion",
    "add_reference",
    "add_transfers",
    "award_totals",
    "balances",
    "cited",
    "funds",
    "gap",
    "head",
    "journal",
    "move_balances",
    "move_tallies",
    "named_funds",
    "open_accounts",
    "open_action",
    "plans",
    "recorded",
    "reference",
    "references",
    "stages",
    "sums",
    "tallies",
]
