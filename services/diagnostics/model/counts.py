"""Counts that a producer publishes as open data: they are folded by the rules of signals."""

import msgspec

from contracts.events.signals import ExposureCount

INSTITUTION = "cnaf"
LICENCE = "cnaf-open-data"
LICENCE_TEXT = "Licence Ouverte / Etalab 2.0"
THRESHOLD = 5
"""CNAF publishes a count from five households; under it, a cell is blank."""


class CountsRow(msgspec.Struct, frozen=True):
    """What one row counts in one area; `hosts` are the names of the communes of a QPV."""

    area: str
    kind: str
    signals: tuple[ExposureCount, ...]
    hosts: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """How the source of its counts is shown."""
        period = self.signals[0].period if self.signals else ""
        return f"donnée publique CNAF {period} ({LICENCE_TEXT})"


def department_of_qpv(code: str) -> str:
    """Return the département that the code of a QPV names: `QP001002` is in 01."""
    return code[2:5].removeprefix("0")
