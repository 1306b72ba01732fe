"""Every refusal the members service may give, with the sentence the reader will see."""

from typing import ClassVar

from services.chassis.errors import Refusal


class NoSuchCoordination(Refusal):
    """No coordination has this slug."""

    code, status, field = "E_UNKNOWN", 404, "coordination"

    def __init__(self, coordination: str) -> None:
        """Name the coordination that was asked for."""
        super().__init__(f"Aucune coordination ne s'appelle « {coordination} » ; vérifiez son nom.")


class NoSuchAgreement(Refusal):
    """No sharing agreement has this identifier."""

    code, status, field = "E_UNKNOWN", 404, "id"

    def __init__(self, agreement_id: object) -> None:
        """Name the agreement that was asked for."""
        super().__init__(f"Aucune convention ne porte l'identifiant {agreement_id}.")


class RecordDiffers(Refusal):
    """The same identifier already names a record with another content."""

    code = "E_DIFFERS"

    def __init__(self, what: str, name: object, *, field: str = "id") -> None:
        """Name the record that is there; `what` begins the sentence, as in `L'avis`."""
        super().__init__(
            f"{what} « {name} » existe avec un autre contenu ; prenez un autre identifiant."
        )
        self.field = field


class OrganizationDiffers(Refusal):
    """An organisation is described once, the same for every coordination."""

    code = "E_DIFFERS"

    def __init__(self, organization: str, *, field: str, known: str | None) -> None:
        """Say what is known of the organisation, in the field that differs."""
        super().__init__(
            f"L'organisme « {organization} » est déjà connu avec « {known or 'rien'} » dans le "
            f"champ « {field} » ; reprenez cette valeur ou prenez un autre identifiant."
        )
        self.field = field


class OrganizationSitsAlready(Refusal):
    """An organisation has one seat, in one college, in a coordination."""

    code, field = "E_DIFFERS", "college"

    def __init__(self, organization: str, college: str) -> None:
        """Say where the organisation sits."""
        super().__init__(
            f"« {organization} » siège déjà dans le collège {college} ; "
            "un organisme n'a qu'un siège par coordination."
        )


class SectionIsElsewhere(Refusal):
    """Citizens sit in the college of digital mediation."""

    code, status, field = "E_FIELD", 422, "section"

    def __init__(self, college: str) -> None:
        """Name the college that was asked for."""
        super().__init__(
            f"La section CITIZEN siège dans le collège DIGITAL_MEDIATION, non dans {college}."
        )


class CitizensHaveNoSiret(Refusal):
    """Citizens are not an establishment."""

    code, status, field = "E_FIELD", 422, "siret"

    def __init__(self) -> None:
        """Say what to remove."""
        super().__init__("La section CITIZEN siège sans SIRET ; retirez-le.")


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


class AreasDoNotFit(Refusal):
    """An agreement opens `_all`, or communes of its coordination."""

    code, status, field = "E_FIELD", 422, "areas"

    def __init__(self, area: str) -> None:
        """Name the first area that does not fit."""
        super().__init__(
            f"« {area} » ne convient pas : donnez « _all » seul, "
            "ou des communes de la coordination."
        )


class TypeIsNotShared(Refusal):
    """An agreement opens only what institutions may send or be delivered."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str, event_type: str, *, known: list[str]) -> None:
        """Name the type that cannot be opened, and those that can."""
        super().__init__(
            f"« {event_type} » ne se partage pas ainsi ; types admis : {', '.join(known)}."
        )
        self.field = field


class InstitutionIsNotParty(Refusal):
    """The institution an agreement opens to signs it."""

    code, status, field = "E_FIELD", 422, "parties"

    def __init__(self, institution: str) -> None:
        """Name the institution that is missing."""
        super().__init__(f"« {institution} » n'est pas parmi les parties ; ajoutez-la.")


class StepNotOpen(Refusal):
    """An agreement moves only along its steps."""

    code, field = "E_STATE", "state"

    def __init__(self, agreement_id: object, *, state: str, to: str) -> None:
        """Say where the agreement stands and where it cannot go."""
        super().__init__(f"La convention {agreement_id} est {state} : elle ne peut devenir {to}.")


class DecisionIsAnothers(Refusal):
    """A funder records its own decisions, nobody else's."""

    code, status, field = "E_ROLE", 403, "funder"

    def __init__(self, funder: str) -> None:
        """Name the funder whose decision it would be."""
        super().__init__(f"Votre jeton n'engage pas le financeur « {funder} ».")


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


class KeyIsNotAdmitted(Refusal):
    """A key that cannot prove a client."""

    code, status = "E_KEY", 422

    def __init__(self, field: str) -> None:
        """Say which keys can."""
        super().__init__("Une clé publique Ed25519 ou P-256, écrite en JWK, est attendue.")
        self.field = field


class NoToken(Refusal):
    """No access token is given; answered as RFC 6749 section 5.2 says.

    `error` is one of that section's codes, and the sentence keeps to its characters: no accents.
    """

    code, status = "E_TOKEN", 400
    error: ClassVar[str] = "invalid_request"


class RequestIsNotReadable(NoToken):
    """A parameter is missing, given twice, or of another form."""


class GrantIsNotSupported(NoToken):
    """Only `client_credentials` is."""

    error = "unsupported_grant_type"


class ScopeIsTooWide(NoToken):
    """The client asks for roles it was not given."""

    error = "invalid_scope"


class ClientIsNotProven(NoToken):
    """The assertion does not prove who calls."""

    status = 401
    error = "invalid_client"
