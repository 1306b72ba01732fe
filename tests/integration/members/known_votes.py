"""A coordination with members, and votes in it: what the tests of votes start from."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx

COLLEGES = {"PRIVATE": "2/5", "DIGITAL_MEDIATION": "7/20", "INSTITUTIONAL": "1/4"}
SIZES = {"PRIVATE": 4, "DIGITAL_MEDIATION": 10, "INSTITUTIONAL": 6}
RULE_BOOK = {"adopted_on": "2026-01-15", "colleges": COLLEGES}


class Assembly:
    """A coordination whose members may vote, as its secretary meets it over HTTP."""

    def __init__(self, http: httpx.AsyncClient, headers: dict[str, str], slug: str) -> None:
        self.http, self.headers, self.slug = http, headers, slug
        self.members: dict[str, list[str]] = {}

    def address(self, what: str) -> str:
        return f"/v1/coordinations/{self.slug}/{what}"

    def everyone(self) -> list[str]:
        return [one for college in self.members.values() for one in college]

    async def post(self, address: str, body: Any = None, **more: Any) -> httpx.Response:
        return await self.http.post(address, json=body, **{"headers": self.headers, **more})

    async def get(self, address: str, **more: Any) -> httpx.Response:
        return await self.http.get(address, **{"headers": self.headers, **more})

    async def adopt(self, **over: Any) -> dict[str, Any]:
        answer = await self.post(self.address("rule-books"), {**RULE_BOOK, **over})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def open(self, **over: Any) -> str:
        answer = await self.post(self.address("resolutions"), asked(**over))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def cast(self, resolution: str, votes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        answer = await self.post(f"/v1/resolutions/{resolution}/ballots", votes)
        assert answer.status_code == 201, answer.text
        return answer.json()["items"]

    async def split(self, resolution: str, shape: dict[str, tuple[int, int, int]]) -> None:
        """Cast what a college says: so many for, against and abstaining, in order of its members."""
        votes = []
        for college, counts in shape.items():
            choices = [
                choice
                for choice, count in zip(("for", "against", "abstain"), counts, strict=True)
                for _ in range(count)
            ]
            for member, choice in zip(self.members[college], choices, strict=False):
                votes.append({"member": member, "choice": choice})
        answers = await self.cast(resolution, votes)
        assert {one["status"] for one in answers} == {"cast"}

    async def close(self, resolution: str) -> dict[str, Any]:
        answer = await self.post(f"/v1/resolutions/{resolution}/close")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def facts(self, resolution: str) -> str:
        answer = await self.get(f"/v1/resolutions/{resolution}/facts")
        assert answer.status_code == 200, answer.text
        return answer.text


def asked(**over: Any) -> dict[str, Any]:
    """Return the body of a resolution that may be opened."""
    return {
        "id": str(uuid4()),
        "title": "Adopter la feuille de route (fictif)",
        "text": "Les collèges adoptent la feuille de route 2026-2028.\nElle est annexée.",
        "object": "ROADMAP",
        **over,
    }


async def seat_members(pool: Any, slug: str, sizes: dict[str, int]) -> dict[str, list[str]]:
    """Give a coordination members by SQL, by the thousand if need be; return them by college."""
    found: dict[str, list[str]] = {}
    for college, size in sizes.items():
        rows = [(uuid4(), f"o-{uuid4().hex[:20]}") for _ in range(size)]
        await pool.executemany(
            "INSERT INTO organizations (organization, name, kind, siret_is_doubtful)"
            " VALUES ($1, $1, 'ASSOCIATION', false)",
            [(organization,) for _, organization in rows],
        )
        await pool.executemany(
            "INSERT INTO members (coordination, member_id, organization, college, roles,"
            " effective_on, state, confirmed_at)"
            " VALUES ($1, $2, $3, $4, '{}', $5, 'CONFIRMED', now())",
            [(slug, one, organization, college, date(2026, 1, 1)) for one, organization in rows],
        )
        found[college] = [str(one) for one, _ in rows]
    return found


async def organization_of(pool: Any, member: str) -> str:
    """Return the organisation of a member."""
    query = "SELECT organization FROM members WHERE member_id = $1"
    return str(await pool.fetchval(query, UUID(member)))
