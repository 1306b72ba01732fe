"""Routes every service has to be kept whole: events set aside, streams compared with the table."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, Parameter

from contracts import privacy
from contracts.http.upkeep import ParkedEvent, Reconciled, Settle, Settled
from contracts.values import Role
from services.chassis import problems
from services.chassis.database import SQL
from services.chassis.errors import Refusal
from services.chassis.policies import Asking, Policy
from services.chassis.service import Service

SETTLE = Policy("traiter les événements mis de côté", frozenset({Role.OPERATOR, Role.COORDINATOR}))
RECONCILE = Policy("réconcilier les flux", frozenset({Role.OPERATOR}))
TheService = NamedDependency[Service]
PAGE_MAX = 200


class NoSuchConsumer(Refusal):
    """This service follows nothing under that name."""

    code, status, field = "E_UNKNOWN", 404, "consumer"


class HoldsPersonalData(Refusal):
    """A text that would replace an event holds personal data."""

    code, status, field = "E_PERSON", 422, "edited"


class Upkeep(Controller):
    """Events set aside and streams, as this one service has them."""

    tags = ("Entretien",)
    exception_handlers = problems.HANDLERS  # Whatever a service shows to those who browse it.

    @get("/v1/upkeep/parked", opt=SETTLE.opt())
    async def parked(
        self,
        request: Asking,
        service: TheService,
        after: Annotated[int, Parameter(ge=0)] = 0,
        limit: Annotated[int, Parameter(ge=1, le=PAGE_MAX)] = PAGE_MAX,
    ) -> list[ParkedEvent]:
        """Return the events this service set aside, oldest first, without their content."""
        async with service.read() as connection:
            home = request.user.coordination
            rows = await connection.fetch(SQL["parked_events"], home, after, limit)
        return [ParkedEvent(**dict(row)) for row in rows]

    @post("/v1/upkeep/parked", opt=SETTLE.opt(), status_code=200)
    async def settle(
        self, request: Asking, service: TheService, data: JSONBody[Settle]
    ) -> list[Settled]:
        """Try one again, drop or replace it; those behind it follow, in order."""
        if privacy.scan(data.edited or "") or privacy.scan(data.why):
            raise HoldsPersonalData("Une donnée personnelle a été reconnue ; retirez-la.")
        for consumer in service.consumers:
            if consumer.name == data.consumer:
                caller = request.user
                told = f"{caller.sub} : {data.why}"
                return await consumer.settle(data, home=caller.coordination, told=told)
        raise NoSuchConsumer(f"Aucun lecteur ne s'appelle « {data.consumer} » ici.")

    @post("/v1/upkeep/reconciliations", opt=RECONCILE.opt(), status_code=200)
    async def reconcile(self, service: TheService) -> list[Reconciled]:
        """Compare this service's streams with its table; what is missing is published again."""
        return await service.reconcile()
