"""Rows as the routes show them."""

from typing import TypeVar

import msgspec

from contracts.http.members import Coordination, Member, MemberRole, MemberState
from contracts.http.members.organizations import Organization
from contracts.refusals import FieldError
from contracts.values import College, Section, TerritoryLevel
from services.members import model

B = TypeVar("B", bound=msgspec.Struct)
SIRET_DOUBT = FieldError(
    field="siret",
    code="W_SIRET",
    detail="La clé de ce SIRET est fausse ; il est gardé, vérifiez-le auprès de l'organisme.",
)


def shown(row: msgspec.Struct, kind: type[B], **renamed: str) -> B:
    """Return a row as a body of `kind`; `renamed` gives the column of a field named otherwise."""
    columns = {**msgspec.structs.asdict(row)}
    for field, column in renamed.items():
        columns[field] = columns.pop(column)
    return msgspec.convert(columns, kind)


def coordination_shown(row: model.Coordination) -> Coordination:
    """Return a coordination as it is shown."""
    return Coordination(
        slug=row.coordination,
        name=row.name,
        level=TerritoryLevel(row.level),
        siren=row.siren,
        communes=row.communes,
        department=row.department,
        epcis=row.epcis,
        parent=row.parent,
        experiment=row.experiment,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        strategy=row.strategy,
        process=row.process,
    )


def member_shown(seat: model.Seat) -> Member:
    """Return a member as it is shown, with the doubts kept on its organisation."""
    return Member(
        id=seat.member_id,
        coordination=seat.coordination,
        organization=seat.organization,
        name=seat.name,
        kind=seat.kind,
        college=College(seat.college),
        section=Section(seat.section) if seat.section else None,
        siret=seat.siret,
        roles=[MemberRole(role) for role in seat.roles],
        effective_on=seat.effective_on,
        formerly=seat.formerly,
        state=MemberState(seat.state),
        warnings=[SIRET_DOUBT] if seat.siret_is_doubtful else [],
    )


def organization_shown(row: model.Organization, merged: list[str] | None = None) -> Organization:
    """Return an organisation as it is shown, with the slugs that gave way to it."""
    return Organization(
        organization=row.organization,
        name=row.name,
        kind=row.kind,
        siret=row.siret,
        rna=row.rna,
        commune=row.commune,
        formerly=row.formerly,
        merged=merged or [],
        warnings=[SIRET_DOUBT] if row.siret_is_doubtful else [],
    )
