"""HTTP routes of the members service."""

from services.members.api.acts import Acts
from services.members.api.agreements import Agreements, Licences
from services.members.api.coordinations import Coordinations
from services.members.api.tokens import Clients, Tokens
from services.members.api.votes import RuleBooks, Votes
from services.members.api.voting import BallotBox

ROUTES = (
    Coordinations,
    Agreements,
    Licences,
    Acts,
    RuleBooks,
    Votes,
    BallotBox,
    Clients,
    Tokens,
)

__all__ = ["ROUTES"]
