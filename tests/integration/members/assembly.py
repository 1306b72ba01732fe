"""A coordination with members, committees and sessions, for the tests of what meets."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

COLLEGES = {"PRIVATE": 4, "DIGITAL_MEDIATION": 6, "INSTITUTIONAL": 5}


@dataclass
class Assembly:
    """Members by college, and how to speak to them."""

    http: httpx.AsyncClient
    bearer: Any
    pool: Any
    slug: str
    members: dict[str, list[str]] = field(default_factory=dict)
    organizations: dict[str, str] = field(default_factory=dict)

    def at(self, what: str) -> str:
        return f"/v1/coordinations/{self.slug}/{what}"

    async def post(self, path: str, body: Any = None, **caller: Any) -> httpx.Response:
        headers = caller.pop("headers", None) or self.bearer(**caller)
        return await self.http.post(path, json=body, headers=headers)

    async def get(self, path: str, **caller: Any) -> httpx.Response:
        return await self.http.get(path, headers=self.bearer(**caller))

    async def fill(self, sizes: dict[str, int] = COLLEGES) -> None:
        """Confirm members, in order, in each college."""
        for college, size in sizes.items():
            for number in range(size):
                slug = f"o-{uuid4().hex[:10]}"
                body = {
                    "organization": slug,
                    "name": f"Organisme {college} {number}",
                    "kind": "ASSOCIATION",
                    "college": college,
                    "effective_on": "2025-01-01",
                }
                answer = await self.post(self.at("members"), body)
                assert answer.status_code == 201, answer.text
                member = answer.json()["id"]
                self.members.setdefault(college, []).append(member)
                self.organizations[member] = slug

    async def committee(self, name: str = "copil", **columns: Any) -> str:
        """Make a committee, as another part of the product does."""
        row = {
            "type": "STEERING",
            "meets_every_days": None,
            "presenter_is_elected": False,
            "since": date(2025, 1, 1),
            **columns,
        }
        await self.pool.execute(
            "INSERT INTO committees (coordination, committee, name, type, meets_every_days,"
            " presenter_is_elected, since, state) VALUES ($1, $2, $3, $4, $5, $6, $7, 'ACTIVE')",
            self.slug,
            name,
            f"Comité {name}",
            *row.values(),
        )
        return name

    async def seat(
        self,
        member: str,
        committee: str | None = None,
        *,
        rank: str = "HOLDER",
        kind: str = "TECHNICAL",
        until: date | None = None,
    ) -> tuple[str, str]:
        """Give a person a seat; return the seat and the person."""
        person, seat = uuid4(), uuid4()
        await self.pool.execute(
            "INSERT INTO persons (coordination, person_id, name, recorded_at)"
            " VALUES ($1, $2, 'Camille Exemple', now())",
            self.slug,
            person,
        )
        await self.pool.execute(
            "INSERT INTO seats (coordination, seat_id, member_id, committee, person_id, rank,"
            " kind, valid_from, valid_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            self.slug,
            seat,
            UUID(member),
            committee,
            person,
            rank,
            kind,
            date(2025, 1, 1),
            until,
        )
        return str(seat), str(person)

    def meeting(self, **changes: Any) -> dict[str, Any]:
        """Return the body of a session convened urgently for now, which may be opened."""
        return {
            "id": str(uuid4()),
            "title": "Séance d'essai",
            "starts_at": datetime.now(UTC).isoformat(),
            "place": "Salle des fêtes",
            "urgent": True,
            "urgent_reason": "Décision attendue par un financeur",
            "agenda": [{"title": "Feuille de route", "kind": "VOTE"}],
            **changes,
        }

    def later(self, days: float = 30, **changes: Any) -> dict[str, Any]:
        """Return the body of a session that holds its notice."""
        calm = {"urgent": False, "urgent_reason": None}
        starts_at = (datetime.now(UTC) + timedelta(days=days)).isoformat()
        return self.meeting(**{"starts_at": starts_at, **calm, **changes})

    async def convene(self, body: dict[str, Any] | None = None) -> str:
        """Convene a session and return its address."""
        asked = body or self.meeting()
        answer = await self.post(self.at("sessions"), asked)
        assert answer.status_code == 201, answer.text
        return f"/v1/sessions/{answer.json()['id']}"

    async def open(self, body: dict[str, Any] | None = None) -> str:
        """Convene and open a session; return its address."""
        address = await self.convene(body)
        answer = await self.post(f"{address}/open")
        assert answer.status_code == 200, answer.text
        return address

    async def attend(self, address: str, *members: str) -> list[dict[str, Any]]:
        """Record members in the room."""
        body = {"items": [{"member": member} for member in members]}
        answer = await self.post(f"{address}/attendances", body)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def elsewhere(self) -> str:
        """Found another coordination; return its slug."""
        slug = f"c-{uuid4().hex[:12]}"
        body = {"slug": slug, "name": "Une autre", "level": "COMMUNE", "communes": ["31446"]}
        assert (await self.post("/v1/coordinations", body)).status_code == 201
        return slug


def refusal(answer: httpx.Response) -> tuple[int, str, str]:
    """Return status, code and field of a refusal, once it is seen to have a sentence."""
    told = answer.json()
    assert told["detail"].endswith((".", "!", "?")), told
    fields = [one["field"] for one in told.get("errors", [])]
    return answer.status_code, told["code"], fields[0] if fields else ""
