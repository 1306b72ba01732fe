"""How much a partner may send: a bucket of signals that fills again with time."""

import math
from collections.abc import Mapping, Sequence

import msgspec

from services.exchange.model import Denied, Kept
from services.exchange.settings import Settings


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one institution may send: at once, and how fast that comes back."""

    signals_per_second: int = 500
    signals_at_once: int = 100_000


def limits_of(settings: Settings) -> Limits:
    """Return what each institution may send, as the operator set it."""
    return Limits(
        signals_per_second=settings.signals_per_second_max,
        signals_at_once=settings.signals_at_once_max,
    )


def seconds_until(signals: int, left: float, limits: Limits) -> int:
    """Return the whole seconds after which `signals` may be sent, one at least."""
    return max(1, math.ceil((signals - left) / limits.signals_per_second))


def beyond(checked: Sequence[Kept | Denied], taken: Mapping[str, int]) -> list[Kept | Denied]:
    """Return signals in order, those after the first `taken` of their institution denied.

    Each was checked before: one that holds personal data is erased, quota or not.
    """
    left = dict(taken)
    found: list[Kept | Denied] = []
    for one in checked:
        left[one.raw.institution] -= 1
        is_beyond = left[one.raw.institution] < 0
        found.append(_refused(one) if isinstance(one, Kept) and is_beyond else one)
    return found


def _refused(one: Kept) -> Denied:
    return Denied(
        raw=one.raw,
        signal_id=one.signal.signal_id,
        code="E_QUOTA",
        field="",
        detail="Vous envoyez plus vite que votre quota ; ce signal n'est pas compté, renvoyez-le "
        "plus tard.",
    )
