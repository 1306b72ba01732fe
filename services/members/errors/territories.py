"""Refusals about territories: what the Code officiel géographique does not know or allow."""

from services.chassis.errors import Refusal


class NoSuchTerritory(Refusal):
    """A territory that is asked about is not in the Code officiel géographique."""

    code, status = "E_UNKNOWN", 404

    def __init__(self, code: str, *, field: str) -> None:
        """Name the code, and how the territories are brought."""
        super().__init__(
            f"Le code « {code} » n'est pas dans le Code officiel géographique chargé ici ; "
            "vérifiez-le, ou chargez les fichiers de l'INSEE par « ctin import cog »."
        )
        self.field = field


class TerritoryIsUnknown(Refusal):
    """A coordination is founded on a code that is not in the Code officiel géographique."""

    code, status = "E_UNKNOWN", 422

    def __init__(self, code: str, *, field: str) -> None:
        """Name the code, and how the territories are brought."""
        super().__init__(
            f"Le code « {code} » n'est pas dans le Code officiel géographique chargé ici ; "
            "vérifiez-le, chargez les fichiers de l'INSEE par « ctin import cog », "
            "ou donnez les communes une à une."
        )
        self.field = field


class TerritoryIsNotSaid(Refusal):
    """A coordination is founded on no territory, or on several said differently."""

    code, status, field = "E_FIELD", 422, "communes"

    def __init__(self) -> None:
        """Say what one must choose from."""
        super().__init__(
            "Donnez le territoire d'une seule façon : siren, commune, department, epcis, "
            "ou bien communes avec level et name."
        )


class LevelDoesNotFit(Refusal):
    """The level that is given is not that of the territory."""

    code, status, field = "E_FIELD", 422, "level"

    def __init__(self, level: str, *, fits: str) -> None:
        """Name both levels."""
        super().__init__(f"Ce territoire est de niveau {fits}, non {level} ; corrigez le niveau.")


class ParentDoesNotFit(Refusal):
    """A coordination is put under one that cannot hold it."""

    code, status, field = "E_PARENT", 422, "parent"
