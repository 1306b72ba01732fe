"""Refusals about what is recorded, whoever it is about."""

from services.chassis.errors import Refusal


class RecordDiffers(Refusal):
    """The same identifier already names a record with another content."""

    code = "E_DIFFERS"

    def __init__(self, what: str, name: object, *, field: str = "id") -> None:
        """Name the record that is there; `what` begins the sentence, as in `L'avis`."""
        super().__init__(
            f"{what} « {name} » existe avec un autre contenu ; prenez un autre identifiant."
        )
        self.field = field


class ValueRepeats(Refusal):
    """A list that names each thing once names one twice."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str, value: str) -> None:
        """Name what is repeated, and where."""
        super().__init__(f"« {value} » est donné deux fois ; gardez-le une fois.")
        self.field = field


class DaysAreReversed(Refusal):
    """A period ends before it begins."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str, *, first: object, last: object) -> None:
        """Show both days."""
        super().__init__(f"Le {last} est avant le {first} ; corrigez l'une des deux dates.")
        self.field = field


class HoldsPersonalData(Refusal):
    """What would be told to other services holds a person's data."""

    code, status = "E_PII", 422

    def __init__(self, field: str, kind: str) -> None:
        """Say where, and of which kind, never which."""
        super().__init__(
            f"Une donnée personnelle ({kind}) a été reconnue dans « {field} » ; retirez-la."
        )
        self.field = field


class TextIsNotPlain(Refusal):
    """A text holds a control character, which no name has."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str) -> None:
        """Name the field."""
        super().__init__(
            f"Le champ « {field} » contient un saut de ligne ou un caractère de contrôle."
        )
        self.field = field
