"""How a place is reached: telephones, addresses of mail and of sites, made right where certain."""

import re
import unicodedata
from urllib.parse import quote, urlsplit

PREFIXES = ["33", "590", "594", "262", "596", "269", "687", "689", "508", "681"]
PHONE = re.compile(rf"\+(?:{'|'.join(PREFIXES)})\d{{6,9}}")
"""Source: the pattern of `telephone` in LaMednum's schema.json."""
SHORT_NUMBERS = {"3960": "+33971103960", "3949": "+33184883949", "3646": "+33184903646"}
"""Four figures of the administration, and what they are called from anywhere."""
OVERSEAS = {
    "971": "590",
    "972": "596",
    "973": "594",
    "974": "262",
    "975": "508",
    "976": "262",
    "977": "590",
    "978": "590",
    "986": "681",
    "987": "689",
    "988": "687",
}
"""Prefix of telephones by the first figures of a postal code."""
_LOCAL = 9
_EMAIL = re.compile(r"[^\s@<>;,|:/\"'()]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}")
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}(?::\d+)?")
_SITE_STARTS = re.compile(r"(?=https?[:/])", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\s*[;|]\s*|,\s+|,(?=https?:|www\.)|\s+(?:ou|et|/)\s+(?=\S+\.\S)|\s+(?=https?:|www\.)"
)
_PARTS = re.compile(r"//|(?<=\d)/(?=0\d)|[;|]")
_SPACED = re.compile(r"\s+(?=[.@])|(?<=@)\s+|(?<=\.)\s+(?=[a-z])")


def phone(told: str, postal_code: str = "") -> str | None:
    """Return a telephone as the schema wants it, None where no number can be read.

    Of several, the first that can be read. A local number takes the prefix of its postal code.
    """
    for part in _PARTS.split(told):
        found = _phone(part, postal_code)
        if found:
            return found
    return None


def _phone(told: str, postal_code: str) -> str | None:
    plain = unicodedata.normalize("NFKC", told).replace("(0)", "")
    run = re.search(r"\+?\d(?:[\s.\-_/]*\d)*", plain)
    if run is None:
        return None
    digits = re.sub(r"\D", "", run[0])
    if digits in SHORT_NUMBERS:
        return SHORT_NUMBERS[digits]
    own = OVERSEAS.get(postal_code[:3], "33")
    local = digits.removeprefix("00") if digits.startswith("00") else digits
    if len(digits) == _LOCAL + 1 and digits[0] == "0" and digits[1] != "0":
        found = f"+{own}{digits[1:]}"
    elif len(local) == _LOCAL and local[0] != "0" and len(digits) == _LOCAL:
        found = f"+{own}{local}"
    else:
        prefix = next((one for one in PREFIXES if local.startswith(one)), None)
        rest = local.removeprefix(prefix or "").removeprefix("0")
        if prefix is None or len(rest) != _LOCAL:
            return None
        found = f"+{prefix}{rest}"
    return found if PHONE.fullmatch(found) else None


def emails(told: str) -> list[str]:
    """Return the addresses that can be read, each once."""
    plain = _SPACED.sub("", re.sub("@{2,}", "@", told.strip()))
    found = _EMAIL.findall(plain)
    if not found and plain.count("@") == 1:
        found = _EMAIL.findall(re.sub(r"\s+", "", plain.rpartition(":")[2]))
    bare = (unicodedata.normalize("NFKD", one) for one in found)
    ascii_only = ("".join(c for c in one if not unicodedata.combining(c)) for one in bare)
    return list(dict.fromkeys(one for one in ascii_only if one.isascii()))


def sites(told: str) -> list[str]:
    """Return the addresses of sites that can be read, each once."""
    found: list[str] = []
    for part in _BETWEEN.split(told.strip()):
        found += filter(None, (_site(one) for one in _SITE_STARTS.split(part.strip())))
    return list(dict.fromkeys(found))


def _site(told: str) -> str | None:
    """Return one address with its scheme, where its host is one."""
    fixed = re.sub(r"^(https?)(?::/(?!/)|//:|//)", r"\1://", told.strip(), flags=re.IGNORECASE)
    fixed = re.sub(r"^(https?://)www:", r"\1www.", fixed, flags=re.IGNORECASE)
    if not fixed or "@" in fixed.split("/")[0]:
        return None
    if not re.match("https?://", fixed, re.IGNORECASE):
        fixed = f"http://{fixed}"
    try:
        parts = urlsplit(fixed)
    except ValueError:
        return None
    if not _HOST.fullmatch(parts.netloc) or any(map(str.isspace, fixed)):
        return None
    path = quote(parts.path, safe="/%:@!$&'*+,;=~-._")
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.scheme}://{parts.netloc}{path}{query}{fragment}"
