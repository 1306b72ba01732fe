"""Refusals about survey campaigns."""

from services.chassis.errors import Refusal


class CampaignMovesWrong(Refusal):
    """A campaign goes from draft to open, and from open to closed."""

    code, field = "E_STATE", "state"

    def __init__(self, now: str, asked: str) -> None:
        """Say where it is, and what was asked."""
        super().__init__(
            f"L'enquête est à l'état « {now} » et ne passe pas à « {asked} » ; "
            "une enquête s'ouvre une fois, puis se ferme."
        )


class CampaignIsNotDraft(Refusal):
    """What is asked no longer changes once the campaign is open."""

    code, field = "E_STATE", "state"

    def __init__(self) -> None:
        """Say what to do instead."""
        super().__init__(
            "L'enquête est ouverte, ses questions ne changent plus ; préparez-en une autre."
        )


class CampaignIsDraft(Refusal):
    """Results come from a campaign that was opened."""

    code, field = "E_STATE", "state"

    def __init__(self) -> None:
        """Say what comes first."""
        super().__init__(
            "L'enquête est en préparation ; ouvrez-la avant d'en donner les résultats."
        )


class QuestionIsUnfit(Refusal):
    """A closed question has answers to choose, or a scale."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str, question: str) -> None:
        """Name the question."""
        super().__init__(
            f"La question « {question} » : un choix a au moins deux réponses et pas d'échelle, "
            "une échelle a son maximum (scale_max) et pas de réponses ; corrigez-la."
        )
        self.field = field


class CampaignAsksNothing(Refusal):
    """A campaign opens with a question at least."""

    code, status, field = "E_FIELD", 422, "questions"

    def __init__(self) -> None:
        """Say what to add."""
        super().__init__("Une enquête pose au moins une question ; ajoutez-la avant de l'ouvrir.")


class SubjectIsUnfit(Refusal):
    """A campaign about a post or an action names it; one about a territory names none."""

    code, status, field = "E_FIELD", 422, "subject"

    def __init__(self) -> None:
        """Say what to add or to remove."""
        super().__init__(
            "Une enquête sur un poste ou une action le nomme, une enquête de territoire n'en nomme "
            "pas ; corrigez « subject »."
        )


class AnswersArePersons(Refusal):
    """A file of each person's answers, which never enters."""

    code, status, field = "E_PERSON", 422, "file"

    def __init__(self, column: str) -> None:
        """Name the column by which it is seen."""
        super().__init__(
            f"La colonne « {column} » est propre à des réponses individuelles, qui n'entrent "
            "jamais ici ; envoyez des effectifs par commune, question et réponse."
        )


class ColumnIsUnknown(Refusal):
    """A column that aggregated results do not have."""

    code, status, field = "E_FIELD", 422, "file"

    def __init__(self, column: str) -> None:
        """Name the column."""
        super().__init__(
            f"La colonne « {column} » n'est pas de ce contrat ; gardez commune, question, "
            "reponse et effectif."
        )


class StageComesEarly(Refusal):
    """A workshop follows an interest, and people are reached by a workshop."""

    code, field = "E_STATE", "stage"

    def __init__(self, commune: str, stage: str, before: str) -> None:
        """Say what comes before, and where."""
        super().__init__(
            f"À {commune}, l'étape {stage} vient après l'étape {before} ; donnez-la d'abord."
        )
