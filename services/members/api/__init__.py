"""HTTP routes of the members service."""

from services.members.api.acts import Acts
from services.members.api.agreements import Agreements, Licences
from services.members.api.committees import Committees
from services.members.api.coordinations import Coordinations
from services.members.api.field import Duties, Field
from services.members.api.mandates import Mandates
from services.members.api.membership import Memberships
from services.members.api.standing import Rights, Standing
from services.members.api.tokens import Clients, Tokens

ROUTES = (
    Coordinations,
    Agreements,
    Licences,
    Acts,
    Clients,
    Tokens,
    Standing,
    Rights,
    Memberships,
    Mandates,
    Committees,
    Duties,
    Field,
)

__all__ = ["ROUTES"]
