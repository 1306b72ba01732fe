"""Services of places as data·inclusion tells them.

Source: data·inclusion, schema v1.0.8 (src/data_inclusion/schema/v1/services.py) and its lists.
"""

import hashlib
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from services.diagnostics.model.data_inclusion import SERVICE_OF
from services.diagnostics.model.place_words import in_order, key
from services.diagnostics.model.places import Place

FEES = frozenset({"gratuit", "payant"})
RECEPTION = frozenset({"a-distance", "en-presentiel"})
MOBILISATION = frozenset(
    {"envoyer-un-courriel", "se-presenter", "telephoner", "utiliser-lien-mobilisation"}
)
MOBILISABLE_BY = frozenset({"usagers", "professionnels"})
KINDS = frozenset(
    {"accompagnement", "aide-financiere", "aide-materielle", "atelier", "formation", "information"}
)
PUBLICS = frozenset(
    (
        *("tous-publics", "actifs", "beneficiaires-des-minimas-sociaux", "demandeurs-emploi"),
        *("etudiants", "familles", "femmes", "jeunes", "personnes-en-situation-de-handicap"),
        "personnes-en-situation-durgence",
        "personnes-en-situation-juridique-specifique",
        *("personnes-exilees", "residents-qpv-frr", "seniors"),
    )
)


class PlaceService(msgspec.Struct, frozen=True, kw_only=True):
    """A service as its producer tells it; `structure_id` is that of its structure."""

    local_id: str
    structure_id: str
    source: str
    name: str
    description: str
    kind: str | None = None
    themes: list[str] = []
    fees: str | None = None
    fees_detail: str | None = None
    publics: list[str] = []
    publics_detail: str | None = None
    conditions: str | None = None
    reception_modes: list[str] = []
    eligible_areas: list[str] = []
    mobilisation_modes: list[str] = []
    mobilisable_by: list[str] = []
    link: str | None = None
    phone: str | None = None
    email: str | None = None
    hours: str | None = None
    weekly_hours: float | None = None
    weeks: int | None = None
    updated_on: date

    @property
    def service_id(self) -> UUID:
        """Its id everywhere."""
        own = self.local_id.removeprefix(f"{self.source}--")
        return uuid5(NAMESPACE_URL, f"urn:ctin:place-service:{key(self.source)}:{own}")

    @property
    def place_id(self) -> UUID:
        """The id of its structure, which is a place."""
        own = self.structure_id.removeprefix(f"{self.source}--")
        return uuid5(NAMESPACE_URL, f"urn:ctin:place:{key(self.source)}:{own}")


class PlaceServiceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A service in its coordination."""

    coordination: str
    id: UUID
    place_id: UUID
    local_id: str
    source: str
    name: str
    description: str
    kind: str | None
    themes: list[str]
    fees: str | None
    fees_detail: str | None
    publics: list[str]
    publics_detail: str | None
    conditions: str | None
    reception_modes: list[str]
    eligible_areas: list[str]
    mobilisation_modes: list[str]
    mobilisable_by: list[str]
    link: str | None
    phone: str | None
    email: str | None
    hours: str | None
    weekly_hours: float | None
    weeks: int | None
    updated_on: date
    content: str


def service_row(told: PlaceService, coordination: str) -> PlaceServiceRow:
    """Return a service as its coordination keeps it."""
    fields = {
        name: getattr(told, name)
        for name in PlaceServiceRow.__struct_fields__
        if name in PlaceService.__struct_fields__
    }
    content = hashlib.sha256(msgspec.json.encode([told.place_id, fields])).hexdigest()
    return PlaceServiceRow(
        **fields,
        coordination=coordination,
        id=told.service_id,
        place_id=told.place_id,
        content=content,
    )


def with_themes(place: Place, themes: list[str]) -> Place:
    """Return a place that offers also what themes of digital tools are in the national schema."""
    offered = [*place.services, *(SERVICE_OF[one] for one in themes if one in SERVICE_OF)]
    return msgspec.structs.replace(place, services=in_order("services", offered))


def overlaid(known: Place, told: Place) -> Place:
    """Return a place as it is told now, with what is known where that tells nothing.

    data·inclusion has no word for much of the national schema: its silence takes nothing away.
    """
    kept = {
        name: getattr(known, name)
        for name in Place.__struct_fields__
        if getattr(told, name) in (None, []) and name != "local_id"
    }
    return msgspec.structs.replace(told, **kept)
