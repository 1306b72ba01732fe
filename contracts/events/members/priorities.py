"""Facts about priorities, definitions and what other bodies validate."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.envelope import Fact
from contracts.events.members.sessions import Hash
from contracts.values import Label, Slug


class RankedAction(msgspec.Struct, frozen=True, kw_only=True):
    """An action sheet at its place; `score` is a fraction between 0 and 1, ties share a rank."""

    action: Slug
    rank: Annotated[int, Meta(ge=1)]
    score: Annotated[str, Meta(pattern="^[0-9]+(/[1-9][0-9]*)?$")]


class PrioritisationClosed(Fact, frozen=True, kw_only=True):
    """The colleges ranked action sheets; `ranks` begins with the best."""

    TYPE: ClassVar[str] = "fr.ctin.members.prioritisation_closed.v1"

    prioritisation_id: UUID
    title: Label
    closed_on: date
    rankings: Annotated[int, Meta(ge=0)]
    ranks: Annotated[list[RankedAction], Meta(max_length=100)]

    @property
    def aggregate(self) -> str:
        """The ballot."""
        return str(self.prioritisation_id)


class DefinitionAdopted(Fact, frozen=True, kw_only=True):
    """What digital inclusion means here, from `adopted_on`, in the words the colleges adopted."""

    TYPE: ClassVar[str] = "fr.ctin.members.definition_adopted.v1"

    definition_id: UUID
    version: Annotated[int, Meta(ge=1)]
    text: Annotated[str, Meta(min_length=1, max_length=4000)]
    text_sha256: Hash
    opinion_id: UUID
    adopted_on: date

    @property
    def aggregate(self) -> str:
        """The definition."""
        return str(self.definition_id)


class ExternalValidationRecorded(Fact, frozen=True, kw_only=True):
    """Another body, as a council or a board, validated what the colleges adopted."""

    TYPE: ClassVar[str] = "fr.ctin.members.external_validation_recorded.v1"

    validation_id: UUID
    opinion_id: UUID
    body: Label
    reference: Label
    validated_on: date

    @property
    def aggregate(self) -> str:
        """The validation."""
        return str(self.validation_id)
