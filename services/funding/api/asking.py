"""What the routes share: who may do what, how pages are asked for."""

from datetime import datetime
from typing import Annotated, Any

from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter

from contracts.http.funding import (
    Reference,
)
from contracts.values import CoordinationSlug, Role, Slug
from services.chassis.http import PAGE_MAX
from services.chassis.policies import Policy
from services.chassis.service import Service
from services.funding.errors.periods import InstantWithoutZone
from services.funding.lane import Lane

READ = Policy("lire les financements", frozenset(Role) - {Role.INSTITUTION})

WRITE = Policy("tenir les financements", frozenset({Role.COORDINATOR, Role.OPERATOR}))

BODY_BYTES_MAX = 8 * 1024 * 1024
"""8,000 acts of the largest kinds; other routes keep the common limit."""

TheService = NamedDependency[Service]

TheLane = NamedDependency[Lane]


def _pattern(kind: Any) -> str:
    """Return the pattern that the contract gives a text."""
    found: str = kind.__metadata__[0].pattern
    return found


Here = Annotated[str, PathParameter(pattern=_pattern(CoordinationSlug))]

Named = Annotated[str, PathParameter(pattern=_pattern(Slug))]

Cited = Annotated[str, PathParameter(pattern=_pattern(Reference))]

Cursor = Annotated[str | None, QueryParameter(pattern=_pattern(Slug))]

Limit = Annotated[int, QueryParameter(ge=1, le=PAGE_MAX)]

CitedIn = Annotated[str | None, QueryParameter(pattern=_pattern(Reference))]


def with_zone(at: datetime | None) -> datetime | None:
    """Return an instant that says its offset, or none.

    Raises:
        InstantWithoutZone: it does not say it.
    """
    if at is not None and at.tzinfo is None:
        raise InstantWithoutZone
    return at
