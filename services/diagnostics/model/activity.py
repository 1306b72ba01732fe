"""What advisers did, as their tool exports it: people counted, by place."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

SOURCE = "La Coop de la médiation numérique (comptes rendus d'activité)"
LICENCE = "Licence Ouverte / Etalab 2.0"
LABELS: Mapping[str, str] = {
    "under_12": "Moins de 12 ans",
    "from_12_to_18": "De 12 à 18 ans",
    "from_18_to_35": "De 18 à 35 ans",
    "from_35_to_60": "De 35 à 60 ans",
    "over_60": "Plus de 60 ans",
    "student": "Scolarisés ou étudiants",
    "unemployed": "Sans emploi",
    "employed": "En emploi",
    "retired": "Retraités",
    "mixed": "Statuts divers",
    "people": "Usagers",
    "supports": "Accompagnements",
    "individual": "Accompagnements individuels",
    "workshop": "Accompagnements en atelier",
    "redirected": "Usagers réorientés",
}
"""What each figure counts; a theme is named as the export does, after `theme:`."""
PARTITIONS = (
    ("under_12", "from_12_to_18", "from_18_to_35", "from_35_to_60", "over_60"),
    ("student", "unemployed", "employed", "retired", "mixed"),
    ("individual", "workshop"),
)
"""Figures that add up to the people counted, or to their supports."""
SUPPORTS = frozenset({"supports", "individual", "workshop"})


class ActivityRow(msgspec.Struct, frozen=True):
    """What one row tells of one place."""

    place_kind: str
    place: str
    vintage: str
    figures: Mapping[str, int]


class ActivityKept(msgspec.Struct, frozen=True):
    """Columns of `activity_of`."""

    coordination: str
    place_kind: str
    place: str
    vintage: str
    figures: str
    source: str
    licence: str
    brought_at: datetime


class ActivityPlace(msgspec.Struct, frozen=True):
    """Columns of `put_activity`: a place whose figures are new or changed."""

    place_kind: str
    place: str
    vintage: str


def shown(figures: Mapping[str, int], *, threshold: int | None) -> dict[str, int | None]:
    """Return figures; with a `threshold`, without what is under it or would give that away.

    Zero is shown. Parts that add up to a total hide two of them at least, which reach it together.
    """
    hidden: set[str] = set()
    if threshold is not None:
        hidden = {name for name, count in figures.items() if 0 < count < threshold}
        for parts in PARTITIONS:
            own = sorted((figures[name], name) for name in parts if figures.get(name))
            shown_still = [one for one in own if one[1] not in hidden]
            secret = [count for count, name in own if name in hidden]
            while shown_still and secret and (len(secret) == 1 or sum(secret) < threshold):
                count, name = shown_still.pop(0)
                secret.append(count)
                hidden.add(name)
    return {name: None if name in hidden else count for name, count in figures.items()}
