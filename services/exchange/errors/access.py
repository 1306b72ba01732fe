"""Refusals about who joins the exchange, and under which keys."""

from datetime import date

from services.chassis.errors import Refusal


class KeyIsNotSound(Refusal):
    """A key that could prove nobody."""

    code, status = "E_KEY", 422

    def __init__(self, field: str, wanted: str) -> None:
        """Say which field, and which key is wanted there."""
        super().__init__(f"Dans « {field} », {wanted}, est attendue ; vérifiez-la.")
        self.field = field


class KeyIsTaken(Refusal):
    """A key stands for one institution, once: one that was revoked never serves again."""

    code, field = "E_TAKEN", "keys"

    def __init__(self, key_id: str) -> None:
        """Name the key."""
        super().__init__(f"La clé {key_id} est déjà connue ici ; faites-en une autre.")


class TokenIsRevoked(Refusal):
    """A token was given before a key of its institution was revoked."""

    code, status, field = "E_TOKEN", 401, "authorization"


class TooManyKeys(Refusal):
    """Two keys of a kind at a time: the one in use and the one that replaces it."""

    code, status, field = "E_KEYS", 409, "keys"

    def __init__(self, most: int) -> None:
        """Say what to do first."""
        super().__init__(f"{most} clés de cette sorte sont déjà en vigueur ; révoquez-en une.")


class OneKeyIsAsked(Refusal):
    """A key is added for one use."""

    code, status, field = "E_FIELD", 422, "nkey"

    def __init__(self) -> None:
        """Say which fields."""
        super().__init__("Donnez exactement l'un des champs « nkey » et « jwk ».")


class NoSuchKey(Refusal):
    """No key of this institution has this identifier."""

    code, status, field = "E_UNKNOWN", 404, "key"

    def __init__(self, key_id: str) -> None:
        """Name the key that was asked for."""
        super().__init__(f"Aucune clé {key_id} n'est connue pour cette institution.")


class NameIsNotPlain(Refusal):
    """A name is an organisation's, on one line, and nobody's data."""

    code, status, field = "E_TEXT", 422, "name"

    def __init__(self) -> None:
        """Say what to give."""
        super().__init__(
            "Le nom d'un organisme est attendu, sur une ligne, sans donnée personnelle."
        )


class InvitesAgain(Refusal):
    """An institution that has keys is invited again by the operator alone."""

    code, status, field = "E_ROLE", 403, "institution"

    def __init__(self, institution: str) -> None:
        """Say who may."""
        super().__init__(
            f"« {institution} » est déjà admise ; seul l'exploitant lui redonne un code."
        )


class InvitationDiffers(Refusal):
    """The id names another invitation."""

    code, field = "E_DIFFERS", "id"

    def __init__(self, invitation_id: object) -> None:
        """Name it."""
        super().__init__(f"L'invitation {invitation_id} existe déjà, avec un autre contenu.")


class CodeIsUnknown(Refusal):
    """A code that opens nothing: wrong or replaced, which a stranger is not told."""

    code, status, field = "E_CODE", 404, "code"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("Ce code n'ouvre rien ; vérifiez-le ou demandez une autre invitation.")


class CodeIsUsed(Refusal):
    """A code serves once."""

    code, field = "E_USED", "code"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("Ce code a déjà servi ; demandez une autre invitation.")


class InvitationIsOver(Refusal):
    """An invitation is open for some days only."""

    code, field = "E_OVER", "code"

    def __init__(self, day: date) -> None:
        """Say since when."""
        super().__init__(f"Cette invitation a pris fin le {day:%d/%m/%Y} ; demandez-en une autre.")


class NotThatInstitution(Refusal):
    """An institution's system acts for itself."""

    code, status, field = "E_INSTITUTION", 403, "institution"

    def __init__(self, institution: str) -> None:
        """Name the institution."""
        super().__init__(f"Votre jeton n'est pas celui de « {institution} ».")


class NoSuchRun(Refusal):
    """No conformance run of this institution has this identifier."""

    code, status, field = "E_UNKNOWN", 404, "run"

    def __init__(self, run_id: object) -> None:
        """Name the run that was asked for."""
        super().__init__(f"Aucun essai de conformité {run_id} n'est en cours pour vous.")
