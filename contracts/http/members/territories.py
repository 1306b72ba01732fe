"""Bodies of territories, as the Code officiel géographique has them."""

from datetime import date

import msgspec


class Commune(msgspec.Struct, frozen=True, kw_only=True):
    """A commune of today; some have no EPCI, and those without inhabitants a null population."""

    code: str
    name: str
    population: int | None
    department: str
    department_name: str
    region: str
    region_name: str
    epci: str | None
    epci_name: str | None


class CommuneOfCode(Commune, frozen=True, kw_only=True):
    """The commune that answers to a code today.

    When `asked` is a code that is gone, `replaced_on` says since when and `successors` names every
    commune that took over a part of it, this one first.
    """

    asked: str
    replaced_on: date | None
    successors: list[str]


class Communes(msgspec.Struct, frozen=True, kw_only=True):
    """A page of communes by code; `cursor` asks for the next one, null at the end."""

    items: list[Commune]
    cursor: str | None = None


class Epci(msgspec.Struct, frozen=True, kw_only=True):
    """A grouping of communes; `departments` are all those its communes are in."""

    siren: str
    name: str
    kind: str | None
    departments: list[str]
    population: int
    communes: list[Commune]
