"""Persons, seats and keys, as several tests of the members service make them."""

import time
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import OKPKey

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
AUDIENCE = "https://membres.test/v1/token"
ANNE = {"name": "Anne Fictive", "email": "anne@exemple.test", "phone": "+33 5 61 00 00 01"}


class People:
    """What a secretariat does for persons of one coordination, and what a person does itself."""

    def __init__(self, http, pool, headers, coordination):
        self.http, self.pool, self.headers = http, pool, headers
        self.coordination = coordination
        self.base = f"/v1/coordinations/{coordination}"

    async def ask(self, method, path, body=None, *, headers=None):
        return await self.http.request(method, path, json=body, headers=headers or self.headers)

    async def person(self, **over):
        answer = await self.ask("POST", f"{self.base}/persons", {**ANNE, **over})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    async def invited(self, person, *roles, **more):
        asked = {"person": person, "roles": list(roles), **more}
        answer = await self.ask("POST", f"{self.base}/invitations", asked)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def accept(self, code, *, key=None, headers=None):
        body = {"code": code, **({"jwk": key.as_dict(private=False)} if key else {})}
        return await self.http.post("/v1/invitations/accept", json=body, headers=headers)

    async def enrolled(self, *roles, **more):
        """Return a person that accepted its invitation, its subject and its private key."""
        person, key = await self.person(), OKPKey.generate_key("Ed25519")
        given = await self.invited(person, *roles, **more)
        answer = await self.accept(given["code"], key=key)
        assert answer.status_code == 200, answer.text
        return person, answer.json()["subject"], key

    async def member(self, organization, *, state="CONFIRMED"):
        """Return the id of a member that an organisation is here."""
        query = """INSERT INTO organizations (organization, name, kind, siret_is_doubtful)
                   VALUES ($1, $1, 'CAF', false) ON CONFLICT DO NOTHING"""
        await self.pool.execute(query, organization)
        query = """INSERT INTO members (coordination, member_id, organization, college, roles,
                                        effective_on, state, confirmed_at)
                   VALUES ($1, $2, $3, 'INSTITUTIONAL', '{}', '2026-01-01', $4, now())"""
        member = uuid4()
        await self.pool.execute(query, self.coordination, member, organization, state)
        return member

    async def seat(self, person, member, *, rank="HOLDER", kind="TECHNICAL", days=(-30, None)):
        """Seat a person from some days ago to some days ahead, both included."""
        query = """INSERT INTO seats (coordination, seat_id, member_id, person_id, rank, kind,
                                      valid_from, valid_until)
                   VALUES ($1, $2, $3, $4, $5, $6,
                           (now() AT TIME ZONE 'Europe/Paris')::date + $7::int,
                           (now() AT TIME ZONE 'Europe/Paris')::date + $8::int)"""
        seat = uuid4()
        await self.pool.execute(query, self.coordination, seat, member, person, rank, kind, *days)
        return str(seat)

    async def attended(self, seat, member):
        """Say that a seat was in the room of a session, and return its id."""
        session = uuid4()
        query = """INSERT INTO sessions (coordination, session_id, title, starts_at, notice_days,
                                         call, state, convened_at)
                   VALUES ($1, $2, 'Plénière', now(), 5, 1, 'OPEN', now())"""
        await self.pool.execute(query, self.coordination, session)
        query = """INSERT INTO attendances (coordination, session_id, attendee, present_from,
                                            member_id, seat_id, rank, kind, recorded_at)
                   VALUES ($1, $2, $3, now(), $4, $3, 'HOLDER', 'ELECTED', now())"""
        await self.pool.execute(query, self.coordination, session, seat, member)
        return str(session)

    async def reached(self, organization, person):
        """Say that an organisation is reached through a person."""
        query = """INSERT INTO organization_contacts (coordination, organization, rank, person_id)
                   VALUES ($1, $2, 1, $3)"""
        await self.pool.execute(query, self.coordination, organization, person)

    async def token(self, subject, key, **more):
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion(subject, key),
            **more,
        }
        return await self.http.post("/v1/token", data=form)

    async def bearing(self, subject, key, **more):
        """Return the headers of a person that got its token."""
        answer = await self.token(subject, key, **more)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def assertion(subject, key, *, alg=None, header=None, **changed):
    """Return an assertion as a person signs it; None takes a claim away."""
    claims = {
        "iss": subject,
        "sub": subject,
        "aud": AUDIENCE,
        "exp": int(time.time()) + 120,
        "iat": int(time.time()),
        "jti": str(uuid4()),
        **changed,
    }
    alg = alg or ("EdDSA" if key.key_type == "OKP" else "ES256")
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": alg, **(header or {})}, kept, key, algorithms=[alg])


def refusal(answer):
    """Return status, code, field and sentence of a refusal."""
    body = answer.json()
    field = body["errors"][0]["field"] if body.get("errors") else ""
    return answer.status_code, body["code"], field, body["detail"]
