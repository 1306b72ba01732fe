"""Bodies of the routes of the activity of advisers."""

import msgspec


class PlaceActivity(msgspec.Struct, frozen=True, kw_only=True):
    """What advisers did in one place: people and accompaniments, never named.

    `place` is a postal code or a département. `communes` are those of the coordination that have
    this postal code, `others` how many communes of other territories have it too. A figure that is
    null is under the threshold and stays inside the coordination.
    """

    place_kind: str
    place: str
    communes: list[str]
    others: int
    vintage: str
    source: str
    licence: str
    is_national: bool
    figures: dict[str, int | None]


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """The activity told of a coordination's postal codes and départements, a page of them."""

    items: list[PlaceActivity]
    labels: dict[str, str]
    cursor: str | None = None
