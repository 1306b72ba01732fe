"""Find personal data in free strings, before it is stored, sent or logged.

One detector serves the intake, the portal, the logs and the partner who wants to know before
sending. What is typed (UUID, date, code, enumeration) is validated by its type and not scanned: a
UUID without its dashes looks like a phone number 1.8 % of the time.

Source of the NIR's structure and key: INSEE, and decree 2009-1577 on the RNIPP (key 97 − n mod 97;
2A counts as 19 and 2B as 18).
"""

import re
import unicodedata
from enum import StrEnum

import msgspec

_NIR_LONG, _NIR_SHORT, _KEY_MODULUS = 15, 13, 97
_MONTHS = frozenset([*range(1, 13), *range(20, 43), *range(50, 100)])
_SEPARATORS = frozenset(" .-/_\t,;:'’|\u00b7")
_IBAN_MODULUS = 97
_EMAIL = re.compile(r"[^\s@<>\"']{1,64}@[^\s@<>\"']+\.[^\W\d_]{2,24}")
_BIRTH = re.compile(
    r"\bn[ée]{1,2}(?:\(e\)|e)?\b[^0-9]{0,12}"
    r"(\d{1,2}[ /.-](?:\d{1,2}|[^\W\d_]{3,9})[ /.-](?:\d{4}|\d{2}))\b",
    re.IGNORECASE,
)
_FILE_NUMBER = re.compile(
    r"\b(?:allocataire|dossier|matricule|s[ée]curit[ée]\s+sociale)\b[^0-9]{0,20}"
    r"((?:\d[ .-]?){6,13}[A-Z]?)",
    re.IGNORECASE,
)
_RUN = re.compile(
    r"[0-9A-Za-z+](?:[0-9A-Za-z+]|[\s./_,;:'’|·()-](?=[\s./_,;:'’|·()-]{0,2}[0-9A-Za-z+]))*"
)
_NIR_FORM = re.compile(r"(?<![0-9])[1-478][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{6}(?:[0-9]{2})?(?![0-9])")
_IBAN_FORM = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")
_PHONE_FORM = re.compile(r"(?<![0-9])(?:(?:\+|00)33\(?0?\)?|0)[1-9][0-9]{8}(?![0-9])")
_UUID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)
_TEXT_MAX = 256 * 1024


class Kind(StrEnum):
    """What was found."""

    NIR = "NIR"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    IBAN = "IBAN"
    BIRTH_DATE = "BIRTH_DATE"
    FILE_NUMBER = "FILE_NUMBER"


class Finding(msgspec.Struct, frozen=True):
    """One personal datum: its kind and where it stands in the text, in characters."""

    kind: Kind
    start: int
    end: int


def scan(text: str) -> list[Finding]:
    """Return what looks like a personal datum in `text`, by place.

    The text is read after NFKC, so full-width digits count as digits; separators inside a number
    do not hide it. Places are those of the normalised text.
    """
    assert len(text) <= _TEXT_MAX, "the caller bounds what it scans"
    if not any(c.isdigit() or c == "@" for c in text):
        return []
    plain = _UUID.sub(lambda found: " " * len(found[0]), unicodedata.normalize("NFKC", text))
    found = [Finding(Kind.EMAIL, m.start(), m.end()) for m in _EMAIL.finditer(plain)]
    found += [Finding(Kind.BIRTH_DATE, m.start(1), m.end(1)) for m in _BIRTH.finditer(plain)]
    found += [Finding(Kind.FILE_NUMBER, m.start(1), m.end(1)) for m in _FILE_NUMBER.finditer(plain)]
    for run in _RUN.finditer(plain):
        found += _numbers(run[0], run.start())
    return sorted(found, key=lambda one: (one.start, one.kind))


def _numbers(run: str, offset: int) -> list[Finding]:
    squeezed, places = [], []
    for place, char in enumerate(run):
        if char not in _SEPARATORS and not char.isspace():
            squeezed.append(char.upper())
            places.append(place + offset)
    text = "".join(squeezed)
    if sum(map(str.isdigit, text)) < 10:  # noqa: PLR2004  # The shortest, a phone, has ten.
        return []
    found = []
    for kind, form, proof in (
        (Kind.NIR, _NIR_FORM, is_nir),
        (Kind.IBAN, _IBAN_FORM, _is_iban),
        (Kind.PHONE, _PHONE_FORM, lambda _: True),
    ):
        found += [
            Finding(kind, places[match.start()], places[match.end() - 1] + 1)
            for match in form.finditer(text)
            if proof(match[0])
        ]
    return found


def is_nir(compact: str) -> bool:
    """Tell whether 13 or 15 characters have a NIR's structure and, with 15, its key."""
    if len(compact) not in {_NIR_SHORT, _NIR_LONG} or int(compact[3:5]) not in _MONTHS:
        return False
    if len(compact) == _NIR_SHORT:
        return True
    number = int(compact[:13].replace("2A", "19").replace("2B", "18"))
    return _KEY_MODULUS - number % _KEY_MODULUS == int(compact[13:])


def _is_iban(compact: str) -> bool:
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % _IBAN_MODULUS == 1
