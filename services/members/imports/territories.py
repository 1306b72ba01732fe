"""The national files of territories, told apart by their header."""

from collections.abc import Callable

from services.chassis.importer import FileIsUnreadable, Kind, Row, RowIsRefused, Warn
from services.members.imports import cells
from services.members.model.territories import Commune, Movement

COMMUNES = {
    "code": "code_commune",
    "name": "nom",
    "population": "population",
    "department": "code_departement",
    "department_name": "departement",
    "region": "code_region",
    "region_name": "region",
    "epci": "siren_epci",
    "epci_name": "epci",
    "epci_kind": "type_epci",
}
MOVEMENTS = {
    "code_before": "com_av",
    "effective_on": "date_eff",
    "kind": "mod",
    "type_before": "typecom_av",
    "type_after": "typecom_ap",
    "code_after": "com_ap",
    "name_before": "libelle_av",
    "name_after": "libelle_ap",
}
OPTIONAL = frozenset({"population", "siren_epci", "epci", "type_epci", "libelle_av", "libelle_ap"})
Told = Commune | Movement


def _reader() -> Callable[[Row, Warn], Told]:
    seen: set[tuple[str, ...]] = set()

    def read(row: Row, _: Warn) -> Told:
        columns, kind = _format(row)
        keys = [columns["code"]] if kind is Commune else list(columns.values())[:6]
        key = tuple(row.values.get(one, "") for one in keys)
        if key in seen:
            raise RowIsRefused(
                "Cette ligne redit une ligne d'avant ; gardez l'une des deux.",
                column=keys[0],
                code="E_TWICE",
            )
        told: dict[str, str | None] = {field: row.values.get(c) for field, c in columns.items()}
        if kind is Commune:
            told = {field: value or None for field, value in told.items()}
        found: Told = cells.read(told, kind, columns)
        seen.add(key)
        return found

    return read


def _format(row: Row) -> tuple[dict[str, str], type[Commune] | type[Movement]]:
    wanted: tuple[tuple[dict[str, str], type[Commune | Movement]], ...] = (
        (COMMUNES, Commune),
        (MOVEMENTS, Movement),
    )
    for columns, kind in wanted:
        if row.values.keys() >= set(columns.values()) - OPTIONAL:
            return columns, kind
    raise FileIsUnreadable(
        "Ni un fichier des communes (code_commune, nom, code_departement, departement, "
        "code_region, region), ni celui des mouvements de l'INSEE (MOD, DATE_EFF, COM_AV, COM_AP)."
    )


COG: Kind[Told] = Kind(name="cog", needs=(), open=_reader, is_shared=True)
"""Communes with their EPCI, or movements of communes: whichever its header says."""
