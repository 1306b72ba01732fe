"""Questions about what funders and the State published."""

import re
from fractions import Fraction
from itertools import groupby

from contracts.http.funding.published import (
    AdviserEstimates,
    EditionEstimates,
    HostEstimates,
    PublishedGrant,
)
from services.chassis.database import Connection
from services.funding.model.estimates import EstimateSum
from services.funding.model.grants import GrantRow
from services.funding.store import published as rows

_CURSOR = re.compile(r"g([0-9a-f]{32})_([0-9]{1,9})")


async def grants(
    connection: Connection, coordination: str, *, after: str, most: int
) -> tuple[list[PublishedGrant], str | None]:
    """Return a page of published grants, and where to go on from, None at the end."""
    place = _CURSOR.fullmatch(after)
    since = (place[1], int(place[2])) if place else ("", 0)
    found = await rows.grants(connection, coordination, since, most + 1)
    page = [_grant(row) for row in found[:most]]
    return page, page[-1].id if len(found) > most else None


def _grant(row: GrantRow) -> PublishedGrant:
    return PublishedGrant(
        id=f"g{row.grant_key}_{row.nth}",
        funder_name=row.funder_name,
        funder_siret=row.funder_siret,
        beneficiary_name=row.beneficiary_name,
        beneficiary_siret=row.beneficiary_siret,
        beneficiary_rna=row.beneficiary_rna,
        agreed_on=row.agreed_on,
        reference=row.reference,
        object=row.object,
        amount_cents=row.amount_cents,
        nature=row.nature,
        terms=row.terms,
        period=row.period,
        scheme=row.scheme,
    )


async def estimates(
    connection: Connection, coordination: str, *, department: str | None
) -> AdviserEstimates:
    """Return what the State estimates of adviser posts, edition by edition."""
    found = await rows.estimates(connection, coordination, department)
    return AdviserEstimates(
        editions=[
            _edition(edition, list(hosts))
            for edition, hosts in groupby(found, key=lambda row: row.edition)
        ]
    )


def _edition(edition: str, hosts: list[EstimateSum]) -> EditionEstimates:
    posts = sum(one.posts for one in hosts)
    estimated = sum(one.estimated_cents for one in hosts)
    grant = sum(one.grant_cents for one in hosts)
    return EditionEstimates(
        edition=edition,
        lines=sum(one.lines for one in hosts),
        posts=posts,
        estimated_cents=estimated,
        grant_cents=grant,
        never_received_cents=estimated - grant,
        hosts=[
            HostEstimates(
                host_kind=one.host_kind,
                lines=one.lines,
                posts=one.posts,
                share=str(Fraction(one.posts, posts)),
                estimated_cents=one.estimated_cents,
                grant_cents=one.grant_cents,
            )
            for one in hosts
        ],
    )
