"""Values that several bodies of the funding service share."""

from typing import Annotated

from msgspec import Meta

TRANSFERS_MAX = 8_000

GENESIS = "0" * 64

Line = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        pattern="^[^\\x00-\\x1f\\x7f]*$",
        description="French text of one line, shown to a reader.",
    ),
]

Ratio = Annotated[
    str,
    Meta(
        pattern="^(0|[1-9][0-9]{0,5})/[1-9][0-9]{0,5}$",
        description="A share as a fraction of whole numbers, such as 4/5.",
    ),
]

Reference = Annotated[
    str,
    Meta(pattern="^[a-z0-9][a-z0-9_-]{0,59}$", description="A UUID or a short lower-case slug."),
]

Siret = Annotated[str, Meta(pattern="^[0-9]{14}$", description="SIRET of an establishment.")]

Rna = Annotated[
    str,
    Meta(pattern="^W[0-9]{9}$", description="Number of an association in the national register."),
]
