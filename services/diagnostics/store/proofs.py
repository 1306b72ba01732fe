"""Rows that proof packs and frozen versions are made of."""

from collections.abc import Sequence

import msgspec

from services.chassis.database import Connection
from services.diagnostics.model.elements import ElementRow, EvidenceRow
from services.diagnostics.model.proofs import (
    AboutCount,
    ElementCount,
    HeldCampaign,
    StateOf,
    SurveyCount,
    TestimonyCount,
    VisitCount,
)
from services.diagnostics.model.visits import TestimonyRow
from services.diagnostics.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "elements_about": ElementRow,
    "element_states": StateOf,
    "evidence_around": EvidenceRow,
    "testimonies_around": TestimonyRow,
    "count_elements_in": ElementCount,
    "count_surveys_in": SurveyCount,
    "count_testimonies_in": TestimonyCount,
    "count_visits_in": VisitCount,
    "count_evidence_about": AboutCount,
    "count_testimonies_about": AboutCount,
    "campaigns_held": HeldCampaign,
}


async def elements_about(
    connection: Connection,
    coordination: str,
    problems: Sequence[str],
    most: int,
) -> list[ElementRow]:
    """Return the elements of some problems, at most `most`."""
    rows = await connection.fetch(SQL["elements_about"], coordination, problems, most)
    return [ElementRow(*row) for row in rows]


async def element_states(connection: Connection, coordination: str) -> list[StateOf]:
    """Return how many elements there are of each problem and state."""
    return [StateOf(*row) for row in await connection.fetch(SQL["element_states"], coordination)]


async def evidence_around(
    connection: Connection,
    coordination: str,
    commune: str | None,
    elements: Sequence[str],
    actions: Sequence[str],
    most: int,
) -> list[EvidenceRow]:
    """Return the evidence of a commune, about some elements or actions, at most `most`."""
    rows = await connection.fetch(
        SQL["evidence_around"], coordination, commune, elements, actions, most
    )
    return [EvidenceRow(*row) for row in rows]


async def testimonies_around(
    connection: Connection,
    coordination: str,
    commune: str | None,
    elements: Sequence[str],
    most: int,
) -> list[TestimonyRow]:
    """Return the testimonies that stand of a commune, or about elements."""
    rows = await connection.fetch(SQL["testimonies_around"], coordination, commune, elements, most)
    return [TestimonyRow(*row) for row in rows]


async def elements_of(
    connection: Connection, coordination: str, codes: Sequence[str]
) -> list[ElementCount]:
    """Return how many elements some communes have, by commune and state."""
    rows = await connection.fetch(SQL["count_elements_in"], coordination, codes)
    return [ElementCount(*row) for row in rows]


async def surveys_of(
    connection: Connection, coordination: str, codes: Sequence[str]
) -> list[SurveyCount]:
    """Return how many campaigns found something in some communes."""
    rows = await connection.fetch(SQL["count_surveys_in"], coordination, codes)
    return [SurveyCount(*row) for row in rows]


async def testimonies_of(
    connection: Connection, coordination: str, codes: Sequence[str]
) -> list[TestimonyCount]:
    """Return how many testimonies stand in some communes."""
    rows = await connection.fetch(SQL["count_testimonies_in"], coordination, codes)
    return [TestimonyCount(*row) for row in rows]


async def visits_of(
    connection: Connection, coordination: str, codes: Sequence[str]
) -> list[VisitCount]:
    """Return how many visits were made to some communes."""
    rows = await connection.fetch(SQL["count_visits_in"], coordination, codes)
    return [VisitCount(*row) for row in rows]


async def evidence_counts(
    connection: Connection, coordination: str, elements: Sequence[str]
) -> dict[str, int]:
    """Return how many pieces of evidence there are about some elements, those that have some."""
    rows = await connection.fetch(SQL["count_evidence_about"], coordination, elements)
    return {row["target"]: row["count"] for row in rows}


async def testimony_counts(
    connection: Connection, coordination: str, commune: str, elements: Sequence[str]
) -> dict[str, int]:
    """Return how many testimonies stand about some elements in a commune."""
    rows = await connection.fetch(SQL["count_testimonies_about"], coordination, commune, elements)
    return {row["target"]: row["count"] for row in rows}


async def campaigns_held(
    connection: Connection, coordination: str, codes: Sequence[str]
) -> list[HeldCampaign]:
    """Return the campaigns that asked people of some communes, once for each."""
    rows = await connection.fetch(SQL["campaigns_held"], coordination, codes)
    return [HeldCampaign(*row) for row in rows]
