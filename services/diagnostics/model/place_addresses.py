"""Addresses as producers write them: the street, the postal code and the commune told apart."""

import re

import msgspec

_POSTAL = re.compile(r"(?<!\d)(\d{5})(?!\d)")
_FLOAT = re.compile(r"\.0+$")
_GONE = re.compile(r"^(?:null|none|0)\s+(?=\D)", re.IGNORECASE)
_CP1252 = "\x92"
"""An apostrophe that was read in the wrong encoding."""
_STREET = re.compile(r"[^\W\d_]{2}.*\s|\d.*[^\W\d_]{3}|^[^\W\d_]{6,}")


class Parted(msgspec.Struct, frozen=True):
    """An address told apart."""

    street: str
    postal_code: str
    commune: str


def parted(address: str, postal_code: str = "", commune: str = "") -> Parted:
    """Return an address told apart; what its columns leave empty is looked for in the street."""
    street = _GONE.sub("", " ".join(address.replace(_CP1252, "'").split()))
    code = _FLOAT.sub("", postal_code.strip())
    code = f"0{code}" if re.fullmatch(r"[1-9]\d{3}", code) else code
    town = " ".join(commune.split())
    found = _POSTAL.search(street)
    if found:
        before = street[: found.start()].rstrip(" ,-–")
        behind = street[found.end() :].strip(" ,-–").split(",")[0].strip()
        code, town = code or found[1], town or behind
        street = before
    return Parted(street.strip(" ,-–"), code, town)


def is_street(street: str) -> bool:
    """Tell whether a text can be the street of an address: more than a number or a lone word."""
    return bool(_STREET.search(street))
