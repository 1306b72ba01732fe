"""The French of codes that services exchange."""

from contracts.events.diagnostics import FigureStatus
from contracts.events.roadmap import ActionCategory
from contracts.http.exchange import PartnerStatus, RecentSignal, SignalStatus
from contracts.http.members import MemberRole, MemberState
from contracts.http.roadmap import SheetState
from contracts.values import College, TerritoryLevel
from services.portal.model import french

COLLEGES = {
    College.INSTITUTIONAL: "Collège institutionnel",
    College.DIGITAL_MEDIATION: "Collège de la médiation numérique",
    College.PRIVATE: "Collège privé",
}
LEVELS = {
    TerritoryLevel.COMMUNE: "commune",
    TerritoryLevel.EPCI: "intercommunalité",
    TerritoryLevel.DEPARTMENT: "département",
    TerritoryLevel.SEVERAL: "plusieurs territoires",
}
CATEGORIES = {
    ActionCategory.ASSIST: "Aider",
    ActionCategory.SUPPORT: "Accompagner",
    ActionCategory.PREVENT: "Prévenir",
    ActionCategory.STRUCTURE: "Structurer",
    ActionCategory.EXPERIMENT: "Expérimenter",
}
SHEET_STATES = {
    SheetState.PROPOSED: "proposée",
    SheetState.PRIORITISED: "priorisée",
    SheetState.VALIDATED: "validée",
    SheetState.STARTED: "en cours",
    SheetState.DONE: "achevée",
    SheetState.DROPPED: "abandonnée",
}
STATUSES = {
    FigureStatus.COMPLETE: "complet",
    FigureStatus.PARTIAL: "partiel, une part est masquée",
    FigureStatus.SECRET: "secret statistique",
    FigureStatus.NOT_COVERED: "non diffusé à cette maille",
}
SIGNAL_STATUSES = {
    SignalStatus.KEPT: "reçu, à l'examen",
    SignalStatus.ACCEPTED: "accepté",
    SignalStatus.REFUSED: "refusé",
}
FAMILIES = {
    "exposure_count": "comptage",
    "reported_need": "besoin signalé",
    "signal_withdrawn": "retrait",
}
FOLLOWED = {"area_updated": "diagnostic des communes"}
MEMBER_ROLES = {
    MemberRole.LEAD: "porteur",
    MemberRole.CO_LEAD: "co-porteur",
    MemberRole.CO_FUNDER: "cofinanceur",
    MemberRole.ADVISER: "conseil",
    MemberRole.OBSERVER: "observateur",
}
MEMBER_STATES = {
    MemberState.CANDIDATE: "candidat",
    MemberState.CONFIRMED: "confirmé",
    MemberState.WITHDRAWN: "retiré",
    MemberState.REFUSED: "refusé",
}
UNITS = {
    "household": "foyers",
    "insured_person": "assurés",
    "person": "personnes",
    "visit": "visites",
    "business": "entreprises",
    "rate": "part",
}
SLUGS = {
    "_all": "toutes les communes",
    "seniors": "personnes âgées",
    "isolated": "personnes isolées",
    "precarious": "personnes en précarité",
    "artisans_merchants": "artisans et commerçants",
    "administrative_procedures": "démarches administratives",
    "online_procedure": "démarche en ligne",
    "score_0_10": "score de 0 à 10",
}
COMMUNE_LENGTH = 5


def slug(value: str) -> str:
    """Return the French of a slug where there is one, else the slug with spaces."""
    return SLUGS.get(value, value.replace("_", " "))


def family(kind: str) -> str:
    """Return the family of a signal; `kind` is its type or the fact's name in it."""
    found = [name for code, name in FAMILIES.items() if code in kind]
    return found[0] if found else kind


def area(code: str | None, communes: dict[str, str]) -> str:
    """Return the place a signal is about, with its commune's name where it is known."""
    if code is None:
        return "territoire illisible"
    name = communes.get(code[:COMMUNE_LENGTH])
    if name is None:
        return code
    return name if len(code) == COMMUNE_LENGTH else f"{name}, IRIS {code}"


def signal_status(signal: RecentSignal) -> str:
    """Return what became of a signal."""
    return SIGNAL_STATUSES[signal.status]


def followed(types: list[str]) -> str:
    """Return what a partner is delivered."""
    names = [next((name for code, name in FOLLOWED.items() if code in one), one) for one in types]
    return ", ".join(names)


def health(partner: PartnerStatus) -> tuple[str, str]:
    """Return how a partner's exchange goes, as a class of the style sheet and a sentence."""
    refused = sum(partner.refused.values())
    if partner.lag:
        return "late", french.plural(partner.lag, "mise à jour attend", "mises à jour attendent")
    if refused:
        return "check", french.plural(refused, "signal refusé", "signaux refusés")
    if partner.follows and partner.lag is None:
        return "silent", "retard inconnu pour l'instant"
    if not (partner.follows or has_sent(partner)):
        return "silent", "n'a encore rien envoyé"
    return "well", "à jour"


def has_sent(partner: PartnerStatus) -> bool:
    """Tell whether a partner has sent a signal, whatever became of it."""
    return bool(partner.kept or partner.accepted or partner.refused)
