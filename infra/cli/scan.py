"""`ctin scan`: say what looks like personal data in a text, without repeating it."""

import argparse
import json
import sys

from contracts import privacy

CLEAN, FOUND = 0, 1
LINE_MAX = 200_000


def run(arguments: argparse.Namespace) -> int:
    """Write one finding a line and return 1 when there is any.

    With `--values` every line of the input is one value, and each finding carries its line.
    """
    del arguments  # Both ways of reading are line by line: a finding never spans two lines.
    found = False
    for number, line in enumerate(sys.stdin, start=1):
        for one in privacy.scan(line.rstrip("\n")[:LINE_MAX]):
            found = True
            told = {"kind": one.kind.value, "line": number, "start": one.start, "end": one.end}
            print(json.dumps(told))
    return FOUND if found else CLEAN
