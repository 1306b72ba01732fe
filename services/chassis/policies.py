"""Who may use a route: named on each route, denied where none is named."""

import re
from collections.abc import Awaitable, Callable

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.handlers.base import BaseRouteHandler

from services.chassis.database import Connection
from services.chassis.errors import Refusal
from services.chassis.tokens import Caller, Forged, Verifier

BEARER = "Bearer "
_SLUG = re.compile("[a-z][a-z0-9-]{1,39}")
Asking = Request[Caller, str, State]
"""A request that passed its policy: `user` is the caller."""
Enter = Callable[[Connection, Caller, str], Awaitable[Caller | None]]
"""What a service may know beyond a token: the caller as it is in a coordination, None if nobody."""


class Policy(msgspec.Struct, frozen=True):
    """A named right: the roles that have it; with none, everyone does."""

    name: str
    roles: frozenset[str] = frozenset()

    @property
    def is_public(self) -> bool:
        """Whether no token is asked for."""
        return not self.roles

    def opt(self) -> dict[str, "Policy"]:
        """Return what a route's `opt` must hold."""
        return {"policy": self}


PUBLIC = Policy("public")


class NoToken(Refusal):
    """The request carries no token, or one that is over or forged."""

    code, status, field = "E_TOKEN", 401, "authorization"


class NotAllowed(Refusal):
    """The token is good and does not open this."""

    code, status = "E_ROLE", 403


async def check(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """Let the request through, or refuse it; what it finds is `request.user`, a `Caller`.

    Where the path names a coordination, its roles are those it has there.

    Raises:
        NoToken: no token, or one that is forged or over.
        NotAllowed: the caller has none of the roles, or is of another coordination.
        NotFoundException: the coordination of the path is not even a slug.
    """
    policy = handler.opt.get("policy")
    if policy is None and connection.scope.get("method") == "OPTIONS":
        policy = PUBLIC  # The framework's own answer: which methods an address has, nothing more.
    assert isinstance(policy, Policy), f"{handler} names no policy"
    if policy.is_public:
        connection.scope["user"] = None
        return
    caller = await bearer(connection)
    coordination = connection.path_params.get("coordination")
    if coordination is not None:
        if not _SLUG.fullmatch(str(coordination)):
            raise NotFoundException
        if not caller.may_enter(str(coordination)):
            async with connection.app.state.service.read() as reading:
                caller = await _inside(connection, reading, caller, str(coordination))
    _must_have(policy, caller)
    connection.scope["user"] = caller


async def bearer(connection: ASGIConnection) -> Caller:  # type: ignore[type-arg]
    """Return who the token of a request speaks for.

    Raises:
        NoToken: there is none, or it is forged or over.
    """
    verifier: Verifier = connection.app.state.verifier
    header = connection.headers.get("authorization", "")
    if not header.startswith(BEARER):
        raise NoToken("Cette adresse demande un jeton d'accès (Authorization: Bearer …).")
    try:
        return await verifier.caller(header.removeprefix(BEARER))
    except Forged:
        raise NoToken("Le jeton est faux ou expiré ; demandez-en un autre.") from None


async def entered(request: Asking, reading: Connection, home: str) -> Caller:
    """Return the caller as it is in `home`, the coordination of what the path names.

    It is `request.user` from then on. A route whose path names no coordination asks this once it
    knows where its object belongs, and does nothing before.

    Raises:
        NotAllowed: the caller is nobody there, or has none of the route's roles there.
    """
    if not request.user.may_enter(home):
        caller = await _inside(request, reading, request.user, home)
        _must_have(request.route_handler.opt["policy"], caller)
        request.scope["user"] = caller
    return request.user


async def _inside(
    connection: ASGIConnection,  # type: ignore[type-arg]
    reading: Connection,
    caller: Caller,
    coordination: str,
) -> Caller:
    enter: Enter | None = connection.app.state.enter
    inside = await enter(reading, caller, coordination) if enter else None
    must_enter(inside or caller, coordination)
    return inside or caller


def _must_have(policy: Policy, caller: Caller) -> None:
    if policy.roles.isdisjoint(caller.roles):
        asked = ", ".join(sorted(policy.roles))
        raise NotAllowed(f"Ce droit ({policy.name}) demande l'un des rôles : {asked}.")


def must_enter(caller: Caller, coordination: str) -> None:
    """Refuse a caller of another coordination, whatever it may do there beyond its token.

    Raises:
        NotAllowed: the token is for another coordination.
    """
    if not caller.may_enter(coordination):
        raise NotAllowed(f"Votre jeton n'ouvre pas la coordination « {coordination} ».")
