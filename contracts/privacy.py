"""Find personal data in free strings, before it is stored, sent or logged.

One detector serves the intake, the portal, the logs and the partner who wants to know before
sending. What is typed (UUID, date, code, enumeration) is validated by its type and not scanned: a
UUID without its dashes looks like a phone number 1.8 % of the time.

Source of the NIR's structure and key: INSEE, and decree 2009-1577 on the RNIPP (key 97 − n mod 97;
2A counts as 19 and 2B as 18).
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum

import msgspec

_NIR_LONG, _NIR_SHORT, _KEY_MODULUS = 15, 13, 97
_MONTHS = frozenset([*range(1, 13), *range(20, 43), *range(50, 100)])
_SEPARATORS = frozenset(" .-/_\t,;:'’|\u00b7()")
_NIR_GAPS = frozenset({1, 3, 5, 7, 10, 13})
"""Where a NIR is parted when it is written by the book: 2 95 10 99 126 111 93."""
_PHONE_DATED = frozenset({2, 4, 8})
"""Where ten digits are parted that are a day and a number: 01/02/2026 12."""
_PHONE_PAIRS = frozenset({2, 4, 6, 8})
_IBAN_COUNTRIES = "BE16 DK18 NL18 AT20 LU20 CH21 DE22 GB22 IE22 ES24 RO24 SE24 PT25 FR27 IT27 MC27"
_IBAN_LENGTHS = {one[:2]: int(one[2:]) for one in _IBAN_COUNTRIES.split()}
"""Characters of an IBAN by country, for those seen here (IBAN registry, SWIFT)."""
_IBAN_MODULUS = 97
_EMAIL = re.compile(r"[^\s@<>\"']{1,64}@[^\s@<>\"']+\.[^\W\d_]{2,24}")
_BIRTH = re.compile(
    r"\bn(?:é(?:\(e\)|e)?|e(?:\(e\)|e)|e(?=\s+le\b))(?=\W)[^0-9]{0,12}"
    r"(\d{1,2}(?:er)?[ /.-](?:\d{1,2}|[^\W\d_]{3,9})[ /.-](?:\d{4}|\d{2}))\b",
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
_NIR_START = re.compile(r"(?=[1-478][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{6})")
_NIR_FORM = re.compile(r"[1-478][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{6}(?:[0-9]{2})?")
_IBAN_START = re.compile(rf"(?=(?:{'|'.join(_IBAN_LENGTHS)})[0-9]{{2}})")
_PHONE_START = re.compile(r"(?=((?:\+|00)330?[1-9][0-9]{8}|0[1-9][0-9]{8}))")
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
    do not hide it, nor do numbers beside it, nor invisible characters. Places are those of the
    normalised text.
    """
    assert len(text) <= _TEXT_MAX, "the caller bounds what it scans"
    plain = _plain(text)
    if not any(c.isdigit() or c == "@" for c in plain):
        return []
    plain = _UUID.sub(lambda found: " " * len(found[0]), plain)
    found = [Finding(Kind.EMAIL, m.start(), m.end()) for m in _EMAIL.finditer(plain)]
    found += [Finding(Kind.BIRTH_DATE, m.start(1), m.end(1)) for m in _BIRTH.finditer(plain)]
    found += [Finding(Kind.FILE_NUMBER, m.start(1), m.end(1)) for m in _FILE_NUMBER.finditer(plain)]
    for run in _RUN.finditer(plain):
        found += _numbers(run[0], run.start())
    return sorted(found, key=lambda one: (one.start, one.kind))


def _plain(text: str) -> str:
    """Return `text` after NFKC, its dashes as `-` and what has no width as `·`."""
    normal = unicodedata.normalize("NFKC", text)
    if normal.isascii():
        return normal
    marks = {"Pd": "-", "Cf": "·"}
    return "".join(
        "-" if char == "\u2212" else marks.get(unicodedata.category(char), char) for char in normal
    )


class _Squeezed(msgspec.Struct, frozen=True):
    """A run of letters and digits without its separators: `parted` holds where they stood."""

    text: str
    places: list[int]
    parted: frozenset[int]

    def is_open(self, at: int) -> bool:
        """Tell whether a number may begin or end at `at`: no digit goes on across it."""
        return at in self.parted or self.is_edge(at)

    def is_edge(self, at: int) -> bool:
        """Tell whether no digit stands on one of the two sides of `at`."""
        text = self.text
        return not 0 < at < len(text) or not (text[at - 1].isdigit() and text[at].isdigit())

    def gaps(self, start: int, end: int) -> frozenset[int]:
        """Return where the characters from `start` to `end` are parted, from `start`."""
        return frozenset(at - start for at in range(start + 1, end) if at in self.parted)

    def finding(self, kind: Kind, start: int, end: int) -> Finding:
        """Return the datum that stands from `start` to `end`."""
        return Finding(kind, self.places[start], self.places[end - 1] + 1)


def _numbers(run: str, offset: int) -> list[Finding]:
    if sum(map(str.isdigit, run)) < 10:  # noqa: PLR2004  # The shortest, a phone, has ten.
        return []
    chars: list[str] = []
    places: list[int] = []
    parted: set[int] = set()
    for place, char in enumerate(run):
        if char in _SEPARATORS or char.isspace():
            parted.add(len(chars))
        else:
            chars.append(char.upper())
            places.append(place + offset)
    squeezed = _Squeezed("".join(chars), places, frozenset(parted))
    return [*_nirs(squeezed), *_ibans(squeezed), *_phones(squeezed)]


def _nirs(squeezed: _Squeezed) -> Iterator[Finding]:
    for start in (match.start() for match in _NIR_START.finditer(squeezed.text)):
        for length in (_NIR_LONG, _NIR_SHORT):
            end = start + length
            if end > len(squeezed.text) or not (squeezed.is_open(start) and squeezed.is_open(end)):
                continue
            # Beside other numbers, only what is parted by the book is one number and not several.
            alone = squeezed.is_edge(start) and squeezed.is_edge(end)
            if not alone and not squeezed.gaps(start, end) <= _NIR_GAPS:
                continue
            found = squeezed.text[start:end]
            if _NIR_FORM.fullmatch(found) and is_nir(found):
                yield squeezed.finding(Kind.NIR, start, end)
                break


def _ibans(squeezed: _Squeezed) -> Iterator[Finding]:
    for start in (match.start() for match in _IBAN_START.finditer(squeezed.text)):
        end = start + _IBAN_LENGTHS[squeezed.text[start : start + 2]]
        found = squeezed.text[start:end]
        if found.isalnum() and start + len(found) == end and _is_iban(found):
            yield squeezed.finding(Kind.IBAN, start, end)


def _phones(squeezed: _Squeezed) -> Iterator[Finding]:
    for match in _PHONE_START.finditer(squeezed.text):
        start, end = match.start(1), match.end(1)
        gaps = squeezed.gaps(start, end)
        if squeezed.is_edge(start) and squeezed.is_edge(end):
            if gaps != _PHONE_DATED:
                yield squeezed.finding(Kind.PHONE, start, end)
        elif squeezed.is_open(start) and squeezed.is_open(end):
            # A list of two-figure numbers is no phone: what stands beside it is parted in pairs.
            around = (at for at in (start - 2, end + 2) if 0 <= at <= len(squeezed.text))
            beside = any(map(squeezed.is_open, around))
            if not gaps or (gaps == _PHONE_PAIRS and not beside):
                yield squeezed.finding(Kind.PHONE, start, end)


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
