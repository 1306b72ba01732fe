"""The rules of the members service, as values and pure functions."""

from contracts.siret import is_siret
from services.members.model.assertions import (
    CLIENT_ID,
    Assertion,
    claimed_client,
    jwk_of,
    keys_of,
    prove,
)
from services.members.model.rows import (
    Agreement,
    Client,
    Coordination,
    Decision,
    Licence,
    Opinion,
    Organization,
    Right,
    Seat,
    awards_of,
)
from services.members.model.rules import (
    first_difference,
    is_open,
    must_award_once,
    must_be_plain,
    must_follow,
    must_name_once,
    must_open,
    must_sit,
    organization_of,
)

__all__ = [
    "CLIENT_ID",
    "Agreement",
    "Assertion",
    "Client",
    "Coordination",
    "Decision",
    "Licence",
    "Opinion",
    "Organization",
    "Right",
    "Seat",
    "awards_of",
    "claimed_client",
    "first_difference",
    "is_open",
    "is_siret",
    "jwk_of",
    "keys_of",
    "must_award_once",
    "must_be_plain",
    "must_follow",
    "must_name_once",
    "must_open",
    "must_sit",
    "organization_of",
    "prove",
]
