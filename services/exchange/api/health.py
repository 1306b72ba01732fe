"""How exchanges go, per partner and per agreement."""

from litestar import Controller, get

from contracts.http.exchange.health import ExchangesHealth
from contracts.values import Role
from services.chassis.http import TheService
from services.chassis.policies import Asking, Policy
from services.exchange.reads import pace as reads

FOLLOW = Policy("suivre les échanges", frozenset(Role))


class HealthRoutes(Controller):
    """What an institution and a coordination see of their exchange."""

    tags = ("Partenaires",)

    @get("/v1/coordinations/{coordination:str}/exchanges", opt=FOLLOW.opt())
    async def health(
        self, request: Asking, service: TheService, coordination: str
    ) -> ExchangesHealth:
        """Return pace, delays, messages set aside and counts; an institution sees its own alone."""
        caller = request.user
        is_partner = not {Role.INSTITUTION, Role.DATA_OFFICER}.isdisjoint(caller.roles)
        own = (caller.organization or "") if is_partner else None
        async with service.read() as connection:
            return await reads.health(connection, coordination, institution=own)
