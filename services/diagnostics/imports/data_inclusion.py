"""Structures and services of data·inclusion: a structure is a place, a service is one of its."""

import re
from collections.abc import Callable, Mapping

import msgspec

from contracts import privacy
from services.chassis.importer import Kind, Row, RowIsRefused, Warn
from services.diagnostics.imports import places
from services.diagnostics.model import place_contacts, place_services
from services.diagnostics.model.place_services import PlaceService
from services.diagnostics.model.places import Place

COLUMNS = {
    "courriel": "courriels",
    "horaires_accueil": "horaires",
    "description": "presentation_detail",
    "accessibilite_lieu": "fiche_acces_libre",
    "siret": "pivot",
}
"""Columns of a structure that the national schema calls otherwise."""
PROGRAMMES = {
    "aidants-connect": "Aidants Connect",
    "conseillers-numeriques": "Conseillers numériques",
    "france-service": "France Services",
}
"""National programmes among the networks; the others say whose a structure is, not what it does."""
NAME_MIN, NAME_MAX, TEXT_MIN, TEXT_MAX, YEAR_MIN = 3, 150, 5, 10_000, 2000
_THEME = re.compile(r"[a-z]+(?:-[a-z]+)*--[a-z]+(?:-[a-z]+)*")
_AREA = re.compile(r"france|\d{2,3}|\d[0-9AB]\d{3}|\d{9}|2[AB]")
_LISTED = re.compile(r"[;|,]")
Told = Place | PlaceService


def _reader() -> Callable[[Row, Warn], Told]:
    place = places.PLACES.open()
    seen: dict[str, int] = {}

    def read(row: Row, warn: Warn) -> Told:
        _must_be_named(row.values)
        if row.values.get("contact_nom_prenom"):
            warn(
                "Le nom d'une personne n'est pas gardé ici.",
                column="contact_nom_prenom",
                code="W_PERSON",
            )
        if "structure_id" not in row.values:
            return place(Row(row.line, _as_place(row.values)), warn)
        told = _service(row.values, warn)
        key = str(told.service_id)
        if key in seen:
            raise RowIsRefused(
                f"L'identifiant « {told.local_id} » est déjà ligne {seen[key]}.",
                column="id",
                code="E_TWICE",
            )
        seen[key] = row.line
        return told

    return read


def _must_be_named(told: Mapping[str, str]) -> None:
    for column in ("source", "id", "nom", "date_maj"):
        if not told.get(column):
            raise RowIsRefused(f"« {column} » manque ; ajoutez-le.", column=column)
    if not told["id"].startswith(f"{told['source']}--"):
        raise RowIsRefused("L'identifiant est « source--identifiant local ».", column="id")
    if not NAME_MIN <= len(told["nom"]) <= NAME_MAX:
        raise RowIsRefused(f"Un nom a de {NAME_MIN} à {NAME_MAX} caractères.", column="nom")


def _as_place(told: Mapping[str, str]) -> dict[str, str]:
    """Return a structure by columns of the national schema; its services come by themselves."""
    values = {COLUMNS.get(name, name): value for name, value in told.items()}
    networks = _list(told, "reseaux_porteurs")
    named = "|".join(PROGRAMMES[one] for one in networks if one in PROGRAMMES)
    return {**values, "dispositif_programmes_nationaux": named}


def _service(told: Mapping[str, str], warn: Warn) -> PlaceService:
    description = _text(told, "description")
    if description is None or not TEXT_MIN <= len(description) <= TEXT_MAX:
        raise RowIsRefused(
            f"Une description a de {TEXT_MIN} à {TEXT_MAX} caractères.", column="description"
        )
    day = places.day(told["date_maj"], warn)
    if day.year < YEAR_MIN:
        raise RowIsRefused("Une date à partir de 2000 est attendue.", column="date_maj")
    publics = _closed(told, "publics", place_services.PUBLICS)
    if "tous-publics" in publics and len(publics) > 1:
        raise RowIsRefused("« tous-publics » se dit seul.", column="publics")
    return PlaceService(
        local_id=places.free(told["id"], "id", 200),
        structure_id=places.free(told["structure_id"], "structure_id", 200),
        source=places.free(told["source"], "source", 100),
        name=places.free(told["nom"], "nom", NAME_MAX),
        description=description,
        kind=next(iter(_closed(told, "type", place_services.KINDS)), None),
        themes=_matching(told, "thematiques", _THEME),
        fees=next(iter(_closed(told, "frais", place_services.FEES)), None),
        fees_detail=_text(told, "frais_precisions"),
        publics=publics,
        publics_detail=_text(told, "publics_precisions"),
        conditions=_text(told, "conditions_acces"),
        reception_modes=_closed(told, "modes_accueil", place_services.RECEPTION),
        eligible_areas=_matching(told, "zone_eligibilite", _AREA),
        mobilisation_modes=_closed(told, "modes_mobilisation", place_services.MOBILISATION),
        mobilisable_by=_closed(told, "mobilisable_par", place_services.MOBILISABLE_BY),
        link=next(iter(place_contacts.sites(told.get("lien_mobilisation", ""))), None),
        phone=place_contacts.phone(told.get("telephone", ""), told.get("code_postal", "")),
        email=next(iter(place_contacts.emails(told.get("courriel", ""))), None),
        hours=_text(told, "horaires_accueil"),
        weekly_hours=_number(told, "volume_horaire_hebdomadaire", at_least=0),
        weeks=_whole(told, "nombre_semaines"),
        updated_on=day,
    )


def _text(told: Mapping[str, str], column: str) -> str | None:
    """Return a text; a telephone or a mail of the service may stand in it, nothing of a person."""
    text = places.plain(told.get(column, ""))[:TEXT_MAX]
    kinds = {one.kind for one in privacy.scan(text)}
    if kinds:
        raise places.personal(min(kinds), column)
    return text or None


def _list(told: Mapping[str, str], column: str) -> list[str]:
    cell = told.get(column, "")
    if cell.startswith("["):
        try:
            return msgspec.json.decode(cell, type=list[str])
        except msgspec.DecodeError:
            raise RowIsRefused("Une liste de textes est attendue.", column=column) from None
    return [one.strip() for one in _LISTED.split(cell) if one.strip()]


def _closed(told: Mapping[str, str], column: str, known: frozenset[str]) -> list[str]:
    found = sorted(set(_list(told, column)))
    unknown = [one for one in found if one not in known]
    if unknown:
        shown = places.plain(unknown[0])[:80]
        raise RowIsRefused(f"« {shown} » n'est pas une valeur du schéma.", column=column)
    return found


def _matching(told: Mapping[str, str], column: str, form: re.Pattern[str]) -> list[str]:
    found = sorted(set(_list(told, column)))
    if any(not form.fullmatch(one) for one in found):
        raise RowIsRefused("Une valeur n'a pas la forme du schéma.", column=column)
    return found


def _number(told: Mapping[str, str], column: str, *, at_least: float) -> float | None:
    text = told.get(column, "").replace(",", ".")
    if not text:
        return None
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not at_least <= found < float("inf"):
        raise RowIsRefused(f"Un nombre d'au moins {at_least:g} est attendu.", column=column)
    return found


def _whole(told: Mapping[str, str], column: str) -> int | None:
    found = _number(told, column, at_least=1)
    return None if found is None else int(min(found, 1000))


DATA_INCLUSION: Kind[Told] = Kind(
    name="data-inclusion", needs=("source", "id", "nom", "date_maj"), open=_reader
)
"""A structure or a service a row; services come after their structures."""
