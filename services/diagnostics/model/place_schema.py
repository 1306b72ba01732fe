"""A place as the national schema's columns have it, to be read by anyone who knows the schema.

Values of one column are parted by `|`, as the patterns of schema.json 1.0.2 want them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.diagnostics.model.places import NO_PIVOT, PlaceRow

COLUMNS = {
    "id": "local_id",
    "pivot": "pivot",
    "nom": "name",
    "commune": "commune_name",
    "code_postal": "postal_code",
    "code_insee": "insee_code",
    "adresse": "address",
    "complement_adresse": "address_extra",
    "latitude": "latitude",
    "longitude": "longitude",
    "typologie": "kinds",
    "telephone": "phone",
    "courriels": "emails",
    "site_web": "websites",
    "horaires": "hours",
    "presentation_resume": "summary",
    "presentation_detail": "detail",
    "source": "source",
    "itinerance": "itinerance",
    "structure_parente": "parent",
    "date_maj": "updated_on",
    "services": "services",
    "publics_specifiquement_adresses": "publics",
    "prise_en_charge_specifique": "special_care",
    "frais_a_charge": "fees",
    "dispositif_programmes_nationaux": "programmes",
    "formations_labels": "labels",
    "autres_formations_labels": "other_labels",
    "modalites_acces": "access_modes",
    "modalites_accompagnement": "support_modes",
    "fiche_acces_libre": "access_sheet",
    "prise_rdv": "booking",
}
"""Columns of the schema in its order, and the field that each is of."""
SPELLED = {"Étapes numériques (La Poste)": "Étapes numériques(La Poste)"}
"""Values that the schema's own patterns spell otherwise than its text."""
BETWEEN = "|"


def schema_ids(rows: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
    """Return the schema's id of each source and local id: the local one where it is alone."""
    times = Counter(local_id for _, local_id in rows)
    return {
        (source, local_id): local_id if times[local_id] == 1 else f"{source}_{local_id}"
        for source, local_id in rows
    }


def cells(row: PlaceRow, schema_id: str) -> dict[str, Any]:
    """Return a place by column of the schema: texts, numbers or null."""
    found: dict[str, Any] = {}
    for column, field in COLUMNS.items():
        value = getattr(row, field)
        if isinstance(value, list):
            value = BETWEEN.join(SPELLED.get(str(one), str(one)) for one in value) or None
        elif isinstance(value, date):
            value = value.isoformat()
        found[column] = value
    return {**found, "id": schema_id, "pivot": row.pivot or NO_PIVOT}


def file_name(day: date, producer: str, territory: str, ending: str) -> str:
    """Return the name that the schema asks a file to have."""
    return f"{day:%Y%m%d}_{producer}_lieux-de-mediation-numerique_{territory}.{ending}"
