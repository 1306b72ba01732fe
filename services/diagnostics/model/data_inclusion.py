"""Places between the national schema and data·inclusion's, both ways.

A structure is a place; its help with digital tools is one service. What a schema has no word for
is left out: neither tells all of the other.

Source: data·inclusion, schema v1.0.8 (src/data_inclusion/schema/v1).
"""

from datetime import date
from typing import Any

from services.diagnostics.model.place_hours import parses
from services.diagnostics.model.place_words import SERVICES, key
from services.diagnostics.model.places import PlaceRow

ONLINE, NET, EQUIPMENT, BASICS = (
    "numerique--acceder-a-des-services-en-ligne",
    "numerique--acceder-a-une-connexion-internet",
    "numerique--acquerir-un-equipement",
    "numerique--maitriser-les-fondamentaux-du-numerique",
)
THEME_OF = {
    SERVICES[0]: ONLINE,
    SERVICES[1]: BASICS,
    SERVICES[2]: ONLINE,
    SERVICES[3]: BASICS,
    SERVICES[4]: BASICS,
    SERVICES[5]: BASICS,
    SERVICES[6]: BASICS,
    SERVICES[7]: NET,
    SERVICES[8]: EQUIPMENT,
}
"""The theme of each service of the national schema."""
SERVICE_OF = {
    ONLINE: SERVICES[0],
    NET: SERVICES[7],
    EQUIPMENT: SERVICES[8],
    BASICS: SERVICES[1],
}
"""The service of the national schema that each theme is."""
PUBLICS = {
    "Jeunes": "jeunes",
    "Étudiants": "etudiants",
    "Familles et/ou enfants": "familles",
    "Seniors": "seniors",
    "Femmes": "femmes",
}
NETWORKS = {
    "CAF": "caf",
    "CPAM": "cpam",
    "MSA": "mutualite-sociale-agricole",
    "FT": "france-travail",
    "LA_POSTE": "la-poste",
    "CCAS": "ccas-cias",
    "CIAS": "ccas-cias",
    "MUNI": "communes",
    "DEPT": "departements",
    "CD": "departements",
    "REG": "regions",
    "EPN": "espaces-publics-numeriques",
    "CS": "fcsf",
    "MJC": "mjc",
    "ML": "mission-locale",
    "PIMMS": "pimms-mediation",
    "MDPH": "mdph",
    "Aidants Connect": "aidants-connect",
    "Conseillers numériques": "conseillers-numeriques",
    "France Services": "france-service",
    "Emmaüs Connect": "emmaus",
}
"""The network that a kind or a national programme is."""
REACHED = {
    "Se présenter": "se-presenter",
    "Téléphoner": "telephoner",
    "Contacter par mail": "envoyer-un-courriel",
    "Envoyer un mail avec une fiche de prescription": "envoyer-un-courriel",
    "Prendre un RDV en ligne": "utiliser-lien-mobilisation",
}
OLDEST = date(2000, 1, 1)
"""The first day that their schema takes: what has no date, or an older one, says this."""
NAME_MIN, NAME_MAX, TEXT_MIN, TEXT_MAX = 3, 150, 5, 10_000


def structure_of(row: PlaceRow, today: date) -> dict[str, Any]:
    """Return a place as a structure; what is not known is left out."""
    text = row.detail or row.summary
    told = {
        **_named(row, row.name, today),
        "id": f"{_source(row)}--{row.own_id}",
        "siret": row.pivot if row.pivot and row.pivot.isdigit() and len(row.pivot) > 13 else None,  # noqa: PLR2004
        "description": text[:TEXT_MAX] if text and len(text) >= TEXT_MIN else None,
        **_address(row),
        **_contact(row),
        "site_web": next(iter(row.websites), None),
        "accessibilite_lieu": row.access_sheet,
        "reseaux_porteurs": sorted(
            {NETWORKS[one] for one in (*row.kinds, *row.programmes) if one in NETWORKS}
        ),
    }
    return {name: value for name, value in told.items() if value not in (None, [])}


def service_of(row: PlaceRow, today: date) -> dict[str, Any]:
    """Return the help of a place with digital tools as one service."""
    assert row.services, "a place that offers nothing has no service"
    remote = "À distance" in row.support_modes
    alone = row.support_modes in ([], ["À distance"])
    modes = {REACHED[one] for one in row.access_modes if one in REACHED}
    link = row.booking if "utiliser-lien-mobilisation" in modes else None
    modes -= set() if link else {"utiliser-lien-mobilisation"}
    told = {
        **_named(row, "Médiation numérique", today),
        "id": f"{_source(row)}--{row.own_id}--mediation-numerique",
        "structure_id": f"{_source(row)}--{row.own_id}",
        "description": f"{row.name} propose : {' ; '.join(row.services)}."[:TEXT_MAX],
        "type": "atelier"
        if row.support_modes == ["Dans un atelier collectif"]
        else "accompagnement",
        "thematiques": sorted({THEME_OF[one] for one in row.services}),
        "frais": _fees(row),
        "publics": sorted(PUBLICS[one] for one in row.publics) or ["tous-publics"],
        **_address(row),
        **_contact(row),
        "modes_accueil": [
            *(["a-distance"] if remote else []),
            *([] if remote and alone else ["en-presentiel"]),
        ],
        "zone_eligibilite": [row.commune],
        "modes_mobilisation": sorted(modes),
        "lien_mobilisation": link,
        "mobilisable_par": ["usagers"],
    }
    return {name: value for name, value in told.items() if value not in (None, [])}


def _source(row: PlaceRow) -> str:
    return key(row.source).replace(" ", "-") or "ctin"


def _named(row: PlaceRow, name: str, today: date) -> dict[str, Any]:
    padded = name if len(name) >= NAME_MIN else f"{name} — {row.commune_name}"
    day = min(max(row.updated_on, OLDEST), today)
    return {
        "source": _source(row),
        "nom": padded[:NAME_MAX].rstrip(". ") or padded,
        "date_maj": day.isoformat(),
    }


def _address(row: PlaceRow) -> dict[str, Any]:
    return {
        "commune": row.commune_name,
        "code_postal": row.postal_code,
        "code_insee": row.commune,
        "adresse": row.address,
        "complement_adresse": row.address_extra,
        "latitude": row.latitude,
        "longitude": row.longitude,
    }


def _contact(row: PlaceRow) -> dict[str, Any]:
    return {
        "telephone": row.phone,
        "courriel": next(iter(row.emails), None),
        "horaires_accueil": row.hours if row.hours and parses(row.hours) else None,
    }


def _fees(row: PlaceRow) -> str | None:
    if not row.fees:
        return None
    return "gratuit" if row.fees == ["Gratuit"] else "payant"
