"""A coordination as its callers meet it over HTTP, and the bodies they send."""

import json
from uuid import uuid4

LABEGE, AUZEVILLE, RAMONVILLE, ELSEWHERE = "31254", "31035", "31446", "33063"
COMMUNES = [LABEGE, AUZEVILLE, RAMONVILLE]
SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def refused(answer, status, code, field=None):
    """Check a refusal and return its sentence."""
    assert answer.status_code == status, answer.text
    told = answer.json()
    assert told["code"] == code, told
    if field is not None:
        assert [one["field"] for one in told["errors"]] == [field], told
    return told["detail"]


def risk(**changed):
    """Return the body of a risk that an index reveals."""
    return {
        "id": str(uuid4()),
        "title": "Des seniors sans démarches en ligne",
        "problem": "online_procedure",
        "public": "seniors",
        "communes": [LABEGE],
        "figure": {
            "kind": "INDICATOR",
            "figure": "ifn",
            "reading": "7,2 sur 10",
            "source": "Indice de fragilité numérique (Mednum)",
            "vintage": "2024",
        },
        "observed_on": "2026-01-10",
        "organization": "sicoval",
        **changed,
    }


def step(state, **changed):
    """Return the body of a step."""
    return {
        "id": str(uuid4()),
        "state": state,
        "decided_on": "2026-03-01",
        "organization": "sicoval",
        "capacity": "Comité de pilotage",
        "reason": "Trois réunions de terrain (fictif)",
        **changed,
    }


def evidence(about, name, /, **changed):
    """Return the body of a piece of evidence."""
    return {
        "id": str(uuid4()),
        "target": {"kind": about, "id": str(name)},
        "kind": "STUDY",
        "title": "Enquête de proximité (fictive)",
        "source": "La Poste",
        "dated": "2026-02-10",
        "sha256": SHA,
        "size_bytes": 51234,
        **changed,
    }


def words_of(about, name, /, **changed):
    """Return the body of a testimony."""
    return {
        "id": str(uuid4()),
        "target": {"kind": about, "id": str(name)},
        "commune": LABEGE,
        "public": "seniors",
        "said": "Depuis l'atelier, j'écris à mes petits-enfants (fictif)",
        "heard_on": "2026-02-15",
        "organization": "sicoval",
        "consent": True,
        **changed,
    }


def campaign(**changed):
    """Return the body of a campaign of two questions."""
    return {
        "id": str(uuid4()),
        "title": "Enquête de proximité (fictive)",
        "operator": "la-poste",
        "communes": [LABEGE, AUZEVILLE],
        "begins_on": "2026-02-01",
        "ends_on": "2026-03-31",
        "questions": [
            {
                "question": "usage",
                "text": "Que faites-vous en ligne ?",
                "topic": "USES",
                "kind": "MULTIPLE",
                "answers": [
                    {"answer": "write", "label": "Écrire à mes proches"},
                    {"answer": "buy", "label": "Acheter"},
                ],
            },
            {
                "question": "ease",
                "text": "Êtes-vous à l'aise ?",
                "topic": "SKILLS",
                "kind": "SCALE",
                "scale_max": 4,
            },
        ],
        **changed,
    }


class Site:
    """A coordination, and callers of every role in it."""

    def __init__(self, http, pool, bearer, coordination):
        self.http, self.pool, self.bearer = http, pool, bearer
        self.coordination = coordination
        self.headers = bearer("coordinator", coordination)

    def address(self, what):
        return f"/v1/coordinations/{self.coordination}/{what}"

    def as_role(self, role, organization=None):
        return self.bearer(role, self.coordination, organization)

    async def post(self, what, body, headers=None, **params):
        return await self.http.post(
            self.address(what), json=body, headers=headers or self.headers, params=params
        )

    async def get(self, what, headers=None, **params):
        return await self.http.get(
            self.address(what), headers=headers or self.headers, params=params
        )

    async def made(self, what, body, **options):
        """Do it, and return what is answered."""
        answer = await self.post(what, body, **options)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    async def read(self, what, headers=None, **params):
        """Return what is answered."""
        answer = await self.get(what, headers, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def observed(self, **changed):
        """Observe a risk and return its id."""
        return (await self.made("elements", risk(**changed)))["element"]["id"]

    async def proven(self, element):
        """Attach evidence to an element and return its id."""
        return (await self.made("evidence", evidence("ELEMENT", element)))["id"]

    async def qualified(self, finding="QUALIFIED", **changed):
        """Bring a risk to a finding and return its id."""
        element = await self.observed(**changed)
        proof = await self.proven(element)
        for state, day in (("SURVEYED", "2026-02-20"), (finding, "2026-03-01")):
            body = step(state, decided_on=day, evidence=[proof])
            await self.made(f"elements/{element}/steps", body)
        return element

    async def open_campaign(self, **changed):
        """Prepare and open a campaign and return its id."""
        name = (await self.made("surveys", campaign(**changed)))["id"]
        await self.made(f"surveys/{name}/steps", {"state": "OPEN", "on": "2026-02-01"})
        return name

    async def facts_about(self, aggregate):
        """Return the facts told of one aggregate, in order, with their type and subject."""
        query = "SELECT type, subject, data FROM ev WHERE aggregate = $1 ORDER BY version"
        rows = await self.pool.fetch(query, f"{self.coordination}/{aggregate}")
        return [
            {
                "type": row["type"].split(".")[-2],
                "subject": row["subject"],
                **json.loads(row["data"]),
            }
            for row in rows
        ]
