"""Events that services set aside, put together by reason."""

import re
from collections.abc import Iterable

from contracts.http.exchange.parked import CountedGroup, ParkedItem, ReasonGroup

REASON_CHARS_MAX = 160
_VALUES = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\d+|'[^']*'|\"[^\"]*\"")


def reason_of(error: str) -> str:
    """Return an error without the values in it, so that the same fault has the same reason."""
    return _VALUES.sub("…", error)[:REASON_CHARS_MAX]


def group_of(item: ParkedItem) -> ReasonGroup:
    """Return the group an event is in."""
    return ReasonGroup(
        service=item.service,
        consumer=item.event.consumer,
        type=item.event.type[:1024],
        reason=item.reason,
    )


def grouped(items: Iterable[ParkedItem]) -> list[CountedGroup]:
    """Return the groups of events, the largest first."""
    found: dict[ReasonGroup, CountedGroup] = {}
    for item in items:
        group = group_of(item)
        known = found.get(group)
        found[group] = CountedGroup(
            group=group,
            count=known.count + 1 if known else 1,
            oldest_at=min(known.oldest_at, item.event.at) if known else item.event.at,
        )
    return sorted(found.values(), key=lambda one: (-one.count, one.oldest_at))
