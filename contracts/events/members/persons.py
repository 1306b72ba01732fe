"""Facts about natural persons: their ids, never who they are."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from contracts.envelope import Fact


class PersonErased(Fact, frozen=True, kw_only=True):
    """A person's data were erased; from `erased_on` on it sits nowhere, and its id names nobody.

    What was decided with it stands. Whoever kept anything of it under this id forgets it.
    """

    TYPE: ClassVar[str] = "fr.ctin.members.person_erased.v1"

    person_id: UUID
    erased_on: date

    @property
    def aggregate(self) -> str:
        """The person."""
        return str(self.person_id)
