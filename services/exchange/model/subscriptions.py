"""Which messages of `PUB` a subscription gets, as values and pure functions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from contracts.envelope import Event, Malformed, from_headers
from contracts.events import BY_TYPE
from contracts.events.diagnostics import (
    AreaStateTold,
    AreaUpdated,
    DiagnosticPublished,
    VersionStateTold,
)
from contracts.events.exchange.versions import DiagnosticAnnounced
from contracts.streams import filter_of, parts
from services.exchange.model import EVERYWHERE, Agreement

SUBSCRIPTIONS_MAX = 1_000
"""Per institution."""
OF_STATES = {
    AreaStateTold.TYPE: AreaUpdated.TYPE,
    VersionStateTold.TYPE: DiagnosticPublished.TYPE,
}
"""Which events each state of a snapshot stands for."""
STATES = {of: kind for kind, of in OF_STATES.items()}
_SUBJECT_TOKENS = 6


class _Named(msgspec.Struct, frozen=True):
    """The one field read of a state to know whose it is."""

    snapshot: UUID


_NAMED = msgspec.json.Decoder(_Named)


class SubscriptionRow(msgspec.Struct, frozen=True):
    """Columns of a subscription and of its feed, in the order of the queries."""

    subscription: UUID
    institution: str
    channel: str
    coordinations: list[str]
    types: list[str]
    areas: list[str]
    themes: list[str]
    publics: list[str]
    payload: str
    url: str | None
    batch_max: int
    key_version: int
    previous_until: datetime | None
    status: str
    reason: str | None
    created_at: datetime
    expires_at: datetime | None
    start_seq: int
    through_seq: int
    last_subseq: int
    acked: int
    sent: int
    failed: int
    attempts: int
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_failure: str | None
    next_attempt_at: datetime | None
    beaten: int
    snapshots: list[UUID]
    gap_subseq: int
    owed_seq: int | None


class DeliveryRow(msgspec.Struct, frozen=True):
    """Columns of `deliveries`."""

    subseq: int
    stream_seq: int
    event_id: str


class Published(msgspec.Struct, frozen=True):
    """One message of `PUB`: where it stands and what it says."""

    seq: int
    subject: str
    headers: Mapping[str, str]
    data: bytes

    def event(self) -> Event | None:
        """Return its event, None when it holds none."""
        try:
            return from_headers(self.headers, self.data)
        except Malformed:
            return None


class Place(msgspec.Struct, frozen=True):
    """What a subject under `pub.` says: type, coordination and area.

    A `state` is told again in a snapshot: who may have the events of `kind` may have it.
    """

    kind: str
    coordination: str
    area: str
    state: bool = False


def place_of(subject: str) -> Place | None:
    """Return what a subject says, None when no subscription may have it."""
    words = subject.split(".")
    if len(words) != _SUBJECT_TOKENS or words[0] != "pub":
        return None
    _, owner, coordination, area, fact, version = words
    kind = f"fr.ctin.{owner}.{fact}.{version}"
    of = OF_STATES.get(kind)
    return Place(of or kind, coordination, area, state=of is not None)


def is_of_all(place: Place) -> bool:
    """Tell whether an event is of the whole diagnostic, and thereby of each of its communes."""
    return place.kind == DiagnosticPublished.TYPE


def published_types(kinds: Sequence[str]) -> list[str]:
    """Return which of these types partners may be delivered; states only come in a snapshot."""
    return [
        kind
        for kind in kinds
        if kind in BY_TYPE and BY_TYPE[kind].TIER == "pub" and kind not in OF_STATES
    ]


class Opening(msgspec.Struct, frozen=True):
    """What an institution's agreements of a day open, by coordination and type."""

    areas: Mapping[tuple[str, str], frozenset[str]]
    """Areas as subjects write them, or `_all`."""

    def admits(self, place: Place) -> bool:
        """Tell whether an event of this place may be delivered, whole or reduced."""
        found = self.areas.get((place.coordination, place.kind), frozenset())
        return self.is_whole(place) or bool(found and is_of_all(place))

    def is_whole(self, place: Place) -> bool:
        """Tell whether an event of this place may be delivered as it is."""
        found = self.areas.get((place.coordination, place.kind), frozenset())
        return EVERYWHERE in found or place.area in found


def opening(institution: str, agreements: Sequence[Agreement], *, today: date) -> Opening:
    """Return what the agreements in force open to an institution today."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for one in agreements:
        if one.institution == institution and one.valid_from <= today <= one.valid_until:
            areas = {EVERYWHERE} if EVERYWHERE in one.areas else {f"c{a}" for a in one.areas}
            for kind in published_types(one.receives):
                key = (one.coordination, kind)
                found[key] = found.get(key, frozenset()) | areas
    return Opening(found)


def is_open(row: SubscriptionRow, opened: Opening) -> bool:
    """Tell whether anything this subscription asks for is open today."""
    return any((c, kind) in opened.areas for c in row.coordinations for kind in row.types)


def is_deliverable(row: SubscriptionRow, opened: Opening, *, now: datetime) -> bool:
    """Tell whether a feed may move now: it is active, not over, and something opens it."""
    over = row.expires_at is not None and row.expires_at <= now
    return row.status == "active" and not over and is_open(row, opened)


def wants(row: SubscriptionRow, message: Published, opened: Opening) -> bool:
    """Tell whether a subscription gets a message: it asked for it, and it is open to it."""
    place = place_of(message.subject)
    if place is None or not asks_for(row, place):
        return False
    if row.channel == "nats":  # What has to be reduced comes by another subject.
        return opened.is_whole(place)
    if place.state and not _is_own(row, message.data):
        return False
    return opened.admits(place) and _concerns(row, message.data)


def asks_for(row: SubscriptionRow, place: Place) -> bool:
    """Tell whether a subscription asked for events of this place, open to it or not."""
    if place.kind not in row.types or place.coordination not in row.coordinations:
        return False
    return not row.areas or is_of_all(place) or place.area.removeprefix("c") in row.areas


def _is_own(row: SubscriptionRow, data: bytes) -> bool:
    """Tell whether a state was told for this feed."""
    return bool(row.snapshots) and _NAMED.decode(data).snapshot in row.snapshots


def _concerns(row: SubscriptionRow, data: bytes) -> bool:
    """Tell whether an event holds a need of the themes and publics asked for, if any were."""
    if not (row.themes or row.publics):
        return True
    told: Any = msgspec.json.decode(data)
    if isinstance(told, dict) and told.get("snapshot"):
        return True  # Whatever the needs of an area come to, none of them included.
    found = [told, *(told.get("needs") or [])] if isinstance(told, dict) else []
    return any(
        (not row.themes or one.get("theme") in row.themes)
        and (not row.publics or one.get("public") in row.publics)
        for one in found
    )


def filters(row: SubscriptionRow, opened: Opening) -> list[str]:
    """Return the subject filters of what is asked for and open, for a durable."""
    found: set[str] = set()
    for (coordination, kind), areas in opened.areas.items():
        if coordination not in row.coordinations or kind not in row.types:
            continue
        if kind == DiagnosticPublished.TYPE:
            found.add(version_filter(row.institution, coordination, areas))
            if EVERYWHERE in areas:
                found.add(filter_of(VersionStateTold, coordination=coordination, area=EVERYWHERE))
            continue
        asked = {f"c{area}" for area in row.areas}
        narrowed = set(areas)
        if EVERYWHERE in areas:
            narrowed = asked or {"*"}
        elif asked:
            narrowed &= asked
        found |= {
            filter_of(BY_TYPE[one], coordination=coordination, area=area)
            for one in (kind, STATES.get(kind, kind))
            for area in narrowed
        }
    return sorted(found)


def version_filter(institution: str, coordination: str, areas: Collection[str]) -> str:
    """Return the subject filter of versions: whole, or announced to who has some communes."""
    if EVERYWHERE in areas:
        return filter_of(DiagnosticPublished, coordination=coordination, area=EVERYWHERE)
    return filter_of(DiagnosticAnnounced, coordination=coordination, area=institution)


def cover(row: SubscriptionRow) -> str:
    """Return the narrowest single filter that covers all a subscription may get."""
    words = [[], [], [], [], []]  # type: list[list[str]]
    has_states = bool(row.snapshots) or row.channel == "nats"
    states = [STATES[kind] for kind in row.types if has_states and kind in STATES]
    for kind in [*row.types, *states]:
        owner, fact, version = parts(kind)
        words[0].append(owner)
        words[3].append(fact)
        words[4].append(version)
    words[1] += row.coordinations
    words[2] += [f"c{area}" for area in row.areas] or ["*"]
    if DiagnosticPublished.TYPE in row.types:
        words[2].append(EVERYWHERE)
    chosen = [one[0] if len(set(one)) == 1 else "*" for one in words]
    return ".".join(["pub", *chosen])


def durable_of(institution: str, subscription: UUID) -> str:
    """Return the name of a subscription's durable on `PUB`: it begins as the institution's own."""
    return f"{institution}-s-{subscription.hex}"


def shown(row: SubscriptionRow, event: Event, *, subseq: int | None, seq: int) -> dict[str, Any]:
    """Return an event as a feed carries it, whole or only what names it."""
    document = event.structured()
    if row.payload == "id_only":
        del document["data"], document["datacontenttype"]
    if subseq is not None:
        document["subseq"] = subseq
    document["streamsequence"] = str(seq)
    return document


def notice(
    row: SubscriptionRow, content: Any, *, kind: str, name: str, at: datetime, subseq: int | None
) -> dict[str, Any]:
    """Return a word of the exchange about a feed, in the form of the events around it."""
    event = Event(
        id=f"{row.subscription}-{name}",
        source="urn:ctin:service:exchange",
        type=kind,
        time=at,
        data=msgspec.json.encode(content),
        subject=f"{row.institution}/{row.subscription}",
    )
    document = event.structured()
    if subseq is not None:
        document["subseq"] = subseq
    return document
