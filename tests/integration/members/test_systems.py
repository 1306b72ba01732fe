"""Systems of institutions get tokens under the keys that the exchange tells of, and no other."""

from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import pytest
from joserfc.jwk import ECKey, OKPKey

from contracts.envelope import Event
from contracts.events.exchange import PartnerKeysChanged, PublicKey
from services.chassis.consumer import Delivery
from services.chassis.streams import Received
from services.chassis.tokens import Verifier
from services.members.consumers import SOURCES
from tests.integration.members.test_client_assertions import ask, must_be_denied, public, signed

(EXCHANGE,) = SOURCES
FIRST, SECOND = OKPKey.generate_key("Ed25519"), ECKey.generate_key("P-256")


def public_key(key):
    named = {name: value for name, value in public(key).items() if name in {"kty", "crv", "x", "y"}}
    return msgspec.convert(named, PublicKey)


@pytest.fixture
def tell(pool):
    """Hand the exchange's facts to the handler registered for them."""

    async def told(institution, coordination, *keys):
        fact = PartnerKeysChanged(
            coordination=coordination,
            institution=institution,
            keys=[public_key(key) for key in keys],
        )
        event = Event(
            id=str(uuid4()),
            source="urn:ctin:service:exchange",
            type=fact.TYPE,
            time=datetime(2026, 6, 1, tzinfo=UTC),
            data=msgspec.json.encode(fact),
        )
        message = Received("evt.exchange", event.data, {}, 1, 0, "", 0)
        async with pool.acquire() as connection, connection.transaction():
            await EXCHANGE.handlers[fact.TYPE](connection, [Delivery(event, message)])

    return told


async def test_a_told_key_opens_five_minutes_in_its_coordination(http, tell, published_keys):
    institution = f"inst-{uuid4().hex[:8]}"
    await tell(institution, "gers-numerique", FIRST)
    client = f"{institution}.gers-numerique"

    answer = await ask(http, signed(client, key=FIRST))

    assert (answer.status_code, answer.json()["expires_in"]) == (200, 300)
    caller = await Verifier(published_keys.url).caller(answer.json()["access_token"])
    assert (caller.sub, caller.coordination, caller.organization, caller.roles) == (
        client,
        "gers-numerique",
        institution,
        ["institution"],
    )
    elsewhere = await ask(http, signed(f"{institution}.tarn-numerique", key=FIRST))
    must_be_denied(elsewhere, "invalid_client", 401)


async def test_keys_rotate_and_a_revoked_one_proves_nothing(http, tell):
    institution = f"inst-{uuid4().hex[:8]}"
    client = f"{institution}.gers-numerique"

    async def opens(key, alg):
        return (await ask(http, signed(client, key=key, alg=alg))).status_code == 200

    await tell(institution, "gers-numerique", FIRST)
    seen = [(await opens(FIRST, "EdDSA"), await opens(SECOND, "ES256"))]
    await tell(institution, "gers-numerique", FIRST, SECOND)
    seen.append((await opens(FIRST, "EdDSA"), await opens(SECOND, "ES256")))
    await tell(institution, "gers-numerique", SECOND)
    seen.append((await opens(FIRST, "EdDSA"), await opens(SECOND, "ES256")))
    await tell(institution, "gers-numerique")
    seen.append((await opens(FIRST, "EdDSA"), await opens(SECOND, "ES256")))
    await tell(institution, "gers-numerique")
    seen.append((await opens(FIRST, "EdDSA"), await opens(SECOND, "ES256")))

    assert seen == [(True, False), (True, True), (False, True), (False, False), (False, False)]


async def test_an_assertion_used_before_a_rotation_is_not_good_again_after_it(http, tell):
    institution = f"inst-{uuid4().hex[:8]}"
    client = f"{institution}.gers-numerique"
    await tell(institution, "gers-numerique", FIRST)
    assertion = signed(client, key=FIRST)
    assert (await ask(http, assertion)).status_code == 200

    await tell(institution, "gers-numerique")
    await tell(institution, "gers-numerique", FIRST)

    must_be_denied(await ask(http, assertion), "invalid_client", 401)
