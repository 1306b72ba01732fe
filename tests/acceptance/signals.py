"""Signals as a partner's developer would write them, from the guide alone."""

from typing import Any
from uuid import uuid4

CPAM_AGREEMENT = "019b76da-8000-7000-8a00-00000000ca01"
CCAS_AGREEMENT = "019b76da-8000-7000-8a00-00000000ca02"


def exposure(**changes: Any) -> dict[str, Any]:
    """A count that CPAM may send; None takes a field out."""
    told = {
        "type": "exposure_count",
        "signal_id": str(uuid4()),
        "revision": 1,
        "agreement": CPAM_AGREEMENT,
        "purpose": "shared_diagnostic",
        "period": "2024",
        "area_kind": "commune",
        "area_code": "31113",
        "measure": "c2s",
        "unit": "insured_person",
        "count": 120,
        **changes,
    }
    return {name: value for name, value in told.items() if value is not None}


def need(**changes: Any) -> dict[str, Any]:
    """A need that the CCAS may report."""
    told = {
        "type": "reported_need",
        "signal_id": str(uuid4()),
        "revision": 1,
        "agreement": CCAS_AGREEMENT,
        "purpose": "need_follow_up",
        "period": "2026-03",
        "area_kind": "commune",
        "area_code": "31113",
        "reporter_kind": "ccas",
        "problem": "access_rights",
        "theme": "daily_tools",
        "public": "families",
        "unit": "person",
        "count": 3,
        **changes,
    }
    return {name: value for name, value in told.items() if value is not None}
