"""The national files of territories, told apart by their header."""

from collections.abc import Callable

from services.chassis.importer import Kind, Row, RowIsRefused, Warn
from services.diagnostics.imports import cells
from services.diagnostics.model.geography import Movement, NationalCommune, Skipped, Told

COMMUNES = {
    "commune": "code_commune",
    "name": "nom",
    "population": "population",
    "department": "code_departement",
    "department_name": "departement",
    "region": "code_region",
    "epci": "siren_epci",
    "epci_name": "epci",
    "postal_codes": "codes_postaux",
    "longitude": "longitude",
    "latitude": "latitude",
}
MOVEMENTS = {
    "code_before": "com_av",
    "effective_on": "date_eff",
    "code_after": "com_ap",
    "name_before": "libelle_av",
}
NEEDED = ("code_commune", "nom", "code_departement", "departement", "code_region")
MOVED = ("mod", "date_eff", "typecom_av", "com_av", "typecom_ap", "com_ap")


def _reader() -> Callable[[Row, Warn], Told]:
    seen: set[tuple[str, ...]] = set()

    def read(row: Row, _: Warn) -> Told:
        is_movement = "date_eff" in row.values
        keys = MOVED if is_movement else NEEDED[:1]
        key = tuple(row.values.get(one, "") for one in keys)
        if key in seen:
            raise RowIsRefused(
                "Cette ligne redit une ligne d'avant ; gardez l'une des deux.",
                column=keys[-1] if is_movement else keys[0],
                code="E_TWICE",
            )
        found = _movement(row) if is_movement else _commune(row)
        seen.add(key)
        return found

    return read


def _commune(row: Row) -> NationalCommune:
    told: dict[str, object] = {
        field: row.values.get(column) or None for field, column in COMMUNES.items()
    }
    codes = row.values.get("codes_postaux", "")
    told["postal_codes"] = [one.strip() for one in codes.split("|") if one.strip()]
    return cells.read(told, NationalCommune, COMMUNES)


def _movement(row: Row) -> Movement | Skipped:
    is_of_communes = row.values["typecom_av"] == row.values["typecom_ap"] == "COM"
    if not is_of_communes or row.values["com_av"] == row.values["com_ap"]:
        return Skipped()
    told = {field: row.values.get(column, "") for field, column in MOVEMENTS.items()}
    return cells.read(told, Movement, MOVEMENTS)


COG: Kind[Told] = Kind(name="cog", needs=(), open=_reader, forms=(NEEDED, MOVED), is_shared=True)
"""Communes with their EPCI, or movements of communes: whichever its header says."""
