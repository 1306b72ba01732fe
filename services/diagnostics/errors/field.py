"""Refusals about what is recorded of the field."""

from services.chassis.errors import Refusal


class NoSuchRecord(Refusal):
    """Nothing of this kind has this identifier in the coordination."""

    code, status = "E_UNKNOWN", 404

    def __init__(self, what: str, name: object, *, field: str = "id") -> None:
        """Name what was asked for; `what` begins the sentence, as in `L'élément`."""
        super().__init__(f"{what} « {name} » n'est pas de cette coordination ; vérifiez son nom.")
        self.field = field


class RecordDiffers(Refusal):
    """The same identifier already names a record with another content."""

    code = "E_DIFFERS"

    def __init__(self, what: str, name: object) -> None:
        """Name the record that is there; `what` begins the sentence, as in `L'élément`."""
        super().__init__(
            f"{what} « {name} » existe avec un autre contenu ; prenez un autre identifiant."
        )
        self.field = "id"


class WordIsUnknown(Refusal):
    """A word that the closed lists do not have."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str, word: str) -> None:
        """Name the word, and where it stands."""
        super().__init__(f"« {word} » n'est pas dans la liste prévue ; prenez l'un de ses mots.")
        self.field = field


class CommuneIsElsewhere(Refusal):
    """A commune of another territory."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str, commune: str) -> None:
        """Name the commune."""
        super().__init__(
            f"La commune {commune} n'est pas de cette coordination ; donnez l'une des siennes."
        )
        self.field = field


class ValueIsRepeated(Refusal):
    """A list that names each thing once names one twice."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str, value: object) -> None:
        """Name what is repeated, and where."""
        super().__init__(f"« {value} » est donné deux fois ; gardez-le une fois.")
        self.field = field


class DayIsAhead(Refusal):
    """What happened is told of a day to come."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str, day: object) -> None:
        """Show the day."""
        super().__init__(f"Le {day} n'est pas encore venu ; donnez le jour où cela s'est passé.")
        self.field = field


class DaysAreReversed(Refusal):
    """Something ends before it begins."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str, *, first: object, last: object) -> None:
        """Show both days."""
        super().__init__(f"Le {last} est avant le {first} ; corrigez l'une des deux dates.")
        self.field = field


class TextHoldsPerson(Refusal):
    """A text holds what looks like a person's data; it is refused, never masked."""

    code, status = "E_PII", 422

    def __init__(self, field: str, kind: str) -> None:
        """Say where, and of which kind, never which."""
        super().__init__(
            f"Une donnée personnelle ({kind}) a été reconnue dans « {field} » ; retirez-la."
        )
        self.field = field


class TextHoldsControls(Refusal):
    """A text holds a control character, which nobody writes."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str) -> None:
        """Name the field."""
        super().__init__(f"Le champ « {field} » contient un caractère de contrôle ; retirez-le.")
        self.field = field


class StepIsWrong(Refusal):
    """An element goes from a risk to a survey, and from a survey to a finding."""

    code, field = "E_STATE", "state"

    def __init__(self, now: str, asked: str, possible: list[str]) -> None:
        """Say where it is, and where it may go."""
        onward = " ou ".join(f"« {one} »" for one in possible)
        advice = f"il peut passer à {onward}" if onward else "cet état est définitif"
        super().__init__(
            f"L'élément est à l'état « {now} » et ne passe pas à « {asked} » ; {advice}."
        )


class StepNeedsEvidence(Refusal):
    """A finding stands on evidence; a survey names its campaign or what it left."""

    code, status = "E_PROOF", 422

    def __init__(self, field: str, asked: str) -> None:
        """Say what is missing."""
        needed = (
            "une enquête ou une preuve" if field == "campaign" else "au moins une preuve rattachée"
        )
        super().__init__(f"L'état « {asked} » demande {needed} ; ajoutez-la.")
        self.field = field


class EvidenceIsNowhere(Refusal):
    """A document is where it may be read, or has a fingerprint and a size."""

    code, status, field = "E_PROOF", 422, "url"

    def __init__(self) -> None:
        """Say what to add."""
        super().__init__(
            "Une preuve donne une adresse (url), ou une empreinte et une taille (sha256, "
            "size_bytes) ; ajoutez l'une ou les autres."
        )
