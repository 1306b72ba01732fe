"""The cells of a row somebody typed: what is meant where it is certain, and why not otherwise.

A repair that cannot be wrong is made and told as a warning; anything else is a fault, so that no
amount and no body is ever guessed.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec

from contracts import privacy
from contracts.siret import SIRET_DIGITS, is_siret

E_FIELD, E_MISSING, E_SIRET, E_DATE, E_AMOUNT = (
    "E_FIELD",
    "E_MISSING",
    "E_SIRET",
    "E_DATE",
    "E_AMOUNT",
)
CENTS_MAX = 10**13
YEARS = range(1990, 2100)
_SPACES = re.compile(r"[\s\x00-\x1f\x7f\u00a0\u202f\u2009]+")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_FLOAT = re.compile(r"(\d+)[.,]0+")
_AMOUNT = re.compile(r"(\d+)(?:[.,](\d{1,2}))?")
_FRENCH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_R_ESCAPE = re.compile(r"<([0-9a-f]{2})>")


class Fault(msgspec.Struct, frozen=True):
    """What is wrong, or was mended, in one cell."""

    column: str
    code: str
    detail: str


def plain(header: str) -> str:
    """Return a header without case, accents, spaces and punctuation, as headers are compared."""
    parted = unicodedata.normalize("NFKD", header).casefold()
    return "".join(one for one in parted if one.isalnum())


def mended(text: str) -> str:
    """Return a text as its author wrote it: UTF-8 read as Latin, or R's `<e9>`, put right."""
    found = _R_ESCAPE.sub(lambda one: bytes.fromhex(one[1]).decode("cp1252", "replace"), text)
    if "Ã" in found or "Â" in found:
        try:
            found = found.encode("cp1252").decode("utf-8")
        except UnicodeError:
            return found
    return found


class Cells:
    """One row, asked cell by cell; `faults` and `warnings` hold what was found on the way."""

    def __init__(
        self, values: Mapping[str, str], *, other_names: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Take a row by its headers, and the other headers that a column is known by."""
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        self._values = {plain(header): value for header, value in values.items() if header}
        self._others = other_names or {}

    def raw(self, column: str) -> str:
        """Return a cell trimmed and its letters mended, empty where there is none."""
        for name in (column, *self._others.get(column, ())):
            found = self._values.get(plain(name))
            if found is not None:
                return _SPACES.sub(" ", mended(found)).strip()
        return ""

    def fault(self, column: str, code: str, detail: str) -> None:
        """Note what makes the row unusable."""
        self.faults.append(Fault(column, code, detail))

    def warn(self, column: str, code: str, detail: str) -> None:
        """Note what was mended or left out, the row being used."""
        self.warnings.append(Fault(column, code, detail))

    def text(self, column: str, *, most: int = 256, needed: bool = True) -> str | None:
        """Return a text of one line without personal data; cut to `most` with a warning."""
        found = self.raw(column)
        if not found:
            if needed:
                self.fault(column, E_MISSING, f"La colonne « {column} » est vide ; remplissez-la.")
            return None
        if privacy.scan(found):
            self.fault(column, E_FIELD, "Une donnée personnelle s'y trouve ; retirez-la.")
            return None
        if len(found) > most:
            self.warn(column, E_FIELD, f"Le texte dépasse {most} caractères ; il est coupé.")
            return found[:most].rstrip()
        return found

    def siret(self, column: str, *, needed: bool = True, strict: bool = True) -> str | None:
        """Return a SIRET.

        One that is not readable is a fault where `strict`, otherwise a warning and no SIRET. Wrong
        keys are a doubt: kept with a warning where `strict`, left out otherwise, for a number
        filled by dragging a cell names another body.
        """
        tell = self.fault if strict else self.warn
        typed = self.raw(column)
        if not typed or typed.casefold() in {"null", "na", "nc"}:
            if needed:
                tell(column, E_MISSING, "Le SIRET manque ; ajoutez-le.")
            return None
        if _SCIENTIFIC.fullmatch(typed):
            tell(
                column,
                E_SIRET,
                f"« {typed} » : un tableur a détruit ce SIRET ; reprenez-le de la source.",
            )
            return None
        digits = re.sub(r"[ '’.-]", "", _FLOAT.sub(r"\1", typed))
        if len(digits) == SIRET_DIGITS - 1 and is_siret(f"0{digits}"):
            self.warn(column, E_SIRET, f"« {typed} » a perdu son premier zéro ; il est remis.")
            digits = f"0{digits}"
        elif _FLOAT.fullmatch(typed):
            self.warn(column, E_SIRET, f"« {typed} » est écrit en nombre ; il est lu « {digits} ».")
        if not re.fullmatch(r"[0-9]{14}", digits):
            tell(column, E_SIRET, f"« {typed} » n'est pas un SIRET de 14 chiffres ; corrigez-le.")
            return None
        if not is_siret(digits):
            kept = "il est gardé, à vérifier" if strict else "il est omis"
            self.warn(column, E_SIRET, f"« {typed} » : la clé de ce SIRET est fausse ; {kept}.")
            return digits if strict else None
        return digits

    def cents(self, column: str) -> int | None:
        """Return an amount in cents, more than zero; both decimal signs, spaces by thousands."""
        typed = self.raw(column)
        if not typed:
            self.fault(column, E_MISSING, "Le montant manque ; ajoutez-le.")
            return None
        found = _AMOUNT.fullmatch(_SPACES.sub("", typed).removesuffix("€"))
        if found is None:
            self.fault(
                column, E_AMOUNT, f"« {typed} » n'est pas un montant en euros ; écrivez 1234.56."
            )
            return None
        if "," in typed:
            self.warn(column, E_AMOUNT, f"« {typed} » porte une virgule ; le point est attendu.")
        amount = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
        if not 0 < amount <= CENTS_MAX:
            self.fault(column, E_AMOUNT, f"« {typed} » : un montant positif est attendu.")
            return None
        return amount

    def day(self, column: str, *, needed: bool = True) -> date | None:
        """Return a day written `2026-12-31`, or `31/12/2026` with a warning."""
        typed = self.raw(column)
        if not typed:
            if needed:
                self.fault(column, E_MISSING, "La date manque ; écrivez-la AAAA-MM-JJ.")
            return None
        found = _day(typed)
        if found is None:
            self.fault(column, E_DATE, f"« {typed} » n'est pas une date ; écrivez AAAA-MM-JJ.")
        elif _FRENCH_DAY.fullmatch(typed):
            self.warn(column, E_DATE, f"« {typed} » est lue {found} ; AAAA-MM-JJ est attendu.")
        return found

    def choice(self, column: str, known: Mapping[str, str], *, expected: str) -> str | None:
        """Return the meaning of a value among `known`, whose keys are plain."""
        typed = self.raw(column)
        found = known.get(plain(typed))
        if found is None:
            code = E_FIELD if typed else E_MISSING
            self.fault(column, code, f"« {typed} » n'est pas admis ; écrivez {expected}.")
        return found

    def whole(self, column: str) -> int | None:
        """Return a whole number of one or more, also where a spreadsheet wrote `3.0`."""
        typed = self.raw(column)
        digits = _FLOAT.sub(r"\1", _SPACES.sub("", typed))
        if not re.fullmatch(r"[0-9]{1,9}", digits) or int(digits) == 0:
            self.fault(
                column, E_FIELD, f"« {typed} » : un nombre entier de un ou plus est attendu."
            )
            return None
        return int(digits)


def _day(typed: str) -> date | None:
    french = _FRENCH_DAY.fullmatch(typed)
    try:
        if french:
            found = date(int(french[3]), int(french[2]), int(french[1]))
        else:
            found = datetime.strptime(typed, "%Y-%m-%d").date()  # noqa: DTZ007  # A day, no hour.
    except ValueError:
        return None
    return found if found.year in YEARS else None
