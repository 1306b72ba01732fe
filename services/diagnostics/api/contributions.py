"""Routes of what partners share: strategies, diagnostic elements, news, difficulties."""

from uuid import UUID

from litestar import Controller, delete, get, post
from litestar.params import JSONBody

from contracts.events.diagnostics.field import ContributionKind
from contracts.http.diagnostics.contributions import (
    ContributionHistory,
    Contributions,
    ShareContribution,
)
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import Asking
from services.diagnostics.api.rights import (
    BRING,
    READ,
    Commune,
    IdempotencyKey,
    Limit,
    Slug,
    Word,
    must_speak_for,
    named,
)
from services.diagnostics.commands import contributions as commands
from services.diagnostics.model.contributions import Kept
from services.diagnostics.reads import contributions as reads

ALL = "/v1/coordinations/{coordination:str}/contributions"
ONE = f"{ALL}/{{contribution_id:uuid}}"


class Shared(Controller):
    """What partners share with the others, who may subscribe to it."""

    tags = ("Contributions partagées",)

    @get(ALL, opt=READ.opt())
    async def contributions(
        self,
        service: TheService,
        coordination: Slug,
        kind: ContributionKind | None = None,
        organization: Word = None,
        theme: Word = None,
        commune: Commune = None,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> Contributions:
        """Return a page of documents by id, of one kind, partner, theme or commune, or all."""
        kept = Kept(kind.value if kind else None, organization, theme, commune)
        async with service.read() as connection:
            return await reads.contributions(
                connection, coordination, kept, after=cursor, most=limit
            )

    @post(ALL, opt=BRING.opt())
    async def share(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[ShareContribution],
        key: IdempotencyKey = None,
    ) -> ContributionHistory:
        """Share a document, or its next version; the same again answers the same."""
        must_speak_for(request.user, data.organization)
        contribution_id = named(request, data.id, key)
        async with service.write() as connection:
            await commands.share(
                connection,
                coordination,
                data,
                contribution_id=contribution_id,
                now=ids.now(),
                new_id=ids.new_id,
            )
            return await reads.history(connection, coordination, contribution_id)

    @get(ONE, opt=READ.opt())
    async def history(
        self, service: TheService, coordination: Slug, contribution_id: UUID
    ) -> ContributionHistory:
        """Return the versions of one document."""
        async with service.read() as connection:
            return await reads.history(connection, coordination, contribution_id)

    @delete(ONE, opt=BRING.opt())
    async def withdraw(
        self, request: Asking, service: TheService, coordination: Slug, contribution_id: UUID
    ) -> None:
        """Withdraw a document: every version of it is gone, and subscribers are told."""
        async with service.write() as connection:
            await commands.withdraw(
                connection,
                coordination,
                contribution_id,
                may=lambda organization: must_speak_for(request.user, organization),
                now=ids.now(),
                new_id=ids.new_id,
            )
