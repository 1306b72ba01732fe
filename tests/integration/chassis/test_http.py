"""The HTTP face: who may enter, how a mistake is told, what is said when something is away."""

import base64
import hmac
import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import asyncpg
import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey
from prometheus_client.parser import text_string_to_metric_families

from infra.devservers.postgres import Postgres
from services.chassis import migrate
from services.chassis import service as running
from services.chassis.http import BODY_BYTES_MAX
from services.chassis.tokens import AUDIENCE, ISSUER, Caller, mint
from services.roadmap.app import create_app
from services.roadmap.settings import Settings
from tests.integration.conftest import COORDINATION, until

# The subject, services/roadmap/api.py, has not marked its dependencies yet.
pytestmark = pytest.mark.filterwarnings("ignore:.*Inferred dependency")
SHEETS = f"/v1/coordinations/{COORDINATION}/action-sheets"
SHEET = {
    "action": "ouvrir-un-lieu",
    "number": 1,
    "title": "Ouvrir un lieu",
    "category": "ASSIST",
    "leads": ["cc-lomagne"],
}
ANNE = Caller(sub="anne", coordination=COORDINATION, roles=["secretary"])


@pytest.fixture(scope="module")
def key() -> OKPKey:
    return OKPKey.generate_key("Ed25519")


@pytest.fixture(scope="module")
def jwks_url(key):
    """Where a real server publishes the public key."""
    document = json.dumps({"keys": [{**key.as_dict(private=False), "kid": key.thumbprint()}]})

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self):  # The library's own name.
            self.send_response(200)
            self.end_headers()
            self.wfile.write(document.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/jwks"
    server.shutdown()
    server.server_close()


@pytest.fixture
def bearer(key):
    def of(caller: Caller = ANNE, now: datetime | None = None, signed_by=key) -> dict[str, str]:
        token = mint(signed_by, caller, now=now or datetime.now(UTC), jti="1")
        return {"authorization": f"Bearer {token}"}

    return of


@pytest.fixture
async def roadmap(make_settings, jwks_url, bearer, monkeypatch):
    """The roadmap service, started; `ask` calls it as Anne unless told otherwise."""
    monkeypatch.setattr(running, "PROOF_SECONDS", 0.05)
    begun = []

    async def start(**over):
        settings = await make_settings("roadmap", Settings, **{"jwks_url": jwks_url, **over})
        app, service = create_app(settings)
        await service.start()
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://roadmap", timeout=20)
        begun.append((client, service))

        async def ask(method: str, path: str, **options) -> httpx.Response:
            options.setdefault("headers", bearer())
            return await client.request(method, path, **options)

        return SimpleNamespace(ask=ask, service=service, settings=settings)

    yield start
    for client, service in begun:
        await client.aclose()
        await service.stop()


def problem(answer: httpx.Response, status: int, code: str, field: str | None = None) -> str:
    """Check that an answer is a problem document and return its French detail."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"]
    body = answer.json()
    assert body["type"] == f"urn:ctin:problem:{code.lower()}"
    assert (body["status"], body["code"]) == (status, code)
    assert body["title"]
    errors = body.get("errors", [])
    assert all(sorted(one) == ["code", "detail", "field"] for one in errors)
    if field is not None:
        assert [one["field"] for one in errors] == [field]
    return body["detail"]


async def test_a_good_token_of_the_right_role_and_coordination_enters(roadmap):
    """Negative control of all the refusals below."""
    it = await roadmap()
    answer = await it.ask("POST", SHEETS, json=SHEET)
    assert answer.status_code == 201
    assert answer.headers["x-request-id"]
    assert [one["action"] for one in (await it.ask("GET", SHEETS)).json()["items"]] == [
        "ouvrir-un-lieu"
    ]


async def test_a_request_without_a_token_is_told_to_bring_one(roadmap):
    it = await roadmap()
    detail = problem(await it.ask("GET", SHEETS, headers={}), 401, "E_TOKEN", "authorization")
    assert detail == "Cette adresse demande un jeton d'accès (Authorization: Bearer …)."


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _signed(key, *, claims=None, header=None):
    now = int(datetime.now(UTC).timestamp())
    usual = {
        "sub": "anne",
        "coordination": COORDINATION,
        "roles": ["secretary"],
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + 600,
        "jti": "1",
    }
    claims = {name: value for name, value in {**usual, **(claims or {})}.items() if value}
    kid = key.thumbprint()
    return jwt.encode(
        {"alg": "EdDSA", "typ": "at+jwt", "kid": kid, **(header or {})},
        claims,
        key,
        algorithms=["EdDSA"],
    )


def _forgeries(key: OKPKey) -> dict[str, str]:
    good = _signed(key)
    head, body, signature = good.split(".")
    symmetric = _b64(b'{"alg":"HS256","typ":"at+jwt","kid":"%s"}' % key.thumbprint().encode())
    by_hand = hmac.digest(key.as_pem(private=False), f"{symmetric}.{body}".encode(), "sha256")
    past = int((datetime.now(UTC) - timedelta(hours=1)).timestamp())
    return {
        "another key": _signed(OKPKey.generate_key("Ed25519")),
        "another key under our kid": _signed(
            OKPKey.generate_key("Ed25519"), header={"kid": key.thumbprint()}
        ),
        "the public key as a secret": f"{symmetric}.{body}.{_b64(by_hand)}",
        "no algorithm": f"eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{body}.",
        "no signature": f"{head}.{body}.",
        "another body": f"{head}.{body[:-4]}AAAA.{signature}",
        "over": _signed(key, claims={"exp": past}),
        "no end": _signed(key, claims={"exp": None}),
        "another audience": _signed(key, claims={"aud": "urn:other"}),
        "another issuer": _signed(key, claims={"iss": "urn:other"}),
        "another kind": _signed(key, header={"typ": "JWT"}),
        "no coordination": _signed(key, claims={"coordination": None}),
        "roles of another type": _signed(key, claims={"roles": "secretary"}),
        "two parts": f"{head}.{body}",
        "nothing": "",
        "not base64": "é.é.é",
        "a header that is no object": f"W10.{body}.{signature}",
        "too long": "a" * 5000,
    }


async def test_no_forged_token_enters(roadmap, key):
    it = await roadmap()
    for name, token in _forgeries(key).items():
        header = {"authorization": f"Bearer {token}".encode()}
        answer = await it.ask("GET", SHEETS, headers=header)
        assert answer.status_code == 401, (name, answer.text)
        problem(answer, 401, "E_TOKEN", "authorization")
    good = {"authorization": f"Bearer {_signed(key)}"}
    assert (await it.ask("GET", SHEETS, headers=good)).status_code == 200


async def test_a_role_without_the_right_is_refused(roadmap, bearer):
    it = await roadmap()
    observer = Caller(sub="o", coordination=COORDINATION, roles=["observer"])
    answer = await it.ask("POST", SHEETS, json=SHEET, headers=bearer(observer))
    assert "demande l'un des rôles" in problem(answer, 403, "E_ROLE")


async def test_a_token_of_another_coordination_is_refused(roadmap, bearer):
    it = await roadmap()
    stranger = Caller(sub="s", coordination="tarn", roles=["secretary"])
    answer = await it.ask("GET", SHEETS, headers=bearer(stranger))
    assert COORDINATION in problem(answer, 403, "E_ROLE")
    path = f"/v1/action-sheets/{COORDINATION}.ouvrir-un-lieu/transitions"
    move = {"to": "DROPPED", "on": "2026-03-01", "reason": "x"}
    problem(await it.ask("POST", path, json=move, headers=bearer(stranger)), 403, "E_ROLE")


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        (b"{", "", "Le JSON est mal formé ; vérifiez-le."),
        ({**SHEET, "more": 1}, "more", "n'existe pas dans ce contrat"),
        ({**SHEET, "number": "one"}, "number", "Une valeur de type int est attendue"),
        ({**SHEET, "number": 0}, "number", "La valeur doit être >= 1."),
        ({**SHEET, "category": "X"}, "category", "n'est pas dans la liste prévue"),
        ({k: v for k, v in SHEET.items() if k != "title"}, "title", "manque ; ajoutez-le"),
    ],
)
async def test_a_body_out_of_its_contract_is_refused_with_its_field(roadmap, body, field, said):
    it = await roadmap()
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = await it.ask("POST", SHEETS, content=content)
    assert said in problem(answer, 400, "E_FIELD", field)


async def test_a_query_out_of_its_bounds_is_refused_with_its_field(roadmap):
    it = await roadmap()
    problem(await it.ask("GET", f"{SHEETS}?limit=1000"), 400, "E_FIELD", "limit")


async def test_a_body_too_large_is_refused(roadmap):
    it = await roadmap()
    large = json.dumps({**SHEET, "title": "x" * BODY_BYTES_MAX}).encode()
    problem(await it.ask("POST", SHEETS, content=large), 413, "E_SIZE")

    async def drip():
        for start in range(0, len(large), 65536):
            yield large[start : start + 65536]

    problem(await it.ask("POST", SHEETS, content=drip()), 413, "E_SIZE")


async def test_an_unknown_address_and_an_unknown_method_are_told_apart(roadmap):
    it = await roadmap()
    problem(await it.ask("GET", "/v1/nothing/06-12-34-56-78"), 404, "E_UNKNOWN")
    answer = await it.ask("DELETE", SHEETS)
    problem(answer, 405, "E_METHOD")
    assert set(answer.headers["allow"].replace(" ", "").split(",")) >= {"GET", "POST"}
    metrics = (await it.ask("GET", "/metrics")).text
    assert "nothing" not in metrics, "a stranger's paths would fill the memory"


async def test_the_description_of_the_service_is_public(roadmap):
    it = await roadmap()
    answer = await it.ask("GET", "/schema/openapi.json", headers={})
    assert answer.status_code == 200
    assert SHEETS.replace(COORDINATION, "{coordination}") in answer.json()["paths"]


async def test_a_bug_shows_neither_its_stack_nor_its_sql(roadmap):
    it = await roadmap()
    connection = await asyncpg.connect(it.settings.database_url)
    await connection.execute("DROP TABLE steps, sheets")
    await connection.close()
    answer = await it.ask("GET", SHEETS)
    detail = problem(answer, 500, "E_BUG")
    assert detail == "Une erreur s'est produite ; rien n'a été enregistré."
    for word in ("sheets", "relation", "SELECT", "Traceback", "asyncpg", "Undefined"):
        assert word not in answer.text


async def test_while_postgresql_is_stopped_requests_are_told_to_come_back_and_then_pass(
    roadmap, ground
):
    server = Postgres(ground / "stopped", system_folder=ground / "stopped-system")
    server.start()
    try:
        await server.ensure_service("roadmap", "mot")
        url = server.service_url("roadmap").replace("//roadmap@", "//roadmap:mot@")
        connection = await asyncpg.connect(url)
        await migrate.migrate(connection, "services.roadmap")
        await connection.close()
        it = await roadmap(database_url=url)
        assert (await it.ask("POST", SHEETS, json=SHEET)).status_code == 201

        server.stop()
        answer = await it.ask("GET", SHEETS)
        problem(answer, 503, "E_AWAY")
        assert int(answer.headers["retry-after"]) > 0
        assert (await it.ask("GET", "/health/live")).status_code == 200
        ready = await it.ask("GET", "/health/ready")
        assert ready.status_code == 503
        assert "PostgreSQL ne répond pas" in ready.json()["missing"]

        server.start()
        answer = await it.ask("GET", SHEETS)
        assert [one["number"] for one in answer.json()["items"]] == [1]
        await until(lambda: is_ready(it))
        await it.service.stop()
    finally:
        server.stop()


async def is_ready(it) -> bool:
    return (await it.ask("GET", "/health/ready")).status_code == 200


async def test_while_nats_is_away_the_service_lives_accepts_and_says_what_lacks(roadmap, bus):
    it = await roadmap()
    await until(lambda: is_ready(it))
    bus.kill()
    await until(lambda: not it.service.streams.is_up)

    assert (await it.ask("GET", "/health/live")).json() == {"status": "live"}
    ready = await it.ask("GET", "/health/ready")
    assert ready.status_code == 503
    assert "NATS ne répond pas" in ready.json()["missing"]
    assert (await it.ask("POST", SHEETS, json=SHEET)).status_code == 201

    bus.start()
    await until(lambda: is_ready(it))
    await until(lambda: it.service.relays[0].published == 1)


async def test_a_pool_that_is_exhausted_sheds_requests(roadmap, monkeypatch):
    it = await roadmap(pool_size_max=1)
    assert (await it.ask("GET", SHEETS)).status_code == 200
    async with it.service.read():
        with monkeypatch.context() as patience:
            patience.setattr(running, "ACQUIRE_SECONDS_MAX", 0.1)
            problem(await it.ask("GET", SHEETS), 503, "E_AWAY")
    assert (await it.ask("GET", SHEETS)).status_code == 200


async def test_without_the_keys_of_tokens_nobody_enters_and_nobody_is_called_forged(roadmap):
    it = await roadmap(jwks_url="http://127.0.0.1:1/none")
    problem(await it.ask("GET", SHEETS), 503, "E_AWAY")


async def test_figures_are_in_the_format_of_prometheus(roadmap):
    it = await roadmap()
    await until(lambda: is_ready(it))
    await it.ask("POST", SHEETS, json=SHEET)

    async def shown_once_out() -> dict:
        text = (await it.ask("GET", "/metrics")).text
        found = {one.name: one for one in text_string_to_metric_families(text)}
        figures = [
            found[f"ctin_facts_{name}"].samples[0].value for name in ("published", "waiting")
        ]
        return found if figures == [1, 0] else {}

    families = await until(shown_once_out)
    route = {"route": "/v1/coordinations/{coordination}/action-sheets", "status": "201"}
    counted = {
        tuple(sorted(one.labels.items())): one.value
        for one in families["ctin_http_requests"].samples
        if one.name.endswith("_total")
    }
    assert counted[tuple(sorted(route.items()))] == 1
