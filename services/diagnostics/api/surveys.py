"""Routes of survey campaigns: what they ask, what they find, what follows."""

from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, Response, get, post, put
from litestar.params import JSONBody, Parameter, QueryParameter

from contracts.http.diagnostics.surveys import (
    Campaign,
    Campaigns,
    CampaignState,
    MoveCampaign,
    PlanCampaign,
    PutFollowUp,
    Results,
    SatisfactionList,
    SubjectKind,
)
from contracts.http.imports import ImportReport
from services.chassis import ids, importer
from services.chassis.http import PAGE_MAX, TheService
from services.chassis.importer import Outcome
from services.chassis.policies import Asking
from services.diagnostics.api import field_files
from services.diagnostics.api.asking import leaving_to
from services.diagnostics.api.rights import (
    INSIDE,
    READ,
    WRITE,
    Commune,
    IdempotencyKey,
    Limit,
    Slug,
    Word,
    named,
)
from services.diagnostics.commands import surveys as commands
from services.diagnostics.imports.surveys import results_of
from services.diagnostics.model.surveys import ResultLine
from services.diagnostics.model.tiers import INSIDE as ALL_OF_IT
from services.diagnostics.model.wording import day_of
from services.diagnostics.reads import surveys as reads

Mapping = Annotated[str | None, Parameter(max_length=10_000)]
Stands = Annotated[CampaignState | None, QueryParameter(name="state")]
CommuneCursor = Annotated[str, Parameter(pattern="^[0-9AB]*$", max_length=5)]
FileKind = Literal["csv", "xlsx"]
ONE = "/v1/coordinations/{coordination:str}/surveys/{campaign_id:uuid}"


class Surveys(Controller):
    """Campaigns put to inhabitants; only counts by commune enter."""

    tags = ("Enquêtes",)

    @get("/v1/coordinations/{coordination:str}/surveys", opt=READ.opt())
    async def campaigns(
        self,
        service: TheService,
        coordination: Slug,
        stands: Stands = None,
        commune: Commune = None,
        subject_kind: SubjectKind | None = None,
        subject: Word = None,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> Campaigns:
        """Return a page of campaigns by id, of one state, commune or subject, or all."""
        wanted = (
            stands.value if stands else None,
            commune,
            subject_kind.value if subject_kind else None,
            subject,
        )
        async with service.read() as connection:
            return await reads.campaigns(connection, coordination, wanted, after=cursor, most=limit)

    @post("/v1/coordinations/{coordination:str}/surveys", opt=WRITE.opt())
    async def plan(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[PlanCampaign],
        key: IdempotencyKey = None,
    ) -> Campaign:
        """Prepare a campaign; the same one again answers the same."""
        campaign_id = named(request, data.id, key)
        async with service.write() as connection:
            await commands.plan_campaign(
                connection, coordination, data, campaign_id=campaign_id, now=ids.now()
            )
            return await reads.campaign(connection, coordination, campaign_id)

    @get(ONE, opt=READ.opt())
    async def campaign(
        self, service: TheService, coordination: Slug, campaign_id: UUID
    ) -> Campaign:
        """Return one campaign with its questions."""
        async with service.read() as connection:
            return await reads.campaign(connection, coordination, campaign_id)

    @put(ONE, opt=WRITE.opt())
    async def replan(
        self,
        service: TheService,
        coordination: Slug,
        campaign_id: UUID,
        data: JSONBody[PlanCampaign],
    ) -> Campaign:
        """Replace a campaign that is not open yet; an `id` in the body is not read."""
        async with service.write() as connection:
            await commands.replan_campaign(connection, coordination, campaign_id, data)
            return await reads.campaign(connection, coordination, campaign_id)

    @post(f"{ONE}/steps", opt=WRITE.opt(), status_code=200)
    async def move(
        self,
        service: TheService,
        coordination: Slug,
        campaign_id: UUID,
        data: JSONBody[MoveCampaign],
    ) -> Campaign:
        """Open a campaign, or close it."""
        async with service.write() as connection:
            await commands.move_campaign(
                connection, coordination, campaign_id, data, today=day_of(ids.now())
            )
            return await reads.campaign(connection, coordination, campaign_id)


class Found(Controller):
    """What campaigns found, which stays in the coordination."""

    tags = ("Enquêtes",)

    @post(
        f"{ONE}/results",
        opt=WRITE.opt(),
        status_code=200,
        request_max_body_size=importer.FILE_BYTES_MAX,
    )
    async def load(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        campaign_id: UUID,
        *,
        dry_run: bool = False,
        mapping: Mapping = None,
    ) -> ImportReport:
        """Take counts by commune, question and answer; each row answers for itself."""
        async with service.read() as connection:
            campaign = await reads.campaign_row(connection, coordination, campaign_id)

        async def write(lines: list[ResultLine]) -> list[Outcome]:
            async with service.write() as connection:
                found = await commands.load_results(
                    connection, coordination, campaign_id, lines, now=ids.now()
                )
            return list(found)

        return await importer.receive(
            request.stream(), results_of(campaign), None if dry_run else write, mapping=mapping
        )

    @get(f"{ONE}/results", opt=INSIDE.opt())
    async def results(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        campaign_id: UUID,
        commune: Commune = None,
        limit: Limit = 50,
        cursor: CommuneCursor = "",
    ) -> Results:
        """Return a page of results by commune, with what followed."""
        async with service.read() as connection:
            to = await leaving_to(request, service, connection, coordination)
            return await reads.results(
                connection,
                coordination,
                campaign_id,
                commune=commune,
                after=cursor,
                most=limit,
                to=to,
            )

    @get(f"{ONE}/results/export", opt=INSIDE.opt())
    async def export(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        campaign_id: UUID,
        kind: FileKind = "csv",
    ) -> Response[bytes]:
        """Return the results and what followed as a file."""
        async with service.read() as connection:
            row = await reads.campaign_row(connection, coordination, campaign_id)
            to = await leaving_to(request, service, connection, coordination)
            areas = [one async for one in reads.every_result(connection, row, to=to)]
        rows = field_files.results(reads.campaign_shown(row), areas)
        if kind == "csv":
            return field_files.as_csv(field_files.RESULT_COLUMNS, rows, name="enquete")
        sheets = {"Résultats": (field_files.RESULT_COLUMNS, rows)}
        return await field_files.as_workbook(sheets, name="enquete")

    @put(f"{ONE}/follow-up", opt=WRITE.opt())
    async def follow_up(
        self,
        service: TheService,
        coordination: Slug,
        campaign_id: UUID,
        data: JSONBody[PutFollowUp],
    ) -> Results:
        """Keep how many were interested, have a workshop planned, were reached, by commune."""
        async with service.write() as connection:
            await commands.put_follow_up(
                connection, coordination, campaign_id, data, today=day_of(ids.now())
            )
            return await reads.results(
                connection,
                coordination,
                campaign_id,
                commune=None,
                after="",
                most=PAGE_MAX,
                to=ALL_OF_IT,
            )

    @get("/v1/coordinations/{coordination:str}/satisfaction", opt=INSIDE.opt())
    async def satisfaction(
        self,
        service: TheService,
        coordination: Slug,
        subject_kind: Literal["POST", "ACTION"],
        subject: Annotated[str, Parameter(pattern="^[a-z][a-z0-9_-]{0,59}$")],
    ) -> SatisfactionList:
        """Return what campaigns found of a post or an action: satisfaction and outcome."""
        async with service.read() as connection:
            return await reads.satisfaction(
                connection, coordination, SubjectKind(subject_kind), subject
            )
