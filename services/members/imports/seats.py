"""Lists of members, as a coordination keeps them in a spreadsheet."""

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from contracts.http.members import MemberRole
from contracts.values import College, Section
from services.chassis.errors import Refusal
from services.chassis.importer import Kind, Row, RowIsRefused, Warn
from services.members import model
from services.members.imports import cells
from services.members.model.kinds import kind_said, usual_college
from services.members.model.lines import MemberLine
from services.members.model.names import name_key, slug_of

T = TypeVar("T")
COLUMNS = {
    "organization": "organisme",
    "name": "nom",
    "kind": "type",
    "college": "college",
    "section": "section",
    "siret": "siret",
    "rna": "rna",
    "commune": "commune",
    "roles": "roles",
    "effective_on": "depuis",
    "formerly": "ancien_nom",
}
ALSO_CALLED = {
    **dict.fromkeys(("identifiant", "slug", "organization", "id_organisme"), "organisme"),
    **dict.fromkeys(
        (
            *("nom_organisme", "nom_de_l_organisme", "denomination", "raison_sociale", "name"),
            *("structure", "nom_structure", "nom_de_la_structure", "membre"),
        ),
        "nom",
    ),
    **dict.fromkeys(("kind", "typologie", "type_organisme", "nature", "categorie"), "type"),
    **dict.fromkeys(("collège_de_vote", "nom_du_college"), "college"),
    **dict.fromkeys(("siret_organisme", "n_siret", "numero_siret"), "siret"),
    **dict.fromkeys(("n_rna", "numero_rna"), "rna"),
    **dict.fromkeys(("code_insee", "code_commune", "insee"), "commune"),
    **dict.fromkeys(("role", "fonctions", "fonction"), "roles"),
    **dict.fromkeys(
        ("date_d_entree", "date_entree", "effective_on", "membre_depuis", "date"), "depuis"
    ),
    **dict.fromkeys(("formerly", "anciennement", "nom_precedent", "ex"), "ancien_nom"),
}
COLLEGES = {
    **{name_key(one.value): one for one in College},
    **dict.fromkeys(("prive", "privee", "entreprises"), College.PRIVATE),
    **dict.fromkeys(
        ("mediation numerique", "mediation", "mediateurs", "ess"), College.DIGITAL_MEDIATION
    ),
    **dict.fromkeys(
        ("institutionnel", "institutionnels", "institutions", "institution"), College.INSTITUTIONAL
    ),
}
SECTIONS = dict.fromkeys(
    ("citizen", "citoyen", "citoyens", "citoyenne", "habitants", "participation citoyenne"),
    Section.CITIZEN,
)
ROLES = {
    **{name_key(one.value): one for one in MemberRole},
    **dict.fromkeys(("chef de file", "pilote", "porteur"), MemberRole.LEAD),
    **dict.fromkeys(("co chef de file", "copilote", "co pilote", "co porteur"), MemberRole.CO_LEAD),
    **dict.fromkeys(("cofinanceur", "co financeur", "financeur"), MemberRole.CO_FUNDER),
    **dict.fromkeys(("conseil", "conseiller", "conseillere", "expert"), MemberRole.ADVISER),
    **dict.fromkeys(("observateur", "observatrice"), MemberRole.OBSERVER),
}
FRENCH_DAY = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$")
DRAGGED = re.compile(r"\.0+$")
SIRET_DIGITS = 14


def _reader() -> Callable[[Row, Warn], MemberLine]:
    seen: set[str] = set()

    def read(row: Row, warn: Warn) -> MemberLine:
        line = _line(row.values, warn)
        key = line.organization or f"{name_key(line.name)} {line.siret or ''}"
        if key in seen:
            raise RowIsRefused(
                f"« {line.name} » est déjà donné plus haut ; gardez une ligne par organisme.",
                column="nom",
                code="E_TWICE",
            )
        seen.add(key)
        return line

    return read


def _line(values: Mapping[str, str], warn: Warn) -> MemberLine:
    told: dict[str, object] = {
        field: values.get(column, "").strip() or None for field, column in COLUMNS.items()
    }
    if not told["name"]:
        raise RowIsRefused("Le nom de l'organisme manque ; ajoutez-le.", column="nom")
    kind = _kind(values.get("type", ""), values.get("nom", ""))
    told["kind"] = kind
    told["college"] = _college(values.get("college", ""), kind, warn)
    section = values.get("section", "")
    told["section"] = _said(section, SECTIONS, "section") if section else None
    told["roles"] = _roles(values.get("roles", ""))
    told["siret"] = _siret(values.get("siret", ""), warn)
    told["rna"] = values.get("rna", "").replace(" ", "").upper() or None
    told["effective_on"] = _day(values.get("depuis", ""))
    line = cells.read(told, MemberLine, COLUMNS)
    try:
        asked = line.asked(line.organization or slug_of(line.name))
        model.must_be_plain(asked, "name", "formerly")
        model.must_name_once("roles", asked.roles)
        model.must_sit(asked)
    except Refusal as why:
        column = COLUMNS.get(why.field, why.field) or None
        raise RowIsRefused(str(why), column=column, code=why.code) from None
    return line


def _kind(written: str, name: str) -> str:
    kind = kind_said(written) if written else _kind_of_name(name)
    if kind is None:
        raise RowIsRefused(
            "Le type d'organisme manque ; écrivez par exemple CAF, association, commune.",
            column="type",
        )
    return kind


def _kind_of_name(name: str) -> str | None:
    """Return the kind that the first word of a name is, as in `CAF de la Gironde`."""
    first = name_key(name).partition(" ")[0]
    kind = kind_said(first) if first else None
    return kind if kind and usual_college(kind) else None


def _college(written: str, kind: str, warn: Warn) -> College:
    if written:
        key = re.sub("^college (de la |de |des |du )?", "", name_key(written))
        return _said(key, COLLEGES, "college", shown=written)
    usual = usual_college(kind)
    if usual is None:
        raise RowIsRefused(
            "Le collège manque ; écrivez privé, médiation numérique ou institutionnel.",
            column="college",
        )
    warn(
        f"Le collège manque ; {usual.value}, où siège d'ordinaire ce type d'organisme, est pris.",
        column="college",
        code="W_COLLEGE",
    )
    return usual


def _said(written: str, words: Mapping[str, T], column: str, *, shown: str = "") -> T:
    found = words.get(name_key(written))
    if found is None:
        raise RowIsRefused(
            f"« {shown or written} » n'est pas connu dans cette colonne ; corrigez-le.",
            column=column,
        )
    return found


def _roles(written: str) -> list[MemberRole]:
    parts = [part for part in re.split("[;,|/]", written) if part.strip()]
    return [_said(part, ROLES, "roles") for part in parts]


def _siret(written: str, warn: Warn) -> str | None:
    digits = DRAGGED.sub("", "".join(written.split()).replace("\u202f", ""))
    digits = digits.replace(".", "") if digits.count(".") > 1 else digits
    if not digits:
        return None
    if not digits.isdigit() or len(digits) != SIRET_DIGITS:
        raise RowIsRefused(
            f"Un SIRET a 14 chiffres ; « {written} » en est un arrondi ou coupé par le tableur, "
            "reprenez-le à la source.",
            column="siret",
        )
    if not model.is_siret(digits):
        warn(
            "La clé de ce SIRET est fausse ; il est gardé, vérifiez-le auprès de l'organisme.",
            column="siret",
            code="W_SIRET",
        )
    return digits


def _day(written: str) -> str | None:
    french = FRENCH_DAY.match(written)
    if french:
        day, month, year = french.groups()
        return f"{year}-{int(month):02}-{int(day):02}"
    return written or None


MEMBERS: Kind[MemberLine] = Kind(
    name="members", needs=("nom", "college"), open=_reader, mapping=ALSO_CALLED
)
"""One organisation a line, with its college; the slug is made from the name where none is given."""
