"""Routes of proof packs: all that supports a need, in one commune or in one policy domain."""

from typing import Annotated, Literal

from litestar import Controller, MediaType, Response, get
from litestar.params import Parameter

from contracts.http.diagnostics.proofs import Domains, ProofPack
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.service import Service
from services.diagnostics.api import field_files, pack_files
from services.diagnostics.api.rights import INSIDE, Slug
from services.diagnostics.model.wording import day_of
from services.diagnostics.reads import proofs as reads
from services.diagnostics.settings import Settings

Insee = Annotated[str, Parameter(pattern="^([013-9][0-9]|2[AB1-9])[0-9]{3}$", max_length=5)]
DomainName = Annotated[str, Parameter(pattern="^[a-z][a-z0-9_-]{0,59}$")]
DocumentKind = Literal["html", "xlsx"]
HERE = "/v1/coordinations/{coordination:str}"
AREA = f"{HERE}/areas/{{insee:str}}/proof-pack"
DOMAIN = f"{HERE}/domains/{{domain:str}}/proof-pack"


def _threshold(service: Service) -> int:
    assert isinstance(service.settings, Settings)
    return service.settings.needs_threshold


async def _of_commune(service: Service, coordination: str, insee: str) -> ProofPack:
    async with service.read() as connection:
        return await reads.of_commune(
            connection,
            coordination,
            insee,
            today=day_of(ids.now()),
            threshold=_threshold(service),
        )


async def _of_domain(service: Service, coordination: str, domain: str) -> ProofPack:
    async with service.read() as connection:
        return await reads.of_domain(
            connection,
            coordination,
            domain,
            today=day_of(ids.now()),
            threshold=_threshold(service),
        )


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
    async def of_commune(self, service: TheService, coordination: Slug, insee: Insee) -> ProofPack:
        """Return all that supports the needs of one commune, with its fingerprint."""
        return await _of_commune(service, coordination, insee)

    @get(f"{AREA}/document", opt=INSIDE.opt())
    async def commune_document(
        self, service: TheService, coordination: Slug, insee: Insee, kind: DocumentKind = "html"
    ) -> Response[bytes]:
        """Return the pack of one commune as a page to print, or as a workbook."""
        return await _document(await _of_commune(service, coordination, insee), kind)

    @get(f"{HERE}/domains", opt=INSIDE.opt())
    async def domains(self, service: TheService, coordination: Slug) -> Domains:
        """Return what each elected delegation finds in its own service."""
        async with service.read() as connection:
            return await reads.domains(connection, coordination, threshold=_threshold(service))

    @get(DOMAIN, opt=INSIDE.opt())
    async def of_domain(
        self, service: TheService, coordination: Slug, domain: DomainName
    ) -> ProofPack:
        """Return all that supports the needs of one policy domain, with its fingerprint."""
        return await _of_domain(service, coordination, domain)

    @get(f"{DOMAIN}/document", opt=INSIDE.opt())
    async def domain_document(
        self,
        service: TheService,
        coordination: Slug,
        domain: DomainName,
        kind: DocumentKind = "html",
    ) -> Response[bytes]:
        """Return the pack of one policy domain as a page to print, or as a workbook."""
        return await _document(await _of_domain(service, coordination, domain), kind)
