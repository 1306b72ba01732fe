"""The financial report of an agreement, under the headings that the order asks for.

What the ledger knows is filled in; what only the body's own accounts know is left to it, said so.

Source: order of 11 October 2006 on the financial report of law 2000-321, article 10: articles 3
(headings of the table) and 4 (annexes).
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import msgspec

from contracts.http.funding import Custody
from services.funding.errors import day
from services.funding.errors import euros as french_euros
from services.funding.model.sheets import Cell, Column, Holds

DIRECT = "I – Charges directes affectées à la réalisation de l'action subventionnée"
BOUGHT = "Achats de biens et services"
STAFF = "Charges de personnel"
FINANCIAL = "Charges financières (s'il y a lieu)"
TO_COME = "Engagements à réaliser sur ressources affectées"
INDIRECT = "II – Charges indirectes : part des frais de fonctionnement généraux"
RESOURCES = "I – Ressources directes affectées à l'action subventionnée"
VOLUNTARY = "Contributions volontaires en nature"
BY_THE_BODY = "à compléter par l'organisme"
_TO_WRITE = BY_THE_BODY.capitalize()


class Convention(msgspec.Struct, frozen=True):
    """An agreement with its fund, its funder and its action."""

    agreement: str
    reference: str | None
    signed_on: date
    amount_cents: int
    fund: str
    fund_name: str
    custody: str
    valid_from: date
    valid_until: date
    funder_name: str
    action: str | None
    title: str | None
    budget_cents: int
    agreed_cents: int


class Charge(msgspec.Struct, frozen=True):
    """What a fund committed to one payee, and what was certified as done."""

    payee: str
    payee_name: str
    committed_cents: int
    done_cents: int


class Source(msgspec.Struct, frozen=True):
    """What one fund agreed for the action, and what of it was certified as done."""

    fund: str
    fund_name: str
    funder_name: str
    legal_nature: str
    custody: str
    agreed_cents: int
    done_cents: int


class Entry(msgspec.Struct, frozen=True):
    """A line of the table; amounts are unknown where the body itself must tell them."""

    side: str
    heading: str
    label: str
    planned_cents: int | None
    done_cents: int | None

    @property
    def gap_cents(self) -> int | None:
        """How far what was done is from what was planned."""
        if self.planned_cents is None or self.done_cents is None:
            return None
        return self.done_cents - self.planned_cents

    @property
    def rate(self) -> str | None:
        """What was done of what was planned, in percent to one decimal, half up."""
        if not self.planned_cents or self.done_cents is None:
            return None
        tenths = Fraction(self.done_cents * 1000, self.planned_cents)
        whole, tenth = divmod(int(tenths + Fraction(1, 2)), 10)
        return f"{whole},{tenth}"


COLUMNS = [
    Column("convention"),
    Column("partie"),
    Column("rubrique"),
    Column("ligne"),
    Column("prévision", Holds.EUROS),
    Column("réalisation", Holds.EUROS),
    Column("écart", Holds.EUROS),
    Column("réalisation en % de la prévision"),
]


def entries(
    convention: Convention, charges: Sequence[Charge], sources: Sequence[Source]
) -> list[Entry]:
    """Return the table of charges and resources, each side with its total."""
    spent = [
        Entry(
            "CHARGES", DIRECT, f"{BOUGHT} : {one.payee_name}", one.committed_cents, one.done_cents
        )
        for one in charges
    ]
    committed = sum(one.committed_cents for one in charges)
    done = sum(one.done_cents for one in charges)
    others = [one for one in sources if one.custody != Custody.IN_KIND]
    brought = [
        Entry(
            "PRODUITS",
            RESOURCES,
            f"Subvention : {one.funder_name} ({one.fund_name})",
            one.agreed_cents,
            one.done_cents,
        )
        for one in others
    ] or [
        Entry(
            "PRODUITS",
            RESOURCES,
            f"Subvention : {convention.funder_name} ({convention.fund_name})",
            convention.agreed_cents,
            done,
        )
    ]
    return [
        *spent,
        *(
            Entry("CHARGES", DIRECT, f"{one} ({BY_THE_BODY})", None, None)
            for one in (STAFF, FINANCIAL)
        ),
        Entry("CHARGES", DIRECT, TO_COME, 0, committed - done),
        Entry("CHARGES", INDIRECT, BY_THE_BODY, None, None),
        Entry("CHARGES", "Total des charges suivies ici", "", committed, done),
        *brought,
        Entry(
            "PRODUITS",
            "Total des ressources suivies ici",
            "",
            sum(one.planned_cents or 0 for one in brought),
            sum(one.done_cents or 0 for one in brought),
        ),
        *_in_kind(sources),
    ]


def _in_kind(sources: Sequence[Source]) -> list[Entry]:
    """Return what is given in kind, apart from money; the body completes it where none is known."""
    return [
        Entry(
            "CONTRIBUTIONS",
            VOLUNTARY,
            f"{one.funder_name} ({one.fund_name})",
            one.agreed_cents,
            one.done_cents,
        )
        for one in sources
        if one.custody == Custody.IN_KIND
    ] or [Entry("CONTRIBUTIONS", VOLUNTARY, BY_THE_BODY, None, None)]


def row(convention: Convention, entry: Entry) -> list[Cell]:
    """Return a line of the table as cells."""
    return [
        convention.agreement,
        entry.side,
        entry.heading,
        entry.label,
        entry.planned_cents,
        entry.done_cents,
        entry.gap_cents,
        entry.rate,
    ]


def text(convention: Convention, table: Sequence[Entry], *, on: date) -> str:
    """Return the whole report in Markdown, its annexes open to be written."""
    subject = convention.title or convention.action or convention.fund_name
    unspent = convention.agreed_cents - _done_by(convention, table)
    lines = [
        "# Compte rendu financier de subvention",
        "",
        (
            "Arrêté du 11 octobre 2006, article 10 de la loi n° 2000-321 du 12 avril 2000. "
            "À remettre dans les six mois de la fin de l'exercice."
        ),
        "",
        (
            f"- Convention : {_plain(convention.reference or convention.agreement)}, signée le "
            f"{day(convention.signed_on)}"
        ),
        f"- Attribuant : {_plain(convention.funder_name)} ({_plain(convention.fund_name)})",
        f"- Action subventionnée : {_plain(subject)}",
        f"- Période : du {day(convention.valid_from)} au {day(convention.valid_until)}",
        f"- Montant conventionné : {french_euros(convention.agreed_cents)}",
        f"- État au : {day(on)}",
        "",
        "## 1. Bilan qualitatif de l'action",
        "",
        (
            f"_{_TO_WRITE} : nature des activités entreprises et résultats obtenus au "
            "regard des objectifs initiaux du projet._"
        ),
        "",
        "## 2. Tableau de données chiffrées",
        "",
        "| Rubrique | Ligne | Prévision | Réalisation | Écart | % |",
        "|---|---|---:|---:|---:|---:|",
        *(_table_line(entry) for entry in table),
        "",
        f"Part de la subvention non utilisée à ce jour : **{french_euros(unspent)}**.",
        "",
        "## 3. Annexe explicative du tableau",
        "",
        (
            f"_{_TO_WRITE} : règles de répartition des charges indirectes ; explication "
            "des écarts significatifs entre le budget prévisionnel et la réalisation ; "
            "contributions volontaires en nature._"
        ),
        "",
    ]
    return "\n".join(lines)


def _done_by(convention: Convention, table: Sequence[Entry]) -> int:
    """Return what this agreement's own fund was certified to have done."""
    name = f"({convention.fund_name})"
    return sum(
        entry.done_cents or 0
        for entry in table
        if entry.heading in {RESOURCES, VOLUNTARY} and entry.label.endswith(name)
    )


def _table_line(entry: Entry) -> str:
    def shown(cents: int | None) -> str:
        return "" if cents is None else french_euros(cents)

    cells = [
        _plain(entry.heading),
        _plain(entry.label),
        shown(entry.planned_cents),
        shown(entry.done_cents),
        shown(entry.gap_cents),
        entry.rate or "",
    ]
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is written."""
    return "".join(f"\\{one}" if one in r"\`*_{}[]<>#|!" else one for one in text)
