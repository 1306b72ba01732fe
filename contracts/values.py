"""Values that mean the same thing in every service.

Money is whole euro cents (`Cents`), never a float. An instant is UTC; a day is the civil day of
the coordination. Codes of territories are those of the Code officiel géographique (INSEE).
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

CoordinationSlug = Annotated[
    str,
    Meta(
        pattern="^[a-z][a-z0-9-]{1,39}$",
        description="Slug of a coordination: the tenant an event, a row or a token belongs to.",
    ),
]
InstitutionSlug = Annotated[
    str,
    Meta(
        pattern="^[a-z][a-z0-9-]{1,39}$",
        description="Slug an institution receives at admission; part of the subjects it writes.",
    ),
]
Slug = Annotated[
    str, Meta(pattern="^[a-z][a-z0-9_-]{0,59}$", description="A short lower-case identifier.")
]
CommuneCode = Annotated[
    str,
    Meta(pattern="^([013-9][0-9]|2[AB1-9])[0-9]{3}$", description="INSEE code of a commune."),
]
Siren = Annotated[str, Meta(pattern="^[0-9]{9}$", description="SIREN of an EPCI or of a body.")]
Cents = Annotated[int, Meta(ge=1, le=10**13, description="Euro cents, strictly positive.")]
CentsOrZero = Annotated[int, Meta(ge=0, le=10**13, description="Euro cents, zero or more.")]
Sentence = Annotated[
    str, Meta(min_length=1, max_length=500, description="A French sentence shown to a reader.")
]
Label = Annotated[
    str, Meta(min_length=1, max_length=200, description="A French title shown to a reader.")
]


class College(StrEnum):
    """The three colleges whose votes are counted separately."""

    PRIVATE = "PRIVATE"
    DIGITAL_MEDIATION = "DIGITAL_MEDIATION"
    INSTITUTIONAL = "INSTITUTIONAL"


class Section(StrEnum):
    """A part of a college with members of its own kind: citizens sit without a SIRET."""

    CITIZEN = "CITIZEN"


class TerritoryLevel(StrEnum):
    """What a coordination covers."""

    COMMUNE = "COMMUNE"
    EPCI = "EPCI"
    DEPARTMENT = "DEPARTMENT"
    SEVERAL = "SEVERAL"


class AreaKind(StrEnum):
    """The grids a count may be given on."""

    COMMUNE = "commune"
    EPCI = "epci"
    QPV = "qpv"
    IRIS = "iris"


class Role(StrEnum):
    """What a person or a system may do; carried by its access token."""

    COORDINATOR = "coordinator"
    SECRETARY = "secretary"
    ELECTED = "elected"
    MEMBER = "member"
    FUNDER = "funder"
    DATA_OFFICER = "data_officer"
    REFERRER = "referrer"
    OBSERVER = "observer"
    INSTITUTION = "institution"
    OPERATOR = "operator"
    SERVICE = "service"
