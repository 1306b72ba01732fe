"""How a value that does not fit a contract is explained to its sender: field, code, sentence.

The library says in English where a value does not fit; senders read French. One table turns the
first into the second, so that HTTP routes, the intake of signals and the partner's own command
say the same thing of the same mistake.
"""

import re

import msgspec

E_FIELD = "E_FIELD"
E_ENCODING = "E_ENCODING"
_PATH = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)
_FRENCH: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sentence)
    for pattern, sentence in (
        (
            r"^Object missing required field `(?P<name>[^`]+)`",
            "Le champ « {name} » manque ; ajoutez-le.",
        ),
        (
            r"^Object contains unknown field `(?P<name>[^`]+)`",
            "Le champ « {name} » n'existe pas dans ce contrat ; retirez-le.",
        ),
        (
            r"^Expected `(?P<wanted>[^`]+)`, got `(?P<got>[^`]+)`",
            "Une valeur de type {wanted} est attendue, {got} a été reçu.",
        ),
        (
            r"^Expected `(?P<wanted>[^`]+)` (?P<op>>=|<=|<|>) (?P<bound>\S+)",
            "La valeur doit être {op} {bound}.",
        ),
        (
            r"^Expected `str` of length (?P<op>>=|<=) (?P<bound>\d+)",
            "La longueur du texte doit être {op} {bound}.",
        ),
        (
            r"^Expected `array` of length (?P<op>>=|<=) (?P<bound>\d+)",
            "Le nombre d'éléments doit être {op} {bound}.",
        ),
        (
            r"^Expected `str` matching regex '(?P<regex>.*)'",
            "La valeur n'a pas la forme attendue ({regex}).",
        ),
        (r"^Invalid enum value (?P<got>.*)", "La valeur {got} n'est pas dans la liste prévue."),
        (r"^Invalid UUID", "Un identifiant UUID est attendu."),
        (
            r"^Invalid RFC3339 encoded datetime",
            "Un instant RFC 3339 (2026-03-01T12:00:00Z) est attendu.",
        ),
        (
            r"^Expected `datetime` with a timezone component",
            "L'instant doit porter son décalage horaire (Z ou +01:00).",
        ),
        (r"^Invalid (RFC3339|date)", "Une date ISO 8601 (AAAA-MM-JJ) est attendue."),
        (
            r"^give exactly one of (?P<one>\w+) and (?P<other>\w+)",
            "Donnez exactement l'un des champs « {one} » et « {other} ».",
        ),
        (r"^JSON is malformed|^Input data was truncated", "Le JSON est mal formé ; vérifiez-le."),
    )
)


class FieldError(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a document: which field, which code, and what to do."""

    field: str
    code: str
    detail: str


def explain(error: msgspec.MsgspecError | UnicodeDecodeError) -> FieldError:
    """Return what `error` says of a decoded document, in French.

    The field is a path such as `breakdown.age_band`, empty for the document as a whole.
    """
    if isinstance(error, UnicodeDecodeError):
        return FieldError(
            field="",
            code=E_ENCODING,
            detail="Le message n'est pas en UTF-8 ; encodez-le en UTF-8.",
        )
    said = _PATH.match(str(error))
    assert said is not None, "the pattern accepts every text"
    what, path = said["what"], (said["path"] or "").removeprefix("$").strip(".")
    for pattern, sentence in _FRENCH:
        found = pattern.match(what)
        if found:
            parts = found.groupdict()
            name = parts.get("name")
            field = ".".join(part for part in (path, name) if part)
            return FieldError(field=field, code=E_FIELD, detail=sentence.format(**parts))
    return FieldError(field=path, code=E_FIELD, detail="La valeur n'est pas celle du contrat.")
