"""Routes of access tokens: their keys, the systems that may ask for one, and the asking."""

from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post, put
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException, ValidationException
from litestar.params import Body, JSONBody, Parameter

from contracts.http.tokens import (
    AskToken,
    Client,
    PublishedKeys,
    RegisterClient,
    TokenDenied,
    TokenGiven,
)
from contracts.values import Role
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import PUBLIC, Asking, must_enter
from services.members import commands, model
from services.members.api.asking import OPERATE
from services.members.commands import Issuer
from services.members.errors import NoToken, RequestIsNotReadable

NEVER_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
KEPT = {"Cache-Control": "public, max-age=300"}


def _denied(_: Request[Any, Any, Any], denial: NoToken) -> Response[TokenDenied]:
    body = TokenDenied(error=denial.error, error_description=str(denial))
    return Response(body, status_code=denial.status, headers=NEVER_KEPT)


def _unreadable(request: Request[Any, Any, Any], _: Exception) -> Response[TokenDenied]:
    denial = RequestIsNotReadable(
        "Un formulaire est attendu, avec grant_type, client_assertion_type et client_assertion, "
        "chacun une fois."
    )
    return _denied(request, denial)


class Tokens(Controller):
    """The token endpoint of RFC 6749, for systems that hold a registered key."""

    tags = ("Jetons",)
    opt = PUBLIC.opt()
    exception_handlers = {
        NoToken: _denied,
        ValidationException: _unreadable,
        ClientException: _unreadable,
    }

    @get("/v1/jwks", sync_to_thread=False)
    def keys(self, issuer: Issuer) -> Response[PublishedKeys]:
        """Return the public keys that access tokens are checked against."""
        return Response(issuer.published(), headers=KEPT)

    @post("/v1/token", status_code=200)
    async def token(
        self,
        service: TheService,
        issuer: Issuer,
        data: Annotated[AskToken, Body(media_type=RequestEncodingType.URL_ENCODED)],
    ) -> Response[TokenGiven]:
        """Give an access token against an assertion signed by a registered key, once."""
        async with service.write() as connection:
            given = await commands.give_token(
                connection, data, issuer=issuer, now=ids.now(), new_id=ids.new_id
            )
        return Response(given, headers=NEVER_KEPT)


class Clients(Controller):
    """The systems that may ask for tokens."""

    tags = ("Jetons",)

    @put("/v1/clients/{client_id:str}", opt=OPERATE.opt())
    async def register(
        self,
        request: Asking,
        service: TheService,
        client_id: Annotated[str, Parameter(pattern=model.CLIENT_ID)],
        data: JSONBody[RegisterClient],
    ) -> Client:
        """Register a system, or change its roles and keys."""
        must_enter(request.user, data.coordination)
        async with service.write() as connection:
            row = await commands.register_client(connection, client_id, data, now=ids.now())
        return Client(
            client_id=row.client_id,
            coordination=row.coordination,
            organization=row.organization,
            roles=[Role(role) for role in row.roles],
            thumbprints=[key.thumbprint() for key in model.keys_of(row)],
        )
