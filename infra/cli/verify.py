"""`ctin verify`: recompute what was published, in code that shares nothing with the services."""

import argparse

from contracts.verify import ledger


def run(arguments: argparse.Namespace) -> int:
    """Return 0 when the file holds, 1 with the first difference on the error output."""
    return ledger.main(arguments.file)
