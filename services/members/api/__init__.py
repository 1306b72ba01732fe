"""HTTP routes of the members service."""

from services.members.api.acts import Acts
from services.members.api.agreements import Agreements, Licences
from services.members.api.attendance import Attendance, MinutesOfSessions
from services.members.api.coordinations import Coordinations
from services.members.api.figures import Figures
from services.members.api.priorities import Definitions, Prioritisations
from services.members.api.sessions import Sessions
from services.members.api.tokens import Clients, Tokens

ROUTES = (
    Coordinations,
    Agreements,
    Licences,
    Acts,
    Clients,
    Tokens,
    Sessions,
    Attendance,
    MinutesOfSessions,
    Prioritisations,
    Definitions,
    Figures,
)

__all__ = ["ROUTES"]
