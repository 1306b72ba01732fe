"""Refusals about what is written beside the ledger."""

from datetime import date

from services.chassis.errors import Refusal
from services.funding.errors.shown import day


class WrittenDiffers(Refusal):
    """The same slug already names something else."""

    code, field = "E_DIFFERS", "id"

    def __init__(self, what: str, slug: str) -> None:
        """Name what is there."""
        super().__init__(
            f"{what} « {slug} » existe avec un autre contenu ; prenez un autre identifiant."
        )


class DaysReversed(Refusal):
    """A fund ends on its first day or later."""

    code, status, field = "E_FIELD", 400, "valid_until"

    def __init__(self, valid_from: date, valid_until: date) -> None:
        """Say both days."""
        super().__init__(
            f"La fin ({day(valid_until)}) précède le début ({day(valid_from)}) ; corrigez l'une "
            "des deux."
        )


class SiretIsWrong(Refusal):
    """A SIRET that is published has right keys, and begins with its body's SIREN."""

    code, status, field = "E_SIRET", 422, "siret"

    def __init__(self, siret: str) -> None:
        """Repeat it."""
        super().__init__(
            f"« {siret} » n'est pas le SIRET de ce corps : sa clé est fausse, ou il ne commence "
            "pas par son SIREN ; vérifiez-le."
        )


class NoSuchKind(Refusal):
    """A file is of a kind that this service takes."""

    code, status, field = "E_UNKNOWN", 404, "kind"

    def __init__(self, kind: str, known: list[str]) -> None:
        """Name the kind and those that are taken."""
        super().__init__(
            f"Le genre de fichier « {kind} » n'est pas pris ici ; prenez-en un parmi : "
            f"{', '.join(known)}."
        )


class NoSuchExport(Refusal):
    """A file is exported under a name that exists."""

    code, status, field = "E_UNKNOWN", 404, "name"

    def __init__(self, name: str, known: list[str]) -> None:
        """Name it and those that exist."""
        super().__init__(
            f"Rien ne s'exporte sous le nom « {name} » ; prenez-en un parmi : {', '.join(known)}."
        )


class AgreementIsNotNamed(Refusal):
    """A financial report is about one agreement."""

    code, status, field = "E_AGREEMENT", 422, "agreement"

    def __init__(self) -> None:
        """Say what to add."""
        super().__init__(
            "Un compte rendu financier porte sur une convention ; donnez son identifiant dans "
            "« agreement »."
        )
