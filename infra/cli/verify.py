"""`ctin verify`: recompute what was published, in code that shares nothing with the services."""

import argparse
import sys

from contracts.verify import decision, diagnostic, ledger

KINDS = {"decision": decision.main, "diagnostic": diagnostic.main, "ledger": ledger.main}
DIFFERS = 1


def run(arguments: argparse.Namespace) -> int:
    """Return 0 when the file holds, 1 with the first difference on the error output."""
    try:
        return KINDS[arguments.kind](arguments.file)
    except OSError as fault:
        sys.stderr.write(f"« {arguments.file} » ne se lit pas : {fault.strerror}.\n")
        return DIFFERS
