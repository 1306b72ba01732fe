"""Grants as funders publish them, in the legal open-data format or close to it.

Source of the columns: SCDL Subventions (decree 2017-779 and order of 17 November 2017).
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import date

import msgspec

from services.funding.model.cells import E_DATE, E_FIELD, E_MISSING, Cells, Fault, plain

OTHER_NAMES = {
    "objet": ("object",),
    "dispositifAide": ("dispositif",),
}
COLUMNS = ("nomAttribuant", "nomBeneficiaire", "montant")
"""Without these a file holds no grants."""
IN_CASH, IN_KIND = "aide en numéraire", "aide en nature"
_NATURES = {
    plain(told): meant
    for told, meant in (
        (IN_CASH, IN_CASH),
        ("en numéraire", IN_CASH),
        ("numéraire", IN_CASH),
        (IN_KIND, IN_KIND),
        ("en nature", IN_KIND),
        (f"{IN_CASH};{IN_KIND}", f"{IN_CASH};{IN_KIND}"),
        (f"{IN_KIND};{IN_CASH}", f"{IN_CASH};{IN_KIND}"),
    )
}
_TERMS = {
    "unique": "unique",
    "versementunique": "unique",
    "echelonne": "échelonné",
}
_RNA = re.compile(r"W\d{9}")
_DAY = r"\d{4}-\d{2}-\d{2}"
_PERIOD = re.compile(rf"({_DAY})(?: ?([/_]) ?({_DAY}))?")
_SHARE = re.compile(r"0?\.\d+|0|1(?:\.0+)?")
_SPLIT_CENTS = re.compile(r"\d{1,3}(?:[\s\u00a0\u202f]\d{3})*")
TEXT_MAX = 256
KEY_DIGITS = 32


class Grant(msgspec.Struct, frozen=True):
    """What one funder gave one body, as published; `grant_key` is the digest of the rest."""

    grant_key: str
    funder_name: str
    funder_siret: str
    beneficiary_name: str
    beneficiary_siret: str | None
    beneficiary_rna: str | None
    agreed_on: date
    reference: str | None
    object: str
    amount_cents: int
    nature: str
    terms: str
    period: str | None
    scheme: str | None


class GrantRow(msgspec.Struct, frozen=True):
    """Columns of a grant that was kept: it is the `nth` of those that say the same."""

    grant_key: str
    nth: int
    funder_name: str
    funder_siret: str
    beneficiary_name: str
    beneficiary_siret: str | None
    beneficiary_rna: str | None
    agreed_on: date
    reference: str | None
    object: str
    amount_cents: int
    nature: str
    terms: str
    period: str | None
    scheme: str | None


def mend_split_amount(values: Mapping[str, str], surplus: list[str]) -> dict[str, str] | None:
    """Put together an amount whose decimal comma was taken for a separator, or return None.

    It is certain only when one cell too many came, the amount is a whole number, the next cell is
    two digits, and the one after, once put back, is a known nature.
    """
    if len(surplus) != 1 or not has_split_amount(values):
        return None
    headers = list(values)
    cells = [*values.values(), *surplus]
    at = _place_of_amount(values)
    cells[at : at + 2] = [f"{cells[at]},{cells[at + 1]}"]
    found = dict(zip(headers, cells, strict=True))
    nature = next((told for header, told in found.items() if plain(header) == "nature"), "")
    return found if plain(nature) in _NATURES else None


def has_split_amount(values: Mapping[str, str]) -> bool:
    """Tell whether the amount's cell holds whole euros and the next one two digits alone."""
    cells, at = list(values.values()), _place_of_amount(values)
    return (
        0 <= at < len(cells) - 1
        and _SPLIT_CENTS.fullmatch(cells[at]) is not None
        and re.fullmatch(r"\d\d", cells[at + 1]) is not None
    )


def _place_of_amount(values: Mapping[str, str]) -> int:
    return next((at for at, header in enumerate(values) if plain(header) == "montant"), -1)


def read(values: Mapping[str, str]) -> tuple[Grant | None, list[Fault], list[Fault]]:
    """Return the grant of a row, or why there is none, and what was mended in it."""
    cells = Cells(values, other_names=OTHER_NAMES)
    funder_name = cells.text("nomAttribuant", most=TEXT_MAX)
    funder_siret = cells.siret("idAttribuant")
    agreed_on = cells.day("dateConvention")
    reference = cells.text("referenceDecision", most=TEXT_MAX, needed=False)
    name = cells.text("nomBeneficiaire", most=TEXT_MAX)
    siret, rna = _beneficiary(cells)
    subject = cells.text("objet", most=TEXT_MAX)
    cents = cells.cents("montant")
    nature = cells.choice("nature", _NATURES, expected=f"« {IN_CASH} » ou « {IN_KIND} »")
    terms = _terms(cells)
    period = _period(cells)
    scheme = cells.text("dispositifAide", most=TEXT_MAX, needed=False)
    _share(cells)
    if cells.faults:
        return None, cells.faults, cells.warnings
    told = (
        funder_name,
        funder_siret,
        name,
        siret,
        rna,
        agreed_on,
        reference,
        subject,
        cents,
        nature,
        terms,
        period,
        scheme,
    )
    key = hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:KEY_DIGITS]
    grant = Grant(key, *told)  # type: ignore[arg-type]  # A row without fault has what it needs.
    return grant, [], cells.warnings


def _beneficiary(cells: Cells) -> tuple[str | None, str | None]:
    """Return SIRET and RNA number of who receives; one of the two is needed."""
    rna = cells.raw("rnaBeneficiaire")
    if rna and not _RNA.fullmatch(rna):
        cells.fault(
            "rnaBeneficiaire", E_FIELD, f"« {rna} » n'est pas un numéro RNA : W et neuf chiffres."
        )
    siret = cells.siret("idBeneficiaire", needed=not rna)
    return siret, rna or None


def _share(cells: Cells) -> None:
    """Warn of a share that is not between 0 and 1; the amount is the grant's own all the same."""
    typed = cells.raw("pourcentageSubvention")
    if typed and not _SHARE.fullmatch(typed):
        cells.warn(
            "pourcentageSubvention", E_FIELD, f"« {typed} » : un nombre de 0 à 1 est attendu."
        )


def _terms(cells: Cells) -> str:
    """Return how the grant is paid: at once, by instalments, or in its own words."""
    typed = cells.text("conditionsVersement", most=TEXT_MAX, needed=False)
    return _TERMS.get(plain(typed or ""), typed or "")


def _period(cells: Cells) -> str | None:
    """Return the day or the days of payment as the format writes them; None with a warning."""
    column = "datesPeriodeVersement"
    typed = cells.raw(column)
    if not typed:
        cells.warn(column, E_MISSING, "La période de versement manque ; elle reste vide.")
        return None
    found = _PERIOD.fullmatch(typed)
    if found is None:
        cells.warn(
            column,
            E_DATE,
            f"« {typed} » n'est pas AAAA-MM-JJ ou AAAA-MM-JJ/AAAA-MM-JJ ; la période reste vide.",
        )
        return None
    if found[2] == "_":
        cells.warn(column, E_DATE, f"« {typed} » : « / » est attendu entre les deux jours.")
    return f"{found[1]}/{found[3]}" if found[3] else found[1]
