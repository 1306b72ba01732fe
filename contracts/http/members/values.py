"""Values that several bodies of the members service share."""

from typing import Annotated

from msgspec import Meta

from contracts.events.members import AwardShare

Siret = Annotated[
    str,
    Meta(
        pattern="^[0-9]{14}$",
        description="SIRET of an establishment; a wrong key is a warning, never a refusal.",
    ),
]

Rna = Annotated[
    str,
    Meta(pattern="^W[0-9]{9}$", description="Number of an association in the national register."),
]

DepartmentCode = Annotated[
    str,
    Meta(
        pattern="^([013-8][0-9]|2[AB1-9]|9([0-6]|[78][0-9]))$",
        description="Code of a département, 2A, 2B and 971 to 989 included.",
    ),
]

KindCode = Annotated[
    str,
    Meta(
        pattern="^[A-Z][A-Z0-9_]{0,39}$",
        description="What an organisation is: CAF, ASSOCIATION, BANK …",
    ),
]

EventType = Annotated[str, Meta(pattern="^fr\\.ctin\\.[a-z]+\\.[a-z_]+\\.v[0-9]+$", max_length=120)]

AreaScope = Annotated[
    str,
    Meta(
        pattern="^(_all|([013-9][0-9]|2[AB1-9])[0-9]{3})$",
        description="`_all`, or the INSEE code of a commune of the coordination.",
    ),
]

Sha256 = Annotated[
    str, Meta(pattern="^[0-9a-f]{64}$", description="SHA-256 of a file, in hexadecimal.")
]

Tally = Annotated[int, Meta(ge=0, le=10_000)]

Awards = Annotated[list[AwardShare], Meta(max_length=200)]
