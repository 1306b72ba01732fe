"""What is asked of the diagnostic for a subscriber that lost events to retention."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from contracts.events.diagnostics import AreaUpdated, DiagnosticPublished
from contracts.events.exchange.feeds import SnapshotAsked
from services.exchange.model import EVERYWHERE
from services.exchange.model.subscriptions import Opening, SubscriptionRow


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """What asks for the present state in the place of events that nobody can deliver any more."""

    snapshot: UUID
    asked: Sequence[SnapshotAsked]


def lost(row: SubscriptionRow, opened: Opening, *, snapshot: UUID) -> Lost:
    """Return what to ask for a subscription: what it follows, where it is open to it."""
    asked = [_asked(row, opened, coordination, snapshot) for coordination in row.coordinations]
    return Lost(snapshot=snapshot, asked=[one for one in asked if one.updates or one.versions])


def _asked(
    row: SubscriptionRow, opened: Opening, coordination: str, snapshot: UUID
) -> SnapshotAsked:
    updates = opened.areas.get((coordination, AreaUpdated.TYPE), frozenset())
    versions = (coordination, DiagnosticPublished.TYPE) in opened.areas
    areas = set(row.areas)
    if EVERYWHERE not in updates:
        named = {area.removeprefix("c") for area in updates}
        areas = areas & named if areas else named
    return SnapshotAsked(
        coordination=coordination,
        snapshot=snapshot,
        areas=sorted(areas),
        updates=bool(updates) and AreaUpdated.TYPE in row.types,
        versions=versions and DiagnosticPublished.TYPE in row.types,
    )
