"""Every refusal the roadmap service may give, with the sentence the reader will see."""

from services.chassis.errors import Refusal


class NoSuchSheet(Refusal):
    """No action sheet has this identifier here."""

    code, status, field = "E_UNKNOWN", 404, "action"

    def __init__(self, action: str) -> None:
        """Name the sheet that was asked for."""
        super().__init__(f"Aucune fiche action ne s'appelle « {action} » ; vérifiez son nom.")


class SheetDiffers(Refusal):
    """The same slug or number already names another sheet."""

    code, field = "E_DIFFERS", "action"

    def __init__(self, action: str) -> None:
        """Name the sheet that is there."""
        super().__init__(
            f"La fiche « {action} » existe avec un autre contenu ; prenez un autre nom ou numéro."
        )


class StepNotOpen(Refusal):
    """A sheet moves only along its steps."""

    code, field = "E_STATE", "to"

    def __init__(self, action: str, *, state: str, to: str, steps: list[str]) -> None:
        """Say where the sheet stands and where it may go."""
        allowed = ", ".join(steps) or "aucun"
        super().__init__(
            f"La fiche « {action} » est {state} : elle ne peut devenir {to}. "
            f"États admis : {allowed}."
        )


class StepLacks(Refusal):
    """Some steps must say by which decision, or why."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str, to: str) -> None:
        """Name what is lacking."""
        super().__init__(f"Le passage à {to} demande le champ « {field} » ; ajoutez-le.")
        self.field = field
