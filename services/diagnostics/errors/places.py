"""Refusals about places of mediation."""

from collections.abc import Sequence
from uuid import UUID

from services.chassis.errors import Refusal


class NoSuchPlace(Refusal):
    """The place is not one of this coordination's."""

    code, status, field = "E_UNKNOWN", 404, "place"

    def __init__(self, place_id: UUID) -> None:
        """Name the place that was asked for."""
        super().__init__(f"Le lieu {place_id} n'est pas de cette coordination ; vérifiez son id.")


class SearchIsEmpty(Refusal):
    """A search holds a letter or a digit."""

    code, status, field = "E_FIELD", 422, "q"

    def __init__(self) -> None:
        """Say what a search needs."""
        super().__init__("Cette recherche n'a ni lettre ni chiffre ; écrivez le début d'un mot.")


class PointIsHalf(Refusal):
    """A point is a latitude and a longitude."""

    code, status, field = "E_FIELD", 422, "near"

    def __init__(self) -> None:
        """Say how a point is written."""
        super().__init__("« near » est une latitude et une longitude, comme 43.53,1.49 ; corrigez.")


class CursorIsNotOurs(Refusal):
    """A cursor is one that a page gave."""

    code, status, field = "E_FIELD", 422, "cursor"

    def __init__(self) -> None:
        """Say where a cursor comes from."""
        super().__init__("Ce curseur n'est pas celui d'une page ; reprenez celui de la réponse.")


class InstantHasNoOffset(Refusal):
    """An instant says how far it is from universal time."""

    code, status, field = "E_FIELD", 422, "open_at"

    def __init__(self) -> None:
        """Say how an instant is written."""
        super().__init__("L'instant doit porter son décalage horaire, comme +01:00 ou Z.")


class NoSuchWord(Refusal):
    """A filter is a value of the national schema."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str, known: Sequence[str]) -> None:
        """Say which values there are."""
        self.field = field
        super().__init__(f"« {field} » est l'une de ces valeurs : {', '.join(known)}.")
