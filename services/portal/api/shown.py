"""What a page needs besides its own figures: the coordination, and when things last changed."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Annotated

import msgspec
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from contracts.values import CommuneCode, CoordinationSlug, Slug
from services.chassis import database
from services.chassis.service import Service
from services.portal import reads
from services.portal.api.html import Shell
from services.portal.errors import NoSuchCommune, NoSuchCoordination
from services.portal.reads.peers import Peers

TheService = NamedDependency[Service]
ThePeers = NamedDependency[Peers]
Measure = Annotated[str | None, QueryParameter(name="mesure", max_length=60)]
CHANGES_SECONDS_MAX = 1.0


def checked_slug(slug: str) -> str:
    """Return a slug that may name a coordination.

    Raises:
        NoSuchCoordination: nothing can be called so; no service is asked.
    """
    try:
        return msgspec.convert(slug, CoordinationSlug)
    except msgspec.ValidationError:
        raise NoSuchCoordination(slug[:40]) from None


def checked_insee(insee: str) -> str:
    """Return a code that may be a commune's.

    Raises:
        NoSuchCommune: no commune can have this code.
    """
    try:
        return msgspec.convert(insee, CommuneCode)
    except msgspec.ValidationError:
        raise NoSuchCommune(insee[:10]) from None


def checked_measure(measure: str | None) -> str | None:
    """Return the measure that was asked for, None when it is none: the map then has its own."""
    try:
        return msgspec.convert(measure, Slug | None)
    except msgspec.ValidationError:
        return None


async def shell(service: Service, peers: Peers, slug: str, path: str) -> Shell:
    """Return the frame of a page of the coordination `slug`.

    Raises:
        NoSuchCoordination: the members service knows none of this name.
    """
    known = await reads.coordination(peers, checked_slug(slug))
    if known.unknown:
        raise NoSuchCoordination(slug)
    return Shell(
        slug=slug,
        name=known.value.name if known.value else f"Coordination « {slug} »",
        path=path,
        coordination=known,
        changes=await changes(service, slug),
    )


async def changes(service: Service, slug: str) -> Mapping[str, datetime]:
    """Return when each topic last changed; nothing when the portal's own database is away."""
    with suppress(*database.TROUBLE):
        async with asyncio.timeout(CHANGES_SECONDS_MAX), service.read() as connection:
            found = await reads.changes_of(connection, slug)
            return {one.topic: one.changed_at for one in found}
    return {}
