"""Routes of proof packs: all that supports a need, in one commune or in one policy domain."""

from typing import Annotated, Literal

from litestar import Controller, MediaType, Response, get
from litestar.params import Parameter

from contracts.http.diagnostics.proofs import Domains, ProofPack
from contracts.http.diagnostics.versions import Tier
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import Asking
from services.chassis.service import Service
from services.diagnostics.api import field_files, pack_files
from services.diagnostics.api.asking import leaving_to
from services.diagnostics.api.rights import INSIDE, Slug
from services.diagnostics.model.wording import day_of
from services.diagnostics.reads import proofs as reads

Insee = Annotated[str, Parameter(pattern="^([013-9][0-9]|2[AB1-9])[0-9]{3}$", max_length=5)]
DomainName = Annotated[str, Parameter(pattern="^[a-z][a-z0-9_-]{0,59}$")]
DocumentKind = Literal["html", "xlsx"]
HERE = "/v1/coordinations/{coordination:str}"
AREA = f"{HERE}/areas/{{insee:str}}/proof-pack"
DOMAIN = f"{HERE}/domains/{{domain:str}}/proof-pack"


async def _of_commune(
    request: Asking, service: Service, coordination: str, insee: str
) -> ProofPack:
    async with service.read() as connection:
        to = await leaving_to(request, service, connection, coordination, Tier.AGREEMENT)
        today = day_of(ids.now())
        return await reads.of_commune(connection, coordination, insee, today=today, to=to)


async def _of_domain(
    request: Asking, service: Service, coordination: str, domain: str, tier: Tier | None
) -> ProofPack:
    async with service.read() as connection:
        to = await leaving_to(request, service, connection, coordination, tier)
        today = day_of(ids.now())
        return await reads.of_domain(connection, coordination, domain, today=today, to=to)


async def _document(pack: ProofPack, kind: DocumentKind) -> Response[bytes]:
    name = f"dossier-de-preuve-{pack.content.code}"
    if kind == "xlsx":
        return await field_files.as_workbook(pack_files.sheets(pack), name=name)
    page = pack_files.page(pack).encode()
    return Response(page, media_type=MediaType.HTML)


class Packs(Controller):
    """The logic of proof: what to show to who must be convinced."""

    tags = ("Dossiers de preuve",)

    @get(AREA, opt=INSIDE.opt())
    async def of_commune(
        self, request: Asking, service: TheService, coordination: Slug, insee: Insee
    ) -> ProofPack:
        """Return all that supports the needs of one commune, with its fingerprint."""
        return await _of_commune(request, service, coordination, insee)

    @get(f"{AREA}/document", opt=INSIDE.opt())
    async def commune_document(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        insee: Insee,
        kind: DocumentKind = "html",
    ) -> Response[bytes]:
        """Return the pack of one commune as a page to print, or as a workbook."""
        return await _document(await _of_commune(request, service, coordination, insee), kind)

    @get(f"{HERE}/domains", opt=INSIDE.opt())
    async def domains(self, request: Asking, service: TheService, coordination: Slug) -> Domains:
        """Return what each elected delegation finds in its own service."""
        async with service.read() as connection:
            to = await leaving_to(request, service, connection, coordination, Tier.AGREEMENT)
            return await reads.domains(connection, coordination, to=to)

    @get(DOMAIN, opt=INSIDE.opt())
    async def of_domain(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        domain: DomainName,
        tier: Tier | None = None,
    ) -> ProofPack:
        """Return all that supports the needs of one policy domain, with its fingerprint.

        Inside, it adds small needs of several communes and stays there; `tier` asks for one that
        may be shown around.
        """
        return await _of_domain(request, service, coordination, domain, tier)

    @get(f"{DOMAIN}/document", opt=INSIDE.opt())
    async def domain_document(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        domain: DomainName,
        kind: DocumentKind = "html",
        tier: Tier | None = None,
    ) -> Response[bytes]:
        """Return the pack of one policy domain as a page to print, or as a workbook."""
        return await _document(await _of_domain(request, service, coordination, domain, tier), kind)
