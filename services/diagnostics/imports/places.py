"""Places of digital mediation: the national schema in both generations, and producers' own files.

A value that a closed list does not have refuses its row, named by its column. What can be made
right with certainty is (a telephone, an address of mail); what cannot is left out and told, unless
the schema requires it. Data of a person found in a text refuses the row; a telephone or an address
of mail in a long text has that text left out, since each has a column of its own.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from contracts import privacy
from contracts.siret import LA_POSTE_SIREN, is_siret
from services.chassis.importer import Kind, Row, RowIsRefused, Warn
from services.diagnostics.imports import known_places
from services.diagnostics.imports.producers import translate
from services.diagnostics.model import french_hours, place_contacts, place_hours, place_words
from services.diagnostics.model.places import Place, twin_keys

UNDATED = date(1970, 1, 1)
"""The day of a place whose producer gives none: its freshness is 0."""
SCANNED_CHARS_MAX, REACHED_CHARS_MAX = 50_000, 2_000
LISTS = {
    "typologie": "kinds",
    "itinerance": "itinerance",
    "services": "services",
    "publics_specifiquement_adresses": "publics",
    "prise_en_charge_specifique": "special_care",
    "frais_a_charge": "fees",
    "dispositif_programmes_nationaux": "programmes",
    "formations_labels": "labels",
    "modalites_acces": "access_modes",
    "modalites_accompagnement": "support_modes",
}
"""The list of the model that a column is of."""
ALSO_CALLED = {
    **dict.fromkeys(("courriel", "email", "mail"), "courriels"),
    **dict.fromkeys(("publics_accueillis", "public_accueillis"), "publics_specifiquement_adresses"),
    **dict.fromkeys(("conditions_acces", "conditions_access"), "frais_a_charge"),
    "labels_nationaux": "dispositif_programmes_nationaux",
    "labels_autres": "autres_formations_labels",
    "accessibilite": "fiche_acces_libre",
}
"""What the first generation called a column, with the spellings that were published."""
_CHARS_MAX = {"nom": 300, "commune": 200, "adresse": 500, "structure_parente": 300}
_LONG = {
    "complement_adresse": 500,
    "presentation_resume": 280,
    "presentation_detail": 10_000,
    "horaires": place_hours.HOURS_CHARS_MAX,
}
_REACH = frozenset({privacy.Kind.EMAIL, privacy.Kind.PHONE})
_SIREN, _SIRET = 9, 14
_RNA = re.compile("W[A-Z0-9]{9}")
_RIDET = re.compile(r"\d{7,10}")
_POSTAL = re.compile(r"\d{5}")
_INSEE = re.compile("([013-9][0-9]|2[AB1-9])[0-9]{3}")
_FLOAT = re.compile(r"\.0+$")
_ISO = re.compile(r"^(\d{4})[-/](\d{2})[-/](\d{2})(?!\d)")
_EPOCH = re.compile(r"[1-9]\d{8,9}")
_FRENCH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ID = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
_LATITUDE, _LONGITUDE = 90, 180


def _reader() -> Callable[[Row, Warn], Place]:
    seen: dict[str, int] = {}
    spots: dict[tuple[str, str], int] = {}

    def read(row: Row, warn: Warn) -> Place:
        place = _place(known_places.translated(row).values, warn)
        key = str(place.place_id)
        if key in seen:
            raise RowIsRefused(
                f"L'identifiant « {place.local_id} » est déjà ligne {seen[key]} ; gardez-en une.",
                column="id",
                code="E_TWICE",
            )
        seen[key] = row.line
        for spot in twin_keys(place):
            if spot in spots:
                warn(
                    f"Ce lieu semble celui de la ligne {spots[spot]} (même {spot[0]}) ; "
                    "les deux sont gardés, vérifiez.",
                    code="W_TWIN",
                )
            spots.setdefault(spot, row.line)
        return place

    return read


def _place(told: Mapping[str, str], warn: Warn) -> Place:
    texts = {name: _short(told, name) for name in _CHARS_MAX}
    insee_code = _insee_code(told.get("code_insee", ""), warn)
    for name in ("nom", "commune", "adresse"):
        if not texts[name] and not (name == "commune" and insee_code):
            raise RowIsRefused(f"« {name} » manque ; ajoutez-le.", column=name)
    postal_code = _postal_code(told.get("code_postal", ""))
    words = _words(told, warn)
    latitude, longitude = point(told, warn)
    source = free(told.get("source", ""), "source", 100)
    return Place(
        local_id=_local_id(told, texts, postal_code, warn),
        source=source,
        pivot=pivot(told.get("pivot", ""), warn),
        name=texts["nom"],
        commune_name=texts["commune"],
        postal_code=postal_code,
        insee_code=insee_code,
        address=texts["adresse"],
        address_extra=_long(told, "complement_adresse", warn),
        latitude=latitude,
        longitude=longitude,
        phone=_phone(told.get("telephone", ""), postal_code, warn),
        emails=_reached(told, "courriels", place_contacts.emails, warn),
        websites=_reached(told, "site_web", place_contacts.sites, warn),
        hours=_hours(told, warn),
        summary=_long(told, "presentation_resume", warn),
        detail=_long(told, "presentation_detail", warn),
        parent=texts["structure_parente"] or None,
        updated_on=day(told.get("date_maj", ""), warn),
        access_sheet=_link(told, "fiche_acces_libre", warn),
        booking=_link(told, "prise_rdv", warn),
        **words,
    )


def plain(text: str) -> str:
    """Return a text without control characters, its blanks single."""
    bare = "".join(" " if unicodedata.category(one) == "Cc" else one for one in text)
    return " ".join(bare.split())


def _short(told: Mapping[str, str], name: str) -> str:
    return free(told.get(name, ""), name, _CHARS_MAX[name])


def free(told: str, column: str, chars_max: int) -> str:
    """Return a text that holds no personal datum.

    Raises:
        RowIsRefused: it is too long, or holds one.
    """
    text = plain(told)
    if len(text) > chars_max:
        raise RowIsRefused(f"{len(text)} caractères pour {chars_max} ; abrégez.", column=column)
    found = privacy.scan(text)
    if found:
        raise personal(found[0].kind, column)
    return text


def personal(kind: privacy.Kind, column: str) -> RowIsRefused:
    """Return the refusal of a row in which data of a person is read."""
    return RowIsRefused(
        f"Une donnée personnelle ({kind.value}) se lit dans « {column} » ; retirez-la.",
        column=column,
        code=f"E_PII_{kind.value}",
    )


def _long(told: Mapping[str, str], column: str, warn: Warn) -> str | None:
    """Return a long text, None where it is left out because one is reached by what it holds."""
    text = plain(told.get(column, ""))[:SCANNED_CHARS_MAX]
    found = {one.kind for one in privacy.scan(text)}
    if found - _REACH:
        raise personal(min(found - _REACH), column)
    if found:
        warn(
            "Un téléphone ou un courriel se lit dans ce texte, qui n'est pas gardé ; "
            "mettez-le dans sa colonne.",
            column=column,
            code="W_CONTACT",
        )
        return None
    if len(text) > _LONG[column]:
        warn(f"Coupé à {_LONG[column]} caractères, comme le schéma le veut.", column=column)
        text = text[: _LONG[column] - 1].rstrip() + "…"
    return text or None


def _words(told: Mapping[str, str], warn: Warn) -> dict[str, list[str]]:
    """Return the values of every closed list, older words read as today's."""
    found: dict[str, list[str]] = {
        "other_labels": [
            free(one, "autres_formations_labels", 200)
            for one in re.split("[;|]", told.get("autres_formations_labels", ""))
            if one.strip()
        ]
    }
    for column, name in LISTS.items():
        try:
            read = place_words.sort(told.get(column, ""), name)
        except place_words.UnknownWord as unknown:
            shown = plain(str(unknown))[:80]
            raise RowIsRefused(
                f"« {shown} » n'est pas une valeur du schéma ; corrigez-la.", column=column
            ) from None
        for kind, values in read.found.items():
            found.setdefault(kind, []).extend(values)
        for word in read.lost:
            warn(
                f"« {word} » n'a plus de mot dans le schéma ; il n'est pas gardé.",
                column=column,
                code="W_LOST",
            )
    return {name: place_words.in_order(name, values) for name, values in found.items()}


def _local_id(
    told: Mapping[str, str], texts: Mapping[str, str], postal_code: str, warn: Warn
) -> str:
    given = told.get("id", "").strip()
    if not given:
        warn("L'identifiant manque ; il est fait du nom et de l'adresse.", column="id", code="W_ID")
        made = place_words.key(f"{texts['nom']} {postal_code} {texts['adresse']}")
        return made.replace(" ", "-")[:200]
    if not _ID.fullmatch(given):
        raise RowIsRefused(
            "L'identifiant dépasse 200 caractères ou en a d'invisibles.", column="id"
        )
    kinds = {one.kind for one in privacy.scan(given)} - {privacy.Kind.PHONE}
    if kinds:  # What looks like a phone in an id is a run of hexadecimal figures.
        raise personal(min(kinds), "id")
    return given


def pivot(told: str, warn: Warn) -> str | None:
    """Return a SIRET, RNA or the like; a doubtful one is kept, an unreadable one is not."""

    def doubt(detail: str) -> None:
        warn(detail, column="pivot", code="W_PIVOT")

    compact = _FLOAT.sub("", "".join(told.split())).replace("\u202f", "").upper()
    digits = compact.replace(".", "").replace("-", "")
    if not digits.strip("0"):
        doubt("Le pivot manque (des zéros n'en sont pas un) ; donnez le SIRET ou le RNA.")
        return None
    if _RNA.fullmatch(compact):
        return compact
    if digits.isdigit() and len(digits) == _SIRET:
        if not is_siret(digits):
            poste = " de La Poste" if digits.startswith(LA_POSTE_SIREN) else ""
            doubt(f"La clé de ce SIRET{poste} est fausse ; il est gardé, vérifiez-le.")
        return digits
    if digits.isdigit() and (len(digits) == _SIREN or _RIDET.fullmatch(digits)):
        doubt("Ce pivot a la forme d'un SIREN ou d'un RIDET ; il est gardé, préférez le SIRET.")
        return digits if len(digits) >= _SIREN else None
    doubt(f"« {plain(told)[:30]} » n'est ni un SIRET ni un RNA ; le pivot n'est pas gardé.")
    return None


def _postal_code(told: str) -> str:
    code = _FLOAT.sub("", told.strip())
    code = f"0{code}" if re.fullmatch(r"[1-9]\d{3}", code) else code
    if not _POSTAL.fullmatch(code):
        raise RowIsRefused("Un code postal a cinq chiffres ; corrigez-le.", column="code_postal")
    return code


def _insee_code(told: str, warn: Warn) -> str | None:
    code = _FLOAT.sub("", told.strip()).upper()
    code = f"0{code}" if re.fullmatch(r"[1-9]\d{3}", code) else code
    if code and not _INSEE.fullmatch(code):
        warn("Ce code INSEE n'en est pas un ; le nom de la commune est lu.", column="code_insee")
        return None
    return code or None


def point(told: Mapping[str, str], warn: Warn) -> tuple[float | None, float | None]:
    """Return latitude and longitude, or neither where they are not degrees in France's world."""
    read: list[float] = []
    for column, most in (("latitude", _LATITUDE), ("longitude", _LONGITUDE)):
        text = told.get(column, "").strip().replace(",", ".")
        if not text:
            return None, None
        try:
            degrees = float(text)
        except ValueError:
            degrees = float("nan")
        if not abs(degrees) <= most:
            warn(
                "Ces coordonnées ne sont pas des degrés ; elles ne sont pas gardées.", column=column
            )
            return None, None
        read.append(degrees)
    if not any(read):
        warn("Un point à zéro degré n'est pas en France ; il n'est pas gardé.", column="latitude")
        return None, None
    return read[0], read[1]


def _phone(told: str, postal_code: str, warn: Warn) -> str | None:
    if not told:
        return None
    found = place_contacts.phone(_FLOAT.sub("", told), postal_code)
    if found is None:
        warn("Ce téléphone ne se lit pas ; il n'est pas gardé.", column="telephone")
    return found


def _reached(
    told: Mapping[str, str], column: str, read: Callable[[str], list[str]], warn: Warn
) -> list[str]:
    text = told.get(column, "")[:REACHED_CHARS_MAX]
    kinds = {one.kind for one in privacy.scan(text)} - _REACH
    if kinds:
        raise personal(min(kinds), column)
    found = read(text)
    if text and not found:
        warn("Cette adresse ne se lit pas ; elle n'est pas gardée.", column=column)
    return found


def _link(told: Mapping[str, str], column: str, warn: Warn) -> str | None:
    return next(iter(_reached(told, column, place_contacts.sites, warn)), None)


def _hours(told: Mapping[str, str], warn: Warn) -> str | None:
    """Return hours as OpenStreetMap writes them where they can be read, else as they are told."""
    given = plain(told.get("horaires", ""))
    if '"' not in given and place_hours.parses(given):
        return given  # Typed: figures of hours are no telephone and no account.
    text = _long(told, "horaires", warn)
    if text is None or place_hours.parses(text):
        return text
    read = french_hours.week(text)
    if read and place_hours.parses(read):
        warn(f"Ces horaires sont lus « {read} » ; vérifiez.", column="horaires", code="W_HOURS")
        return read
    warn(
        "Ces horaires ne sont pas à la forme d'OpenStreetMap ; gardés comme texte, sans filtre.",
        column="horaires",
        code="W_HOURS",
    )
    return text


def day(told: str, warn: Warn) -> date:
    """Return the civil day a cell tells: ISO, French, or seconds since 1970.

    Raises:
        RowIsRefused: it tells something that is no day.
    """
    if not told.strip():
        warn("La date de mise à jour manque ; la fraîcheur sera nulle.", column="date_maj")
        return UNDATED
    if _EPOCH.fullmatch(told.strip()):
        return datetime.fromtimestamp(int(told), UTC).date()
    iso, french = _ISO.match(told.strip()), _FRENCH.search(told)
    parts = iso.groups() if iso else french.groups()[::-1] if french else ()
    try:
        return date(*map(int, parts))
    except (TypeError, ValueError):
        raise RowIsRefused("Une date AAAA-MM-JJ est attendue.", column="date_maj") from None


PLACES: Kind[Place] = Kind(
    name="places",
    needs=(),
    forms=(("nom", "commune", "code_postal", "adresse"), *known_places.FORMS),
    open=_reader,
    mapping=ALSO_CALLED,
    translate=translate,
)
"""One place a row; a producer's own columns are known, or told by a mapping of either form."""
