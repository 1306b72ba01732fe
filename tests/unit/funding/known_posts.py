"""A post in memory: its programme's rates and what happened to it, written in a few words."""

from datetime import date
from typing import Any

from services.funding.model import posts
from services.funding.model.posts import KnownPost, PostEventRow, PostRow, ProgrammeRow, RateRow

PROGRAMME = ProgrammeRow("conum-v2", "Renouvellement", "etat", 6, None, None)
FIRST = RateRow("conum-v1", "PUBLIC", 24, [5_000_000], [])
PUBLIC = RateRow("conum-v2", "PUBLIC", 36, [1_750_000, 1_250_000, 1_250_000], [250_000, 500_000])
PRIVATE = RateRow("conum-v2", "PRIVATE", 36, [2_000_000, 1_400_000, 1_000_000], [])


def opening(**changed: Any) -> PostRow:
    """Return a post that opens on 15 January 2024, for 36 months unless told otherwise."""
    values: dict[str, Any] = {
        "post": "p1",
        "programme": "conum-v2",
        "role": "conum",
        "funder": "etat",
        "employer": "sicoval",
        "host": "labege",
        "deployer": "hub",
        "employer_kind": "LOCAL_AUTHORITY",
        "starts_on": date(2024, 1, 15),
        "ends_on": date(2027, 1, 14),
        "allocation": None,
        "fund": None,
        "yearly_cost_cents": None,
        "reference": None,
    }
    return PostRow(**{**values, **changed})


def event(kind: str, on: str, **told: Any) -> PostEventRow:
    """Return an event of the post; one that fills it has a contract."""
    if kind == "filled":
        told = {"contract": "CDD", **told}
    return PostEventRow("p1", f"{kind}-{on}", kind, date.fromisoformat(on), **told)


def happened(text: str) -> list[PostEventRow]:
    """Return the events of `filled 2024-03-01, vacated 2024-08-31`; `-` is none."""
    if text == "-":
        return []
    return [event(*one.split()) for one in text.split(", ")]


def known(rate: RateRow, row: PostRow, events: list[PostEventRow]) -> KnownPost:
    """Return the post with all that its figures are told from."""
    return KnownPost(row, PROGRAMME, rate, events, posts.told(row, PROGRAMME, rate, events))
