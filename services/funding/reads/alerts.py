"""Questions about what to look at, and about what posts bring over the years."""

from datetime import date
from fractions import Fraction

from contracts.events.funding.alerts import AlertKind
from contracts.http.funding.alerts import Alert, Alerts
from contracts.http.funding.plans import PostsPlan, Scenario
from services.chassis.database import Connection
from services.funding.errors import day as shown_day
from services.funding.errors import euros
from services.funding.model import alerts as model
from services.funding.model import plan as plans
from services.funding.store import posts as post_rows
from services.funding.store import watch as rows

_SENTENCES = {
    AlertKind.CEILING_NEAR: "Plafond de « {about} » presque atteint : il reste {amount}.",
    AlertKind.CAP_NEAR: "Limite de « {about} » presque atteinte : il reste {amount}.",
    AlertKind.LAPSE: "Caducité de « {about} » le {due} : {amount} ne sont pas engagés.",
    AlertKind.PROOF_MISSING: "Justificatif manquant pour « {about} », attendu le {due} : {amount}.",
    AlertKind.VACANCY: "Poste « {about} » vacant : à pourvoir au plus tard le {due}, ou à rendre.",
    AlertKind.AGREEMENT_ENDING: "La convention « {about} » finit le {due}.",
    AlertKind.POST_ENDING: "Le financement du poste « {about} » finit le {due}.",
    AlertKind.BALANCE_TO_CLAIM: "Solde de la convention « {about} » à demander : {amount}.",
    AlertKind.REPORT_DUE: "Compte rendu financier de « {about} » attendu le {due}.",
    AlertKind.DEGRESSIVE_STEP: "L'aide au poste « {about} » baisse de {amount} le {due}.",
    AlertKind.FUNDING_CLIFF: "En {about}, le financement des postes baisse de {amount} sans suite.",
}


async def alerts(
    connection: Connection, coordination: str, *, day: date, after: str, most: int
) -> Alerts:
    """Return what there is to look at on a day, evaluated now, the soonest due first.

    A page goes on after the place that `after` says.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        state = await rows.watched(connection, coordination, day=day)
        raised = await rows.raised(connection, coordination)
    found = model.evaluate(state, day)
    start = int(after.removeprefix("n")) if after else 0
    page = found[start : start + most]
    return Alerts(
        as_of=day,
        items=[_shown(one, raised.get(one.key)) for one in page],
        cursor=f"n{start + most}" if start + most < len(found) else None,
    )


def _shown(one: model.Warned, raised: rows.RaisedRow | None) -> Alert:
    return Alert(
        key=one.key,
        kind=one.kind,
        about=one.about,
        due_on=one.due_on,
        amount_cents=one.amount_cents,
        raised_on=raised.raised_on if raised else None,
        sentence=_SENTENCES[one.kind].format(
            about=one.about,
            due=shown_day(one.due_on) if one.due_on else "",
            amount=euros(one.amount_cents or 0),
        ),
    )


async def plan(
    connection: Connection,
    coordination: str,
    *,
    day: date,
    scenario: Scenario,
    share: Fraction,
    first_year: int,
    years: int,
) -> PostsPlan:
    """Return what the posts known on a day bring and cost year by year, in a scenario."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        found = await post_rows.all_posts(connection, coordination, day=day)
    return plans.plan(found, scenario=scenario, share=share, first_year=first_year, years=years)
