"""A proof pack as a page to print, or as a workbook: in French, each thing with its source."""

from collections.abc import Iterable, Sequence
from html import escape

from contracts.http.diagnostics.proofs import PackContent, ProofPack, ScopeKind
from contracts.vocabulary import VOCABULARY
from services.diagnostics.model.elements import STATES as ELEMENT_STATES
from services.diagnostics.model.sheets import TIERS
from services.diagnostics.model.surveys import STATES as CAMPAIGN_STATES

Cells = Sequence[str]
Table = tuple[str, Cells, list[Cells]]
EVIDENCE = {
    "FIGURE": "chiffre",
    "SURVEY": "enquête",
    "STUDY": "étude",
    "MINUTES": "compte rendu",
    "PRESS": "presse",
    "PHOTO": "photographie",
    "RECORD": "relevé",
}
MET = {
    "MAYOR": "maire",
    "DEPUTY_MAYOR": "adjoint au maire",
    "COUNCILLOR": "conseiller municipal",
    "SECRETARY": "secrétaire de mairie",
    "MANAGER": "direction des services",
    "CCAS": "CCAS",
    "LIBRARY": "médiathèque",
    "SCHOOL": "école",
    "ASSOCIATION": "association",
    "INHABITANTS": "habitants",
}
STYLE = (
    "body{font:11pt sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;width:100%;margin-bottom:1.5em}"
    "th,td{border:1px solid #777;padding:.3em .5em;text-align:left;vertical-align:top}"
    "th{background:#eee}footer{font-size:9pt;overflow-wrap:anywhere}"
    "@media print{tr{break-inside:avoid}}"
)


def tables(content: PackContent) -> list[Table]:
    """Return the tables of a pack: title, columns, rows; those with nothing are left out."""
    figures = [(one.label, one.reading, one.source, one.vintage) for one in content.figures]
    elements = [
        (
            one.title,
            ELEMENT_STATES[one.state],
            str(one.changed_on),
            one.figure.reading,
            f"{one.figure.source}, {one.figure.vintage}",
        )
        for one in content.elements
    ]
    surveys = [
        (one.title, one.operator, CAMPAIGN_STATES[one.state], f"{one.begins_on} – {one.ends_on}")
        for one in content.surveys
    ]
    voices = [
        (f"« {one.said} »", one.public_label, one.commune, str(one.heard_on), one.organization)
        for one in content.testimonies
    ]
    visits = [
        (
            one.commune,
            str(one.done_on),
            ", ".join(MET[met.value] for met in one.met),
            ", ".join(VOCABULARY.problems.get(need.problem, need.problem) for need in one.needs),
        )
        for one in content.visits
    ]
    proofs = [
        (
            one.title,
            EVIDENCE[one.kind.value],
            one.source,
            str(one.dated),
            one.url or f"SHA-256 {one.sha256}",
        )
        for one in content.evidence
    ]
    actions = [(one,) for one in content.actions]
    found: list[tuple[str, Cells, Iterable[Cells]]] = [
        ("Chiffres", ("Chiffre", "Valeur", "Source", "Millésime"), figures),
        ("Éléments", ("Élément", "État", "Depuis", "Chiffre", "Source"), elements),
        ("Enquêtes", ("Enquête", "Opérateur", "État", "Période"), surveys),
        ("Témoignages", ("Témoignage", "Public", "Commune", "Date", "Recueilli par"), voices),
        ("Visites", ("Commune", "Date", "Fonctions rencontrées", "Besoins entendus"), visits),
        ("Preuves", ("Pièce", "Nature", "Source", "Date", "Où la lire"), proofs),
        ("Actions", ("Action de la feuille de route",), actions),
        ("Sources", ("Source",), [(one,) for one in content.sources]),
    ]
    return [(title, columns, list(rows)) for title, columns, rows in found if rows]


def title_of(content: PackContent) -> str:
    """Return the title of a pack."""
    scope = "commune" if content.scope is ScopeKind.COMMUNE else "délégation"
    return f"Dossier de preuve – {scope} {content.label}"


def page(pack: ProofPack) -> str:
    """Return a pack as a page to print."""
    content = pack.content
    parts = [
        '<!doctype html>\n<html lang="fr"><head><meta charset="utf-8">',
        f"<title>{escape(title_of(content))}</title><style>{STYLE}</style></head><body>",
        f"<h1>{escape(title_of(content))}</h1>",
        f"<p>Coordination {escape(content.coordination)}, état au {content.made_on}.</p>",
        f"<p>{TIERS[content.tier]}.</p>",
        f"<p>Sous {content.threshold} personnes, un besoin exprimé n'est pas chiffré.</p>",
    ]
    for title, columns, rows in tables(content):
        parts.append(f"<h2>{escape(title)}</h2><table><thead>{_row(columns, 'th')}</thead><tbody>")
        parts += [_row(row, "td") for row in rows]
        parts.append("</tbody></table>")
    if content.cut:
        parts.append("<p>Les listes les plus longues s'arrêtent à 200 lignes.</p>")
    parts.append(f"<footer>Empreinte du contenu (SHA-256) : <code>{pack.sha256}</code></footer>")
    parts.append("</body></html>")
    return "\n".join(parts)


def _row(cells: Cells, tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def sheets(pack: ProofPack) -> dict[str, tuple[Cells, list[Cells]]]:
    """Return a pack as the sheets of a workbook; the first says what it is."""
    content = pack.content
    about = [
        ("Dossier", title_of(content)),
        ("Coordination", content.coordination),
        ("État au", str(content.made_on)),
        ("Diffusion", TIERS[content.tier]),
        ("Seuil des besoins exprimés", str(content.threshold)),
        ("Empreinte du contenu (SHA-256)", pack.sha256),
    ]
    found: dict[str, tuple[Cells, list[Cells]]] = {"Dossier": (("", ""), list(about))}
    found.update({title: (columns, rows) for title, columns, rows in tables(content)})
    return found
