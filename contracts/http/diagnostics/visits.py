"""Bodies of what is heard on the ground: testimonies, visits to communes, tours."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.http.diagnostics.elements import Target
from contracts.values import CommuneCode, Sentence, Slug


class BringTestimony(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an inhabitant agreed to let be told, without a name, by who heard it."""

    id: UUID | None = None
    target: Target
    commune: CommuneCode
    public: Slug
    said: Sentence
    heard_on: date
    organization: Slug
    consent: bool


class Testimony(msgspec.Struct, frozen=True, kw_only=True):
    """What an inhabitant let be told."""

    id: UUID
    coordination: str
    target: Target
    commune: str
    public: str
    public_label: str
    said: str
    heard_on: date
    organization: str


class Testimonies(msgspec.Struct, frozen=True, kw_only=True):
    """A page of testimonies by id; `cursor` asks for the next one, null at the end."""

    items: list[Testimony]
    cursor: str | None = None


class VisitState(StrEnum):
    """Where a visit stands."""

    PLANNED = "PLANNED"
    DONE = "DONE"
    CANCELLED = "CANCELLED"


class Met(StrEnum):
    """Who was met: a function, never a name."""

    MAYOR = "MAYOR"
    DEPUTY_MAYOR = "DEPUTY_MAYOR"
    COUNCILLOR = "COUNCILLOR"
    SECRETARY = "SECRETARY"
    MANAGER = "MANAGER"
    CCAS = "CCAS"
    LIBRARY = "LIBRARY"
    SCHOOL = "SCHOOL"
    ASSOCIATION = "ASSOCIATION"
    INHABITANTS = "INHABITANTS"


class HeardNeed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A need that was heard: the problem, and whose."""

    problem: Slug
    public: Slug


class NeedAtVisit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A need that was heard on a visit; it becomes a reported need, whose source is the visit.

    `count` is how many people it was heard of, one where nobody counted; `theme` what they need of
    the digital, that which the problem asks for first where nobody said.
    """

    problem: Slug
    public: Slug
    theme: Slug | None = None
    count: Annotated[int, Meta(ge=1, le=10**6)] = 1


class PlanVisit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A commune is to be visited on a day."""

    id: UUID | None = None
    commune: CommuneCode
    planned_on: date


class ReportVisit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A visit was made: when, who was met, which needs were heard."""

    done_on: date
    met: Annotated[list[Met], Meta(min_length=1, max_length=10)]
    needs: Annotated[list[NeedAtVisit], Meta(max_length=20)] = []


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A visit to a commune."""

    id: UUID
    coordination: str
    commune: str
    planned_on: date
    state: VisitState
    done_on: date | None
    met: list[Met]
    needs: list[HeardNeed]


class Visits(msgspec.Struct, frozen=True, kw_only=True):
    """A page of visits by id; `cursor` asks for the next one, null at the end."""

    items: list[Visit]
    cursor: str | None = None


class TourStop(msgspec.Struct, frozen=True, kw_only=True):
    """A commune to visit; `state` is null until a visit is planned."""

    commune: str
    name: str
    state: VisitState | None
    on: date | None


class Tour(msgspec.Struct, frozen=True, kw_only=True):
    """The communes a filled post has to visit; `share` is a fraction, `percent` its half-up."""

    post: str
    filled_on: date
    visited: int
    communes: int
    share: str
    percent: int
    stops: list[TourStop]


class Tours(msgspec.Struct, frozen=True, kw_only=True):
    """A page of tours by post, their stops left out; `cursor` asks for the next one."""

    items: list[Tour]
    cursor: str | None = None
