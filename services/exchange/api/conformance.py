"""The runs in which a system shows, in its sandbox, that it does what partners must."""

from uuid import UUID

from litestar import Controller, post
from litestar.params import JSONBody

from contracts.http.exchange.access import ConformanceRun, EndConformance
from contracts.streams import PUB, durables_of
from services.chassis import ids
from services.chassis.errors import Unavailable
from services.chassis.http import TheService
from services.chassis.policies import Asking
from services.chassis.streams import StreamRefusal
from services.exchange.api.joining import OWN_KEYS, IdempotencyKey, Institution, must_be
from services.exchange.commands import conformance as commands
from services.exchange.reads import access as reads


class Conformance(Controller):
    """What a system shows by itself, and what the exchange sees of it meanwhile."""

    tags = ("Partenaires",)

    @post("/v1/partners/{institution:str}/conformance-runs", opt=OWN_KEYS.opt())
    async def start(
        self,
        request: Asking,
        service: TheService,
        institution: Institution,
        key: IdempotencyKey = None,
    ) -> ConformanceRun:
        """Begin a run: what the sandbox receives from now on counts."""
        must_be(request.user, institution)
        caller = request.user.sub
        run_id = ids.from_key(caller, key) if key else ids.new_id()
        async with service.write() as connection:
            row = await commands.start_run(
                connection, institution, run_id=run_id, by=caller, now=ids.now()
            )
        return reads.run_shown(row)

    @post(
        "/v1/partners/{institution:str}/conformance-runs/{run:uuid}/end",
        opt=OWN_KEYS.opt(),
        status_code=200,
    )
    async def end(
        self,
        request: Asking,
        service: TheService,
        institution: Institution,
        run: UUID,
        data: JSONBody[EndConformance],
    ) -> ConformanceRun:
        """End a run with what the system saw; the exchange adds what it saw, and keeps both."""
        must_be(request.user, institution)
        is_acknowledged = await _has_acknowledged(service, institution)
        async with service.write() as connection:
            row = await commands.end_run(
                connection,
                institution,
                run,
                data.steps,
                is_acknowledged=is_acknowledged,
                now=ids.now(),
            )
        return reads.run_shown(row)


async def _has_acknowledged(service: TheService, institution: str) -> bool:
    """Tell whether a system acknowledged all its answers.

    Raises:
        Unavailable: NATS cannot say it now.
    """
    durable = durables_of(institution)["answers"]
    try:
        info = await service.streams.api(f"CONSUMER.INFO.{PUB}.{durable}")
    except StreamRefusal as refusal:
        raise Unavailable("Les réponses de ce partenaire ne sont pas encore ouvertes.") from refusal
    return bool(info["num_pending"] == 0 and info["num_ack_pending"] == 0)
