"""Results of a survey: counts by commune, question and answer; never anyone's own answers."""

from collections.abc import Callable, Mapping

from contracts.http.diagnostics.surveys import Question
from services.chassis.importer import Kind, Row, RowIsRefused, Warn, plain
from services.diagnostics.errors.surveys import AnswersArePersons, ColumnIsUnknown
from services.diagnostics.model.surveys import (
    ALL,
    RESPONDENTS,
    CampaignRow,
    ResultLine,
    answers_of,
)

COLUMNS = frozenset({"commune", "question", "answer", "count"})
NAMES = {"insee": "commune", "reponse": "answer", "effectif": "count"}
OF_A_PERSON = frozenset(
    {
        *("nom", "prenom", "email", "mail", "courriel", "telephone", "adresse", "nir"),
        *("repondant", "id_repondant", "respondent", "respondent_id", "identifiant", "participant"),
        *("date_de_naissance", "naissance", "age", "sexe", "genre", "horodateur", "timestamp"),
        *("adresse_ip", "ip", "verbatim", "commentaire", "remarques"),
    }
)
"""Columns by which a file of each person's answers is known."""
SECRET = "s"  # noqa: S105


def _must_be_counts(columns: Mapping[str, str]) -> None:
    for column in columns:
        if column in OF_A_PERSON:
            raise AnswersArePersons(column)
    for column in columns:
        if column not in COLUMNS:
            raise ColumnIsUnknown(column)
    for column in sorted(COLUMNS):
        if column not in columns:
            raise AnswersArePersons(f"{column} (absente)")


def _count(cell: str, threshold: int) -> int | None:
    if cell.casefold() == SECRET:
        return None
    bare = "".join(cell.split())
    if not (bare.isascii() and bare.isdigit()) or len(bare) > len("9999999999"):
        raise RowIsRefused("Un effectif entier ou « s » est attendu.", column="count")
    if 0 < int(bare) < threshold:
        raise RowIsRefused(
            f"Un effectif sous le seuil de {threshold} ne s'envoie pas ; envoyez « s ».",
            column="count",
            code="E_SMALL",
        )
    return int(bare)


def _reader(campaign: CampaignRow) -> Callable[[Row, Warn], ResultLine]:
    questions: dict[str, Question] = {one.question: one for one in campaign.asked()}
    taken = {name: set(answers_of(one)) for name, one in questions.items()} | {RESPONDENTS: {ALL}}
    communes = frozenset(campaign.communes)
    seen: dict[tuple[str, str, str], int] = {}

    def read(row: Row, _: Warn) -> ResultLine:
        cells = row.values
        _must_be_counts(cells)
        commune, question, answer = (cells[name] for name in ("commune", "question", "answer"))
        if commune not in communes:
            raise RowIsRefused(
                "Cette commune n'est pas de l'enquête ; vérifiez son code INSEE.", column="commune"
            )
        if question not in taken:
            raise RowIsRefused(
                "L'enquête ne pose pas cette question ; vérifiez son nom.", column="question"
            )
        if answer not in taken[question]:
            raise RowIsRefused(
                "La question n'admet pas cette réponse ; prenez l'une des siennes.", column="answer"
            )
        count = _count(cells["count"], campaign.threshold)
        before = seen.setdefault((commune, question, answer), row.line)
        if before != row.line:
            raise RowIsRefused(f"La ligne {before} donne déjà cet effectif ; gardez-en un.")
        return ResultLine(commune=commune, question=question, answer=answer, count=count)

    return read


def results_of(campaign: CampaignRow) -> Kind[ResultLine]:
    """Return the kind of file that a campaign's results come in.

    Its columns are `commune`, `question`, `answer` and `count`, or their French names; the
    question `respondents` with the answer `all` is how many people answered.
    """
    names = {plain(theirs): ours for theirs, ours in NAMES.items()}
    return Kind(
        name="survey-results",
        needs={"commune"},
        open=lambda: _reader(campaign),
        mapping=names,
    )
