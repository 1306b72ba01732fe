"""Bodies of proof packs: all that supports a need in one commune, or in one policy domain."""

from datetime import date
from enum import StrEnum

import msgspec

from contracts.http.diagnostics.elements import Element, Evidence
from contracts.http.diagnostics.needs import NeedSum
from contracts.http.diagnostics.surveys import CampaignState
from contracts.http.diagnostics.versions import Tier
from contracts.http.diagnostics.visits import Testimony, Visit


class ScopeKind(StrEnum):
    """What a proof pack is about."""

    COMMUNE = "COMMUNE"
    DOMAIN = "DOMAIN"


class PackFigure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure as a reader sees it, with where it comes from and its vintage or period."""

    kind: str
    label: str
    reading: str
    source: str
    vintage: str


class PackSurvey(msgspec.Struct, frozen=True, kw_only=True):
    """A survey that was made there."""

    id: str
    title: str
    operator: str
    state: CampaignState
    begins_on: date
    ends_on: date


class PackContent(msgspec.Struct, frozen=True, kw_only=True):
    """What a proof pack holds. Needs below `threshold` are not counted: a pack is shown around.

    A pack of a domain that is read inside the coordination adds the needs of all communes, small
    ones among them, and says so by its `tier`: it stays there. For anyone else it adds what is
    shown of each commune. Each list holds its first 200; `cut` names those that go on.
    """

    coordination: str
    scope: ScopeKind
    code: str
    label: str
    made_on: date
    tier: Tier
    threshold: int
    figures: list[PackFigure]
    elements: list[Element]
    surveys: list[PackSurvey]
    testimonies: list[Testimony]
    visits: list[Visit]
    evidence: list[Evidence]
    actions: list[str]
    sources: list[str]
    cut: list[str]


class ProofPack(msgspec.Struct, frozen=True, kw_only=True):
    """A proof pack; `sha256` is that of its content in canonical JSON (RFC 8785)."""

    content: PackContent
    sha256: str


class DomainNeeds(msgspec.Struct, frozen=True, kw_only=True):
    """What an elected official finds in its own service: elements by state, needs met.

    An element is of the policy domain of its problem; a need too, else of that of its theme.
    """

    domain: str
    label: str
    observed: int
    surveyed: int
    qualified: int
    refuted: int
    needs: list[NeedSum]


class Domains(msgspec.Struct, frozen=True, kw_only=True):
    """Every policy domain there is, with what is known of its needs."""

    items: list[DomainNeeds]
