"""What a system must be seen to do before anyone relies on it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from contracts.http.exchange.access import ConformanceStep

SHOWN_BY_THE_SYSTEM = ("connected", "foreign_subject_refused", "updates_followed", "recovered")
"""What only the system itself can see."""
SEEN_BY_THE_EXCHANGE = (
    "good_signal_accepted",
    "same_signal_counted_once",
    "revision_accepted",
    "bad_signal_refused",
    "personal_data_refused",
    "answers_acknowledged",
)
SIGNALS_MAX = 1000


class SeenSignal(msgspec.Struct, frozen=True):
    """Columns of `seen_since`."""

    signal_id: UUID | None
    status: str
    code: str | None
    detail: str | None


def seen(signals: Sequence[SeenSignal], *, is_acknowledged: bool) -> Mapping[str, bool]:
    """Return what the exchange saw a system do, by step.

    A signal is accepted with a sentence when it changed nothing, because it was known; without
    one it counts, once for each of its revisions.
    """
    accepted = [one for one in signals if one.status == "accepted"]
    refused = [one.code or "" for one in signals if one.status == "refused"]
    counted = Counter(one.signal_id for one in accepted if one.detail is None)
    return {
        "good_signal_accepted": bool(counted),
        "same_signal_counted_once": any(one.detail for one in accepted),
        "revision_accepted": any(n > 1 for n in counted.values()),
        "bad_signal_refused": any(not code.startswith("E_PII_") for code in refused),
        "personal_data_refused": any(code.startswith("E_PII_") for code in refused),
        "answers_acknowledged": bool(signals) and is_acknowledged,
    }


def steps(
    shown: Sequence[ConformanceStep], observed: Mapping[str, bool]
) -> tuple[list[ConformanceStep], bool]:
    """Return every step with its outcome, and whether all passed; one not told did not pass.

    What the system says of a step that the exchange sees for itself is not listened to.
    """
    told = {one.name: one.passed for one in shown}
    outcome = {name: told.get(name, False) for name in SHOWN_BY_THE_SYSTEM}
    outcome |= {name: observed[name] for name in SEEN_BY_THE_EXCHANGE}
    found = [ConformanceStep(name=name, passed=passed) for name, passed in outcome.items()]
    return found, all(outcome.values())
