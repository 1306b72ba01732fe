"""Bodies of what programmes are asked for, and of the financial synthesis."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.http.funding.values import Line
from contracts.values import CentsOrZero, Slug


class RequestState(StrEnum):
    """What became of a request for a grant."""

    SUBMITTED = "SUBMITTED"
    ONGOING = "ONGOING"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


class WriteGrantRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a programme is asked for, for one action: services bought and staff.

    `fund` is where its grant comes in, once there is one: what that fund agrees is no co-funding.
    """

    action: Slug
    programme: Line
    services_cents: CentsOrZero
    staff_cents: CentsOrZero
    training: bool = False
    fund: Slug | None = None
    state: RequestState = RequestState.SUBMITTED


class GrantRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request for a grant as it is known."""

    id: str
    action: str
    programme: str
    services_cents: int
    staff_cents: int
    training: bool
    fund: str | None
    state: RequestState


class GrantRequests(msgspec.Struct, frozen=True, kw_only=True):
    """A page of requests; `cursor` asks for the next one, null at the end."""

    items: list[GrantRequest]
    cursor: str | None = None


class SynthesisFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of the national tool's financial synthesis, in cents.

    A request counts as granted once accepted, for what was asked. Co-funders and recipients are
    bodies: one that is in several actions counts once.
    """

    budget_cents: int
    cofunding_cents: int
    cofunders: int
    recipients: int
    asked_cents: int
    granted_cents: int
    granted_training_cents: int


class ActionSynthesis(msgspec.Struct, frozen=True, kw_only=True):
    """The synthesis of one action."""

    id: str
    number: int
    title: str
    figures: SynthesisFigures


class FinancialSynthesis(msgspec.Struct, frozen=True, kw_only=True):
    """The synthesis of all actions together, then of each, by number."""

    figures: SynthesisFigures
    actions: list[ActionSynthesis]


class EngineeringNeed(StrEnum):
    """Help in engineering and tools, by the codes of the national form."""

    STRUCTURE_A_FUND = "structurer_fond_local"
    WRITE_GRANT_FILES = "monter_dossier_subvention"
    RUN_THE_GOVERNANCE = "animer_et_mettre_en_oeuvre_gouvernance"
    MAKE_A_DIAGNOSTIC = "etablir_diagnostic_territorial"
    MAKE_THE_ROADMAP_TOGETHER = "coconstruire_feuille_avec_membres"
    WRITE_THE_ROADMAP = "rediger_feuille"
    LEGAL_HELP = "appui_juridique_dedie_gouvernance"
    CERTIFY_TRAINING = "appuyer_certification_qualiopi"
    REFURBISH_LOCALLY = "structurer_filiere_reconditionnement_locale"
    COLLECT_TERRITORY_DATA = "collecter_donnees_territoriales"
    SPREAD_EXISTING_TOOLS = "sensibiliser_acteurs"


class WriteEngineeringNeeds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What help an action needs, each once; none takes back what was said."""

    needs: Annotated[list[EngineeringNeed], Meta(max_length=11)]


class ActionNeeds(msgspec.Struct, frozen=True, kw_only=True):
    """What help an action needs."""

    id: str
    number: int
    title: str
    needs: list[EngineeringNeed]


class EngineeringNeeds(msgspec.Struct, frozen=True, kw_only=True):
    """A page of actions that need help; `cursor` asks for the next one, null at the end."""

    items: list[ActionNeeds]
    cursor: str | None = None
