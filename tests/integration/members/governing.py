"""What the tests of memberships, seats and committees share: bodies, and persons to seat."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

SINCE = "2026-01-01"


def organization_of(**changed):
    """Return the body of a demand for a seat, by an organisation that no other test knows."""
    return {
        "organization": f"o-{uuid4().hex[:12]}",
        "name": "Le Ruban Vert (fictif)",
        "kind": "SOCIAL_CENTRE",
        "college": "DIGITAL_MEDIATION",
        "asked_on": SINCE,
        "reason": "Deux centres sociaux, associés dès le début",
        **changed,
    }


def step(**changed):
    """Return the body of an act on a membership."""
    return {"effective_on": "2026-02-01", "reason": "Avis des trois collèges (fictif)", **changed}


def seat(person, member, **changed):
    """Return the body of a seat."""
    return {
        "id": str(uuid4()),
        "person": str(person),
        "member": member,
        "kind": "ELECTED",
        "valid_from": "2026-03-01",
        **changed,
    }


def committee(slug="groupe-projet", **changed):
    """Return the body of a committee."""
    return {
        "committee": slug,
        "name": "Groupe projet (fictif)",
        "type": "PROJECT_GROUP",
        "since": SINCE,
        **changed,
    }


async def person_of(pool, coordination, name="Camille Fictive") -> UUID:
    """Record a person of a coordination, which is another part's act."""
    person_id = uuid4()
    await pool.execute(
        "INSERT INTO persons (coordination, person_id, name, email, recorded_at)"
        " VALUES ($1, $2, $3, $4, $5)",
        coordination,
        person_id,
        name,
        f"{person_id}@exemple.test",
        datetime.now(UTC),
    )
    return person_id


class Hall:
    """A caller that governs one coordination through HTTP."""

    def __init__(self, http, headers, pool, coordination):
        self.http, self.headers, self.pool = http, headers, pool
        self.coordination = coordination

    async def post(self, what, body, headers=None):
        address = what if what.startswith("/") else f"/v1/coordinations/{self.coordination}/{what}"
        return await self.http.post(address, json=body, headers=headers or self.headers)

    async def get(self, what, headers=None, **params):
        address = what if what.startswith("/") else f"/v1/coordinations/{self.coordination}/{what}"
        return await self.http.get(address, params=params, headers=headers or self.headers)

    async def made(self, what, body):
        """Post and return what was made, which must succeed."""
        answer = await self.post(what, body)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    async def member(self, **changed):
        """Return the id of a new confirmed member."""
        asked = {**organization_of(), "effective_on": SINCE, **changed}
        asked = {name: asked[name] for name in asked if name not in {"asked_on", "reason"}}
        return (await self.made("members", asked))["id"]

    async def person(self, name="Camille Fictive"):
        """Return the id of a new person."""
        return await person_of(self.pool, self.coordination, name)

    async def seat(self, **changed):
        """Return a new seat, of a new person and a new member unless they are given."""
        member = changed.pop("member", None) or await self.member()
        person = changed.pop("person", None) or await self.person()
        return await self.made("seats", seat(person, member, **changed))

    async def seats(self, **params):
        """Return all seats that fit."""
        answer = await self.get("seats", limit=200, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def full_project_group(self, slug="groupe-projet"):
        """Return the seats of a project group that has everyone it needs."""
        await self.made("committees", committee(slug))
        kinds = ("ELECTED", "TECHNICAL", "OPERATOR")
        return [await self.seat(committee=slug, kind=one) for one in kinds]


def refused(answer, status, code, field):
    """Assert that an answer is this refusal, with a sentence."""
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), answer.text
    assert told["errors"][0]["field"] == field, answer.text
    assert told["detail"][-1] in ".!?»", told["detail"]
    return told["detail"]
