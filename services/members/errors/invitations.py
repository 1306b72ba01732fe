"""Refusals about invitations."""

from services.chassis.errors import Refusal


class NoSuchInvitation(Refusal):
    """No invitation has this identifier."""

    code, status, field = "E_UNKNOWN", 404, "id"

    def __init__(self, invitation_id: object) -> None:
        """Name the invitation that was asked for."""
        super().__init__(f"Aucune invitation ne porte l'identifiant {invitation_id}.")


class RoleNeedsOrganization(Refusal):
    """Who funds does so for an organisation."""

    code, status, field = "E_FIELD", 422, "organization"

    def __init__(self, role: str) -> None:
        """Name the role."""
        super().__init__(f"Le rôle « {role} » se donne pour un organisme ; nommez-le.")


class InvitesAbove(Refusal):
    """A coordinator is invited by one, or by the operator."""

    code, status, field = "E_ROLE", 403, "roles"

    def __init__(self) -> None:
        """Say who may."""
        super().__init__(
            "Le rôle « coordinator » ne se donne que par la coordination ou l'exploitant."
        )


class CodeIsUnknown(Refusal):
    """A code that opens nothing: wrong, replaced or withdrawn, which a stranger is not told."""

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

    code, field = "E_EXPIRED", "code"

    def __init__(self, expired_at: object) -> None:
        """Say since when."""
        super().__init__(f"Cette invitation a expiré le {expired_at} ; demandez-en une autre.")


class InvitationIsClosed(Refusal):
    """An invitation that was accepted or withdrawn does not move any more."""

    code, field = "E_STATE", "id"

    def __init__(self, invitation_id: object, *, state: str) -> None:
        """Say where it stands."""
        super().__init__(f"L'invitation {invitation_id} est {state} ; faites-en une autre.")


class KeyOrToken(Refusal):
    """A person proves who it is by its own key, or by the token of its sign-in."""

    code, status, field = "E_FIELD", 422, "jwk"

    def __init__(self) -> None:
        """Say what is missing, or too much."""
        super().__init__(
            "Donnez soit une clé publique (jwk), soit le jeton de votre connexion, pas les deux."
        )


class SubjectIsAnothers(Refusal):
    """Who signs in under one name is one person in a coordination."""

    code, field = "E_DIFFERS", "authorization"

    def __init__(self) -> None:
        """Say what is true."""
        super().__init__(
            "Ce compte est déjà celui d'une autre personne de cette coordination ; "
            "connectez-vous sous le vôtre."
        )
