"""A page of a feed, from its numbers and what the stream still holds of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from contracts.http.exchange.subscriptions import Gap, Withheld
from services.exchange.model import subscriptions as rules
from services.exchange.model.subscriptions import (
    DeliveryRow,
    Opening,
    Published,
    SubscriptionRow,
)
from services.exchange.model.versions import announced


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Documents in order, and the last number among them at which nothing will ever stand."""

    documents: list[dict[str, Any]]
    lost_through: int


def page(
    row: SubscriptionRow,
    lines: Sequence[DeliveryRow],
    messages: Mapping[int, Published],
    opened: Opening,
    *,
    after: int,
    last: int,
    first_seq: int,
    now: datetime,
) -> Page:
    """Return what the numbers after one, up to another, are: an event, or a notice.

    `first_seq` is where the stream begins. A number without a line, or whose message was before
    that, is past retention: one notice stands for all that follow one another.
    """
    shown: list[dict[str, Any]] = []
    done = through = after
    for line in lines:
        message = messages.get(line.stream_seq)
        if message is None and line.stream_seq < first_seq:
            continue
        if line.subseq > done + 1:
            through = line.subseq - 1
            shown.append(_gap(row, done + 1, through, now=now))
        done = line.subseq
        if message is None:
            shown.append(_withheld(row, line.subseq, line.event_id, "erased", now=now))
        else:
            shown.append(document(row, line.subseq, message, opened, now=now))
    if done < last:
        through = last
        shown.append(_gap(row, done + 1, last, now=now))
    return Page(documents=shown, lost_through=through if through > after else 0)


def document(
    row: SubscriptionRow, subseq: int, message: Published, opened: Opening, *, now: datetime
) -> dict[str, Any]:
    """Return an event at its number, or a notice when no agreement opens it any more."""
    event = message.event()
    assert event is not None, "what was numbered was read"
    place = rules.place_of(message.subject)
    if place is None or not opened.admits(place):
        return _withheld(row, subseq, event.id, "agreement", now=now)
    if not opened.is_whole(place):
        event = announced(event, row.institution)
    return rules.shown(row, event, subseq=subseq, seq=message.seq)


def _withheld(
    row: SubscriptionRow, subseq: int, event_id: str, reason: Any, *, now: datetime
) -> dict[str, Any]:
    content = Withheld(event_id=event_id, reason=reason)
    name = f"{subseq}-withheld"
    return rules.notice(row, content, kind=Withheld.TYPE, name=name, at=now, subseq=subseq)


def _gap(row: SubscriptionRow, first: int, last: int, *, now: datetime) -> dict[str, Any]:
    content = Gap(from_subseq=first, to_subseq=last)
    name = f"{first}-{last}-gap"
    return rules.notice(row, content, kind=Gap.TYPE, name=name, at=now, subseq=last)
