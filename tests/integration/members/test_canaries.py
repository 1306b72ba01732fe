"""A person's name, e-mail and telephone planted through every route: found nowhere else."""

import base64
import json
from uuid import uuid4

import httpx
import pytest
from joserfc.jwk import OKPKey
from structlog.testing import capture_logs

from contracts.streams import stream_of
from services.chassis.streams import Streams
from services.members.app import create_app
from services.members.settings import Settings
from tests.integration.conftest import until
from tests.integration.members.people import People

CANARY = {
    "name": "Zéphyrine Canari-Fictive",
    "email": "zephyrine.canari@exemple.test",
    "phone": "+33 5 99 00 11 22",
}
OTHER = {
    "name": "Théodule Canari-Fictif",
    "email": "theodule.canari@exemple.test",
    "phone": "+33 5 99 33 44 55",
}
PLANTED = [value for person in (CANARY, OTHER) for value in person.values()]


def holds(text: str) -> list[str]:
    """Return which planted values a text holds."""
    return [value for value in PLANTED if value in text]


@pytest.fixture
async def members(make_settings, bus, published_keys, signing_key, tmp_path):
    """The members service on a bus of its own, and its database."""
    (tmp_path / "key.json").write_text(json.dumps(signing_key.as_dict(private=True)))
    settings = await make_settings(
        "members",
        Settings,
        jwks_url=published_keys.url,
        signing_key_file=str(tmp_path / "key.json"),
        token_audiences="https://membres.test/v1/token",
    )
    app, service = create_app(settings)
    await service.start()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://membres.test") as client:
        yield client, service
    await service.stop()


async def walk(people):
    """Do all that can be done with a person, and all that is refused."""
    person = await people.person(**CANARY)
    address = f"{people.base}/persons/{person}"
    key = OKPKey.generate_key("Ed25519")
    await people.ask("POST", f"{people.base}/persons", {**CANARY, "id": person, "email": "x"})
    await people.ask("POST", f"{people.base}/persons", {**OTHER, "id": person})
    await people.ask("POST", f"{people.base}/persons", {**CANARY, "organization": "nowhere"})
    await people.ask("POST", f"{people.base}/persons", {**CANARY, "name": CANARY["name"] + "\0"})
    await people.ask("PUT", address, OTHER)
    code = (await people.invited(person, "observer", "secretary"))["code"]
    subject = (await people.accept(code, key=key)).json()["subject"]
    own = await people.bearing(subject, key)
    for tail in ("", "/export"):
        answer = await people.ask("GET", address + tail, headers=own)
        assert holds(answer.text), "what is planted is there to be found"
    for path in ("persons", "invitations", "rights"):
        await people.ask("GET", f"{people.base}/{path}", headers=own)
    await people.ask("GET", "/v1/me", headers=own)
    await people.ask("PUT", address, CANARY, headers=own)
    member = await people.member(f"o-{uuid4().hex[:8]}")
    await people.seat(person, member)
    await people.ask("POST", "/v1/me/token", {"coordination": people.coordination}, headers=own)
    return person


async def texts_of(pool):
    """Return every row of every table as text, with its table."""
    query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    for (table,) in await pool.fetch(query):
        for row in await pool.fetch(f"SELECT t AS row FROM {table} AS t"):
            yield table, str(row)
    for row in await pool.fetch("SELECT data, subject, aggregate FROM ev"):
        yield "ev", f"{row['data'].decode()} {row['subject']} {row['aggregate']}"


async def messages(bus):
    """Return every message of the service's stream: subject, headers and body."""
    client = Streams(url=bus.url, seed=bus.seeds["admin"], name="admin")
    await client.start()
    await client.connected()
    stream = stream_of("members")
    state = (await client.api(f"STREAM.INFO.{stream}"))["state"]
    found = []
    for seq in range(max(1, state["first_seq"]), state["last_seq"] + 1):
        message = (await client.api(f"STREAM.MSG.GET.{stream}", {"seq": seq}))["message"]
        parts = [message[name] for name in ("hdrs", "data") if name in message]
        told = [base64.b64decode(part).decode() for part in parts]
        found.append(" ".join([message["subject"], *told]))
    await client.stop()
    return found


async def test_a_persons_data_are_in_its_record_and_nowhere_else(members, bus, bearer):
    client, service = members
    slug = f"c-{uuid4().hex[:12]}"
    founded = {"slug": slug, "name": "Essai", "level": "COMMUNE", "communes": ["31446"]}
    with capture_logs() as logs:
        await client.post("/v1/coordinations", json=founded, headers=bearer())
        people = People(client, service.pool, bearer("coordinator", slug), slug)
        person = await walk(people)

        kept = [table async for table, text in texts_of(service.pool) if holds(text)]
        assert kept == ["persons"]

        erased = await people.ask("POST", f"{people.base}/persons/{person}/erase")
        assert erased.status_code == 200

    kept = [table async for table, text in texts_of(service.pool) if holds(text)]
    assert kept == []
    await until(lambda: service.pool.fetchval("SELECT NOT EXISTS (SELECT 1 FROM ev_pending)"))
    sent = await messages(bus)
    assert any("person_erased" in one for one in sent)
    assert [one for one in sent if holds(one)] == []
    assert len(logs) > 15
    assert [line for line in logs if holds(str(line))] == []
