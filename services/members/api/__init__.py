"""HTTP routes of the members service."""

from services.members.api.acts import Acts
from services.members.api.agreements import Agreements, Licences
from services.members.api.coordinations import Coordinations
from services.members.api.standing import Rights, Standing
from services.members.api.tokens import Clients, Tokens

ROUTES = (Coordinations, Agreements, Licences, Acts, Clients, Tokens, Standing, Rights)

__all__ = ["ROUTES"]
