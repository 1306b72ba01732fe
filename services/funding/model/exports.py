"""What each export says of its rows: columns, and one row of cells from one row of the store."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import msgspec

from contracts.http.funding import Custody
from services.funding.model.grants import IN_CASH, IN_KIND, TEXT_MAX, GrantRow
from services.funding.model.sheets import Cell, Column, Holds

_CUSTODIES = {
    Custody.POOLED: "fonds commun",
    Custody.HOST_BUDGET: "budget de l'hôte",
    Custody.DIRECT: "versé en direct",
    Custody.UNDER_MANDATE: "opération sous mandat",
    Custody.IN_KIND: "en nature",
}


class Committed(msgspec.Struct, frozen=True):
    """A commitment that was signed: who gives, who receives, for what, by which decision."""

    block: int
    n: int
    id: UUID
    funder_name: str
    funder_siret: str | None
    payee: str
    payee_name: str
    payee_siret: str | None
    payee_rna: str | None
    action: str
    title: str | None
    fund_name: str
    custody: str
    cents: int
    agreed_on: date
    valid_until: date
    reference: str | None
    decided_on: date | None
    services: int
    served_cents: int


class Remainder(msgspec.Struct, frozen=True):
    """What is committed to a payee for an action and not certified as done."""

    fund: str
    fund_name: str
    funder_name: str
    action: str
    title: str | None
    payee: str
    payee_name: str
    cents: int


class Claimable(msgspec.Struct, frozen=True):
    """What a fund agreed, and what its funder has handed over."""

    fund: str
    name: str
    funder_name: str
    custody: str
    mode: str
    valid_until: date
    agreed_cents: int
    handed_cents: int
    served_cents: int


SCDL = [
    Column("idSubvention"),
    Column("nomAttribuant"),
    Column("idAttribuant"),
    Column("nomServiceInstructeur"),
    Column("idServiceInstructeur"),
    Column("nomBeneficiaire"),
    Column("idBeneficiaire"),
    Column("rnaBeneficiaire"),
    Column("exerciceBudgetaire", Holds.WHOLE),
    Column("pluriannualite"),
    Column("anneesPluriannualite"),
    Column("dateDecision", Holds.DAY),
    Column("dateConvention", Holds.DAY),
    Column("referenceDecision"),
    Column("dateCreation", Holds.DAY),
    Column("dateDebut", Holds.DAY),
    Column("dateFin", Holds.DAY),
    Column("dispositif"),
    Column("sousDispositif"),
    Column("statutLabel"),
    Column("objet"),
    Column("nature"),
    Column("montantDemande", Holds.EUROS),
    Column("montant", Holds.EUROS),
    Column("nomOutilInstruction"),
    Column("nomOutilVersement"),
    Column("ej"),
    Column("cléVersement"),
    Column("conditionsVersement"),
    Column("descriptionConditionsVersement"),
    Column("datesPeriodeVersement"),
    Column("cofinancement"),
    Column("attribuantsCofinanceurs"),
    Column("idCofinancement"),
    Column("idRAE"),
    Column("notificationUE"),
    Column("pourcentageSubvention"),
    Column("evaluationCout", Holds.EUROS),
    Column("evaluation"),
    Column("dateMiseAJour", Holds.DAY),
]
"""Every field of the published schema, in its order. Source: SCDL Subventions, schema 2.1.1."""


def scdl_lacks(row: Committed) -> list[str]:
    """Return what must be written before a commitment can be published."""
    lacks = [] if row.funder_siret else ["le SIRET du financeur"]
    if not (row.payee_siret or row.payee_rna):
        lacks.append("le SIRET ou le numéro RNA du bénéficiaire")
    if row.cents <= 0:
        lacks.append("un montant : l'engagement est entièrement repris")
    return lacks


def scdl_row(row: Committed, *, today: date) -> list[Cell]:
    """Return a commitment as the published schema writes it; `scdl_lacks` finds nothing in it."""
    at_once = row.services == 1 and row.served_cents == row.cents
    last = max(row.agreed_on, row.valid_until)
    years = range(row.agreed_on.year, last.year + 1)
    told: dict[str, Cell] = {
        "idSubvention": str(row.id),
        "nomAttribuant": row.funder_name,
        "idAttribuant": row.funder_siret,
        "nomServiceInstructeur": row.funder_name,
        "idServiceInstructeur": row.funder_siret,
        "nomBeneficiaire": row.payee_name,
        "idBeneficiaire": row.payee_siret,
        "rnaBeneficiaire": row.payee_rna,
        "exerciceBudgetaire": row.agreed_on.year,
        "pluriannualite": "oui" if len(years) > 1 else "non",
        "anneesPluriannualite": " - ".join(map(str, years)) if len(years) > 1 else None,
        "dateDecision": row.decided_on,
        "dateConvention": row.agreed_on,
        "referenceDecision": row.reference,
        "dateDebut": row.agreed_on,
        "dateFin": last,
        "dispositif": row.fund_name,
        "statutLabel": "attribuée",
        "objet": (row.title or row.action)[:TEXT_MAX],
        "nature": IN_KIND if row.custody == Custody.IN_KIND else IN_CASH,
        "montant": row.cents,
        "conditionsVersement": "unique" if at_once else "échelonné",
        "descriptionConditionsVersement": "Versement sur service fait certifié.",
        "datesPeriodeVersement": f"{row.agreed_on}/{last}",
        "notificationUE": "non",
        "pourcentageSubvention": "1",
        "dateMiseAJour": today,
    }
    return [told.get(column.title) for column in SCDL]


LACKING = [
    Column("engagement"),
    Column("financeur"),
    Column("beneficiaire"),
    Column("objet"),
    Column("montant", Holds.EUROS),
    Column("manque"),
]


def lacking_row(row: Committed) -> list[Cell]:
    """Return a commitment that cannot be published, and what it lacks."""
    return [
        str(row.id),
        row.funder_name,
        row.payee_name,
        row.title or row.action,
        row.cents,
        ", ".join(scdl_lacks(row)),
    ]


REMAINDERS = [
    Column("fonds"),
    Column("nom du fonds"),
    Column("financeur"),
    Column("action"),
    Column("intitulé"),
    Column("bénéficiaire"),
    Column("nom du bénéficiaire"),
    Column("reste à réaliser", Holds.EUROS),
]


def remainder_row(row: Remainder) -> list[Cell]:
    """Return what is left to do of a commitment."""
    return list(msgspec.structs.astuple(row))


CLAIMS = [
    Column("fonds"),
    Column("nom du fonds"),
    Column("financeur"),
    Column("maniement"),
    Column("mode"),
    Column("fin de validité", Holds.DAY),
    Column("conventionné", Holds.EUROS),
    Column("remis par le financeur", Holds.EUROS),
    Column("service fait", Holds.EUROS),
    Column("solde à demander", Holds.EUROS),
]


def claim_row(row: Claimable) -> list[Cell]:
    """Return what is left to ask a funder for; a fund paid back asks for what is done only."""
    asked_for = row.served_cents if row.mode == "reimbursement" else row.agreed_cents
    return [
        row.fund,
        row.name,
        row.funder_name,
        _CUSTODIES[Custody(row.custody)],
        "remboursement" if row.mode == "reimbursement" else "avance",
        row.valid_until,
        row.agreed_cents,
        row.handed_cents,
        row.served_cents,
        max(0, asked_for - row.handed_cents),
    ]


PUBLISHED = [
    Column("nomAttribuant"),
    Column("idAttribuant"),
    Column("dateConvention", Holds.DAY),
    Column("referenceDecision"),
    Column("nomBeneficiaire"),
    Column("idBeneficiaire"),
    Column("rnaBeneficiaire"),
    Column("objet"),
    Column("montant", Holds.EUROS),
    Column("nature"),
    Column("conditionsVersement"),
    Column("datesPeriodeVersement"),
    Column("dispositif"),
]


def published_row(row: GrantRow) -> list[Cell]:
    """Return a published grant as it was taken."""
    return [
        row.funder_name,
        row.funder_siret,
        row.agreed_on,
        row.reference,
        row.beneficiary_name,
        row.beneficiary_siret,
        row.beneficiary_rna,
        row.object,
        row.amount_cents,
        row.nature,
        row.terms,
        row.period,
        row.scheme,
    ]


ALERT_DAYS = (180, 90, 30)
"""How long before the end of a fund its holder is told."""
REPORT_DUE = (6, 30)
"""Month and day of the year after by which a financial report is due."""


class Deadline(msgspec.Struct, frozen=True):
    """A day by which something must be done; `key` tells it from any other."""

    key: str
    on: date
    title: str
    detail: str


class Ending(msgspec.Struct, frozen=True):
    """A fund or an agreement that ends."""

    fund: str
    name: str
    funder_name: str
    valid_until: date
    agreements: int


class Terms(msgspec.Struct, frozen=True):
    """An agreement with an end or a report due on days of its own."""

    agreement: str
    name: str
    funder_name: str
    ends_on: date | None
    report_due_on: date | None


class PostEnding(msgspec.Struct, frozen=True):
    """An adviser post whose programme ends; one that was returned has no end to keep."""

    post: str
    programme: str
    host_name: str
    ends_on: date


def deadlines(
    funds: Sequence[Ending], agreements: Sequence[Terms] = (), posts: Sequence[PostEnding] = ()
) -> list[Deadline]:
    """Return the days to keep: ends of funds, agreements and posts, financial reports due."""
    found = [
        Deadline(
            f"post-{one.post}",
            one.ends_on,
            f"Fin du financement du poste « {one.post} »",
            f"Programme {one.programme}, accueilli par {one.host_name}.",
        )
        for one in posts
    ]
    for agreement in agreements:
        to = f"Convention « {agreement.name} » avec {agreement.funder_name}."
        if agreement.ends_on:
            key = f"agreement-{agreement.agreement}"
            title = f"Fin de la convention « {agreement.name} »"
            found.append(Deadline(key, agreement.ends_on, title, to))
        if agreement.report_due_on:
            key = f"agreement-report-{agreement.agreement}"
            title = f"Compte rendu financier dû : convention « {agreement.name} »"
            found.append(Deadline(key, agreement.report_due_on, title, to))
    for fund in funds:
        found.append(
            Deadline(
                f"end-{fund.fund}",
                fund.valid_until,
                f"Fin du fonds « {fund.name} »",
                f"Dernier jour où {fund.funder_name} accepte attributions et engagements.",
            )
        )
        if fund.agreements:
            due = date(fund.valid_until.year + 1, *REPORT_DUE)
            found.append(
                Deadline(
                    f"report-{fund.fund}",
                    due,
                    f"Compte rendu financier dû : « {fund.name} »",
                    f"À remettre à {fund.funder_name} dans les six mois de la fin de l'exercice.",
                )
            )
    return sorted(found, key=lambda one: (one.on, one.key))


def warned_on(deadline: Deadline) -> list[date]:
    """Return the days a holder is told ahead."""
    return [deadline.on - timedelta(days=days) for days in ALERT_DAYS]
