"""Register systems, and give them access tokens against an assertion they sign."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec
from joserfc.jwk import OKPKey

from contracts.events.exchange import PartnerKeysChanged
from contracts.http import tokens as bodies
from contracts.values import Role
from services.chassis import tokens
from services.chassis.database import Connection
from services.chassis.errors import Unavailable
from services.members import model, store
from services.members.commands.seats import coordination_of
from services.members.errors import (
    ClientIsNotProven,
    GrantIsNotSupported,
    RecordDiffers,
    RequestIsNotReadable,
    ScopeIsTooWide,
)
from services.members.errors.tokens import NothingToGive
from services.members.model.days import day_of
from services.members.model.persons import PERSON
from services.members.model.standing import stand
from services.members.store import clients, persons, rights

GRANT = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ACR_SYSTEM = "private_key_jwt"
SYSTEM_MINUTES = 5
"""How long a token of an institution's system is good: a key that is revoked outlives itself so."""


class Issuer:
    """The key that signs access tokens, and the names this service is asked for one by."""

    def __init__(self, key: OKPKey | None, audiences: str) -> None:
        """Keep the key, and the names of a comma-separated list."""
        self._key = key
        self.audiences = frozenset(one.strip() for one in audiences.split(",") if one.strip())

    @property
    def key(self) -> OKPKey:
        """The private key.

        Raises:
            Unavailable: this service was started without one.
        """
        if self._key is None:
            raise Unavailable("Aucune clé ne signe les jetons ici.")
        return self._key

    def published(self) -> bodies.PublishedKeys:
        """Return the public key, by its thumbprint, as every service reads it."""
        public = self.key.as_dict(private=False)
        key = bodies.PublishedKey(
            kty="OKP", crv="Ed25519", x=str(public["x"]), kid=self.key.thumbprint()
        )
        return bodies.PublishedKeys(keys=[key])


async def register_client(
    connection: Connection, client_id: str, asked: bodies.RegisterClient, *, now: datetime
) -> model.Client:
    """Register a system, or bring its roles and keys to what is asked, as a rotation does.

    Raises:
        NoSuchCoordination: it was never founded.
        KeyIsNotAdmitted: a key is of another kind, or not on its curve.
        RecordDiffers: the client is of another coordination.
    """
    model.must_be_plain(asked)
    row = model.Client(
        client_id=client_id,
        coordination=asked.coordination,
        organization=asked.organization,
        roles=sorted({role.value for role in asked.roles}),
        jwk=model.jwk_of(asked.jwk, field="jwk"),
        jwk_next=model.jwk_of(asked.jwk_next, field="jwk_next") if asked.jwk_next else None,
    )
    async with connection.transaction():
        if asked.coordination != tokens.EVERY_COORDINATION:
            await coordination_of(connection, asked.coordination)
        if not await store.put_client(connection, row, now=now):
            raise RecordDiffers("Le client", client_id, field="coordination")
    return row


async def admit_system(connection: Connection, fact: PartnerKeysChanged, *, now: datetime) -> None:
    """Let an institution's system ask for tokens of a coordination under these keys alone.

    Its client is `<institution>.<coordination>`; without keys it is forgotten.
    """
    client_id = f"{fact.institution}.{fact.coordination}"
    if not fact.keys:
        await clients.drop_client(connection, client_id, fact.coordination)
        return
    jwks = [
        model.jwk_of(bodies.PublicJwk(kty=key.kty, crv=key.crv, x=key.x, y=key.y), field="keys")
        for key in fact.keys
    ]
    row = model.Client(
        client_id=client_id,
        coordination=fact.coordination,
        organization=fact.institution,
        roles=[Role.INSTITUTION.value],
        jwk=jwks[0],
        jwk_next=jwks[1] if len(jwks) > 1 else None,
    )
    await store.put_client(connection, row, now=now)


async def give_token(
    connection: Connection,
    asked: bodies.AskToken,
    *,
    issuer: Issuer,
    now: datetime,
    new_id: Callable[[], UUID],
) -> bodies.TokenGiven:
    """Return an access token for who signed the assertion, which is then used up.

    A system has the roles it was registered with; a person those of its rights and of its seats
    of the day, for one organisation.

    Raises:
        RequestIsNotReadable, GrantIsNotSupported: another kind of request.
        ClientIsNotProven: forged, over, misaddressed or replayed.
        ScopeIsTooWide: a role that the client was not given.
        NothingToGive: the person has no right and sits nowhere now.
        Unavailable: no key signs tokens here.
    """
    if asked.grant_type != GRANT:
        raise GrantIsNotSupported(f"Seul grant_type={GRANT} est admis ici.")
    if asked.client_assertion_type != ASSERTION_TYPE:
        raise RequestIsNotReadable(f"Seul client_assertion_type={ASSERTION_TYPE} est admis ici.")
    claimed = model.claimed_client(asked.client_assertion)
    if asked.client_id not in {None, claimed}:
        raise RequestIsNotReadable("Le client_id est autre que celui de l'assertion.")
    is_person = claimed.startswith(PERSON)
    find = persons.with_a_key if is_person else store.client
    client = await find(connection, claimed)
    proven = model.prove(asked.client_assertion, client, audiences=issuer.audiences, now=now)
    assert client is not None, "nothing is proven of an unknown client"
    if is_person:
        client = await _standing(connection, client, asked.organization, now=now)
    roles = _granted(client.roles, asked.scope)
    key = issuer.key
    async with connection.transaction():
        if not await store.use_assertion(connection, client.client_id, proven, now=now):
            raise ClientIsNotProven("Cette assertion a servi ; signez-en une autre (jti).")
    caller = tokens.Caller(
        sub=client.client_id,
        coordination=client.coordination,
        organization=client.organization,
        roles=roles,
        acr=ACR_SYSTEM,
    )
    minutes = SYSTEM_MINUTES if Role.INSTITUTION in roles else tokens.MINUTES_VALID
    return bodies.TokenGiven(
        access_token=tokens.mint(key, caller, now=now, minutes=minutes, jti=str(new_id())),
        expires_in=minutes * 60,
        scope=" ".join(roles),
    )


async def _standing(
    connection: Connection, person: model.Client, organization: str | None, *, now: datetime
) -> model.Client:
    held = await rights.rights_of(
        connection, person.coordination, person.client_id, today=day_of(now)
    )
    if not held:
        raise NothingToGive("Cette personne n'a pas de droit ni de mandat en cours ici.")
    standing = stand(held, preferred=organization)
    if standing is None and organization is None:
        raise RequestIsNotReadable("Cette personne agit pour plusieurs organismes : nommez-en un.")
    if standing is None or organization not in {None, standing.organization}:
        raise ScopeIsTooWide("Cette personne n'a pas de droit pour cet organisme.")
    return msgspec.structs.replace(person, organization=standing.organization, roles=standing.roles)


def _granted(roles: list[str], scope: str | None) -> list[str]:
    wanted = set((scope or "").split())
    if not wanted <= set(roles):
        raise ScopeIsTooWide("Ce client n'a pas toutes les permissions de ce scope.")
    return [role for role in roles if not wanted or role in wanted]
