"""Versions of a diagnostic, as an institution limited to some communes may be told of them."""

import msgspec

from contracts.envelope import Event
from contracts.events.diagnostics import DiagnosticPublished, VersionStateTold
from contracts.events.exchange.versions import DiagnosticAnnounced


def announcement(version: DiagnosticPublished, institution: str) -> DiagnosticAnnounced:
    """Return what names a version, and nothing that names a commune."""
    return DiagnosticAnnounced(
        coordination=version.coordination,
        institution=institution,
        number=version.number,
        title=version.title,
        published_at=version.published_at,
        hash=version.hash,
        public_hash=version.public_hash,
        path=f"/v1/coordinations/{version.coordination}/diagnostics/{version.number}",
    )


def version_of(event: Event) -> DiagnosticPublished:
    """Return the version an event tells of, frozen just now or told again in a snapshot."""
    if event.type == VersionStateTold.TYPE:
        return msgspec.json.decode(event.data, type=VersionStateTold).state
    return msgspec.json.decode(event.data, type=DiagnosticPublished)


def announced(event: Event, institution: str) -> Event:
    """Return the event of a version, reduced to what names it."""
    fact = announcement(version_of(event), institution)
    return Event(
        id=event.id,
        source="urn:ctin:service:exchange",
        type=fact.TYPE,
        time=event.time,
        data=msgspec.json.encode(fact),
        subject=fact.aggregate,
    )
