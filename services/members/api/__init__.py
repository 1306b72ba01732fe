"""HTTP routes of the members service."""

from services.members.api.acts import Acts
from services.members.api.agreements import Agreements, Licences
from services.members.api.attendance import Attendance, MinutesOfSessions
from services.members.api.committees import Committees
from services.members.api.coordinations import Coordinations
from services.members.api.field import Duties, Field
from services.members.api.figures import Figures
from services.members.api.imports import Imports
from services.members.api.invitations import InvitationLetters
from services.members.api.lists import Lists
from services.members.api.mandates import Mandates
from services.members.api.membership import Memberships
from services.members.api.organizations import Organizations
from services.members.api.outputs import Outputs
from services.members.api.persons import PersonRecords
from services.members.api.priorities import Definitions, Prioritisations
from services.members.api.processing import Processing
from services.members.api.sessions import Sessions
from services.members.api.standing import Rights, Standing
from services.members.api.territories import Lineage, Territories
from services.members.api.tokens import Clients, Tokens
from services.members.api.votes import RuleBooks, Votes
from services.members.api.voting import BallotBox

ROUTES = (
    Coordinations,
    Lineage,
    Territories,
    Organizations,
    Lists,
    Imports,
    Agreements,
    Licences,
    Acts,
    RuleBooks,
    Votes,
    BallotBox,
    Clients,
    Tokens,
    Standing,
    Rights,
    PersonRecords,
    InvitationLetters,
    Memberships,
    Mandates,
    Committees,
    Duties,
    Field,
    Sessions,
    Attendance,
    MinutesOfSessions,
    Outputs,
    Prioritisations,
    Definitions,
    Figures,
    Processing,
)

__all__ = ["ROUTES"]
