"""Refusals to those who ask for a token."""

from typing import ClassVar

from services.chassis.errors import Refusal


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


class NothingToGive(NoToken):
    """A person without a right or a current seat gets no token."""

    error = "unauthorized_client"
