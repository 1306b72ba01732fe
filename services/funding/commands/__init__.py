"""What the funding service can be asked to change. Each command is one transaction."""

from services.funding.commands.posting import FACT_BYTES_MAX, SOURCE, post, try_out
from services.funding.commands.references import (
    keep_decision,
    keep_opinion,
    open_action,
    write_agreement,
    write_fund,
    write_funder,
    write_payee,
)

__all__ = [
    "FACT_BYTES_MAX",
    "SOURCE",
    "keep_decision",
    "keep_opinion",
    "open_action",
    "post",
    "try_out",
    "write_agreement",
    "write_fund",
    "write_funder",
    "write_payee",
]
