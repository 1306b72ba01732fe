"""Routes that read agreements: the alerts of their end, the register of processing activities."""

import csv
from collections.abc import AsyncIterator
from datetime import date
from io import StringIO
from typing import Literal
from uuid import UUID

from litestar import Controller, Response, get

from contracts.http.members import AgreementState
from contracts.http.members.agreements import SharingTier
from contracts.http.members.processing import (
    AgreementAlert,
    AgreementAlerts,
    ProcessingActivity,
    ProcessingRegister,
)
from services.chassis import ids
from services.chassis.http import PAGE_MAX, TheService
from services.chassis.service import Service
from services.members import model
from services.members.api.agreements import dpo_contacts, party_roles
from services.members.api.asking import READ_AGREEMENTS, WRITE, Limit, Slug
from services.members.model import agreements as rules
from services.members.model.days import day_of
from services.members.reads import sharing

CSV_TYPE = "text/csv"
COMPUTED = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula, at the beginning of a cell."""
REGISTER_MAX = 10_000
COLUMNS = (
    "Convention",
    "État",
    "Parties",
    "Finalités",
    "Base légale",
    "Personnes concernées",
    "Catégories de données",
    "Données de santé",
    "Données partagées",
    "Champs",
    "Territoire",
    "Précision",
    "Destinataires",
    "Durée de conservation",
    "Du",
    "Au",
    "Délégués à la protection des données",
    "Analyse d'impact",
    "Registre",
)


def _alert(row: model.Agreement, today: date) -> AgreementAlert:
    found = rules.alert_of(row.valid_until, today=today)
    assert found is not None, "the query takes those that are near"
    level, left = found
    return AgreementAlert(
        agreement=row.agreement_id,
        institution=row.institution,
        reference=row.reference,
        valid_until=row.valid_until,
        days_left=left,
        level=level,
        detail=rules.alert_said(row.reference, level, left),
    )


def _activity(row: model.Agreement) -> ProcessingActivity:
    return ProcessingActivity(
        agreement=row.agreement_id,
        reference=row.reference,
        state=rules.STATES[AgreementState(row.state)],
        parties=row.parties,
        party_roles=party_roles(row),
        purposes=rules.purposes_of(row),
        legal_basis=row.legal_basis,
        legal_text=row.legal_text,
        persons_categories=row.persons_categories,
        data_categories=row.data_categories,
        health_data=row.health_data,
        shared=rules.shared_of(row),
        fields=row.fields,
        areas=row.areas,
        tier=rules.TIERS[SharingTier(row.tier)],
        recipients=row.recipients,
        retention=f"{row.retention_months} mois",
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        dpo_contacts=dpo_contacts(row),
        dpia_reference=row.dpia_reference,
        register_reference=row.register_reference,
    )


def _cells(row: model.Agreement) -> list[str]:
    said = rules.roles_of(row)
    cells = (
        row.reference,
        rules.STATES[AgreementState(row.state)],
        " ; ".join(f"{one} ({said[one]})" if one in said else one for one in row.parties),
        " ; ".join(rules.purposes_of(row)),
        " — ".join(one for one in (row.legal_basis, row.legal_text) if one),
        " ; ".join(row.persons_categories),
        " ; ".join(row.data_categories),
        "oui" if row.health_data else "non",
        " ; ".join(rules.shared_of(row)),
        " ; ".join(row.fields),
        rules.areas_of(row),
        rules.TIERS[SharingTier(row.tier)],
        " ; ".join(row.recipients),
        f"{row.retention_months} mois",
        row.valid_from.isoformat(),
        row.valid_until.isoformat(),
        " ; ".join(rules.contacts_of(row)),
        row.dpia_reference or "",
        row.register_reference or "",
    )
    return [f"'{cell}" if cell.startswith(COMPUTED) else cell for cell in cells]


async def _rows(service: Service, coordination: str) -> AsyncIterator[model.Agreement]:
    after: UUID | None = None
    for _ in range(REGISTER_MAX // PAGE_MAX):
        async with service.read() as connection:
            found, after = await sharing.processing(
                connection, coordination, after=after, most=PAGE_MAX
            )
        for row in found:
            yield row
        if after is None:
            return


class Processing(Controller):
    """What agreements ask their coordination to watch and to declare."""

    tags = ("Conventions de partage",)

    @get("/v1/coordinations/{coordination:str}/agreement-alerts", opt=READ_AGREEMENTS.opt())
    async def alerts(
        self, service: TheService, coordination: Slug, limit: Limit = 50, cursor: UUID | None = None
    ) -> AgreementAlerts:
        """Return a page of the agreements that end within 90 days or are past, by last day."""
        today = day_of(ids.now())
        async with service.read() as connection:
            found, more = await sharing.ending(
                connection, coordination, today=today, after=cursor, most=limit
            )
        return AgreementAlerts(
            items=[_alert(row, today) for row in found],
            cursor=str(more) if more else None,
        )

    @get("/v1/coordinations/{coordination:str}/processing-register", opt=WRITE.opt())
    async def register(
        self,
        service: TheService,
        coordination: Slug,
        format: Literal["json", "csv"] = "json",  # noqa: A002  # Its name in the address.
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> Response[ProcessingRegister] | Response[str]:
        """Return the register of processing activities: a page of it, or all of it as a file."""
        if format == "json":
            async with service.read() as connection:
                found, more = await sharing.processing(
                    connection, coordination, after=cursor, most=limit
                )
            items = [_activity(row) for row in found]
            return Response(ProcessingRegister(items=items, cursor=str(more) if more else None))
        text = StringIO()
        text.write("\ufeff")  # What tells a spreadsheet that this is UTF-8.
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        async for row in _rows(service, coordination):
            writer.writerow(_cells(row))
        name = f'attachment; filename="registre-{coordination}.csv"'
        return Response(text.getvalue(), media_type=CSV_TYPE, headers={"Content-Disposition": name})
