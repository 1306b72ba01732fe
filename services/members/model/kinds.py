"""Kinds of actors: what the field calls them, their national codes, where they usually sit."""

from typing import NamedTuple

from contracts.http.members.organizations import OrganizationKind as Kind
from contracts.values import College
from services.members.model.names import name_key

PUBLIC, PRIVATE = College.INSTITUTIONAL, College.PRIVATE
MEDIATION = College.DIGITAL_MEDIATION


class Mapped(NamedTuple):
    """A kind in French, its usual college, its codes of La Mednum and of data·inclusion."""

    label: str
    college: College
    mednum: tuple[str, ...] = ()
    data_inclusion: str | None = None


KINDS: dict[Kind, Mapped] = {
    Kind.ACADEMIC: Mapped("Établissement d'enseignement ou de recherche", PUBLIC, ("ENM", "CFP")),
    Kind.ADULT_TRAINING: Mapped("Organisme de formation", MEDIATION, ("OF", "AFPA", "E2C")),
    Kind.AGENCY_ANCT: Mapped("ANCT", PUBLIC),
    Kind.ASSOCIATION: Mapped("Association", MEDIATION, ("ASSO", "ASSO_CHOMEUR")),
    Kind.BANK: Mapped("Banque", PRIVATE),
    Kind.CAF: Mapped("Caisse d'allocations familiales", PUBLIC, ("CAF",), "caf"),
    Kind.CARSAT: Mapped("CARSAT", PUBLIC),
    Kind.CCAS: Mapped(
        "Centre communal ou intercommunal d'action sociale",
        MEDIATION,
        ("CCAS", "CIAS"),
        "ccas-cias",
    ),
    Kind.CHAMBER_OF_TRADE: Mapped("Chambre consulaire", PRIVATE, ("CCONS",)),
    Kind.CITIZEN: Mapped("Habitants", MEDIATION),
    Kind.COMMUNE: Mapped("Commune", PUBLIC, ("MUNI", "MQ"), "communes"),
    Kind.COMPANY: Mapped("Entreprise", PRIVATE, ("EI", "EITI", "EA", "EATT", "ETTI")),
    Kind.CPAM: Mapped("Caisse primaire d'assurance maladie", PUBLIC, ("CPAM",), "cpam"),
    Kind.DEPARTMENT: Mapped("Département", PUBLIC, ("CD", "DEPT", "CDAS", "MDS"), "departements"),
    Kind.DIGITAL_PUBLIC_SPACE: Mapped(
        "Espace public numérique", MEDIATION, ("EPN", "EPI"), "espaces-publics-numeriques"
    ),
    Kind.EPCI: Mapped("Intercommunalité", PUBLIC, ("EPCI", "CC")),
    Kind.FABLAB: Mapped("Fablab", MEDIATION, ("FABLAB", "FABRIQUE")),
    Kind.FAMILY_CARER: Mapped("Aidants familiaux", MEDIATION),
    Kind.FRANCE_SERVICES: Mapped("France services", PUBLIC, ("RFS", "MSAP"), "france-service"),
    Kind.FRANCE_TRAVAIL: Mapped("France Travail", PUBLIC, ("FT",), "france-travail"),
    Kind.HOSPITAL: Mapped("Hôpital", PUBLIC, ("CHU", "CMS", "CMP")),
    Kind.HUB: Mapped("Hub territorial pour un numérique inclusif", PUBLIC),
    Kind.LA_POSTE: Mapped("La Poste", PRIVATE, ("LA_POSTE",), "la-poste"),
    Kind.LIBRARY: Mapped("Médiathèque ou bibliothèque", MEDIATION, ("BIB", "RELAIS_LECTURE")),
    Kind.LOCAL_MISSION: Mapped("Mission locale", MEDIATION, ("ML",), "mission-locale"),
    Kind.LOCAL_SOCIAL_SPACE: Mapped("Espace de vie sociale", MEDIATION, ("EVS",)),
    Kind.MDPH: Mapped("MDPH", PUBLIC, ("MDPH",), "mdph"),
    Kind.MERCHANT: Mapped("Commerçant ou artisan", PRIVATE),
    Kind.MSA: Mapped("Mutualité sociale agricole", PUBLIC, ("MSA",), "mutualite-sociale-agricole"),
    Kind.MUTUAL_INSURER: Mapped("Mutuelle ou groupe de protection sociale", PRIVATE),
    Kind.PREFECTURE: Mapped("Préfecture", PUBLIC, ("PREF",)),
    Kind.REGION: Mapped("Région", PUBLIC, ("REG",), "regions"),
    Kind.SOCIAL_CENTRE: Mapped("Centre social", MEDIATION, ("CS", "CSC"), "fcsf"),
    Kind.SOCIAL_ECONOMY: Mapped(
        "Structure de l'économie sociale et solidaire", MEDIATION, ("ESS", "ACI", "RESSOURCERIE")
    ),
    Kind.STATE: Mapped("Service de l'État", PUBLIC, ("DEETS",)),
    Kind.THIRD_PLACE: Mapped("Tiers-lieu", MEDIATION, ("TIERS_LIEUX",)),
    Kind.YOUTH_CENTRE: Mapped("Maison des jeunes et de la culture", MEDIATION, ("MJC",), "mjc"),
}
ALSO_SAID: dict[str, Kind] = {
    "pole emploi": Kind.FRANCE_TRAVAIL,
    "caisse d allocations familiales": Kind.CAF,
    "ess": Kind.SOCIAL_ECONOMY,
    "mediatheque": Kind.LIBRARY,
    "bibliotheque": Kind.LIBRARY,
    "mutuelle": Kind.MUTUAL_INSURER,
    "hub": Kind.HUB,
    "conseil departemental": Kind.DEPARTMENT,
    "conseil regional": Kind.REGION,
    "mairie": Kind.COMMUNE,
    "etat": Kind.STATE,
    "citoyens": Kind.CITIZEN,
    "tiers lieux": Kind.THIRD_PLACE,
    "commercant": Kind.MERCHANT,
    "artisan": Kind.MERCHANT,
    "universite": Kind.ACADEMIC,
    "communaute d agglomeration": Kind.EPCI,
    "communaute de communes": Kind.EPCI,
    "metropole": Kind.EPCI,
}
KIND_CHARS_MAX = 40


def _said() -> dict[str, Kind]:
    found = dict(ALSO_SAID)
    for kind, mapped in KINDS.items():
        names = (kind.value, mapped.label, *mapped.mednum, mapped.data_inclusion or "")
        for name in filter(None, names):
            assert found.setdefault(name_key(name), kind) is kind, f"{name} says two kinds"
    return found


_SAID = _said()
_BY_CODE: dict[str, Mapped] = {kind.value: mapped for kind, mapped in KINDS.items()}


def kind_said(text: str) -> str | None:
    """Return the kind that a word of the field or a national code says.

    A word that nobody mapped becomes a kind of its own, None when it holds no letter to begin with.
    """
    key = name_key(text)
    if key in _SAID:
        return _SAID[key].value
    own = key.replace(" ", "_").upper()[:KIND_CHARS_MAX].strip("_")
    return own if own[:1].isalpha() else None


def usual_college(kind: str) -> College | None:
    """Return where actors of a kind usually sit, None for a kind that nobody mapped."""
    mapped = _BY_CODE.get(kind)
    return mapped.college if mapped else None
