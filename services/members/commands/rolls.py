"""Bring lists of members: each line gives its seat as a person would, good lines are kept."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.chassis.errors import Refusal
from services.members import model, store
from services.members.commands.seats import confirm_member, coordination_of
from services.members.model.days import day_of
from services.members.model.lines import MemberLine
from services.members.model.names import another_slug, name_key, slug_of
from services.members.store import identity

SLUGS_TRIED_MAX = 50
Brought = bool | Refusal
"""What became of a line: True if its seat is new, False if it was there, or why it is refused."""


async def bring_members(
    connection: Connection,
    coordination: str,
    lines: Sequence[MemberLine],
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> list[Brought]:
    """Give each line its seat; return whether it is new, or why it is refused.

    What a line leaves blank is as it is known: the description of its organisation, the day of its
    seat; so is a name that differs by its case or accents alone. A new seat without a day begins
    today.

    Raises:
        NoSuchCoordination: it was never founded.
    """
    found: list[Brought] = []
    async with connection.transaction():
        await coordination_of(connection, coordination)
        for line in lines:
            try:
                found.append(await _bring(connection, coordination, line, now=now, new_id=new_id))
            except Refusal as why:
                found.append(why)
    return found


async def _bring(
    connection: Connection,
    coordination: str,
    line: MemberLine,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> bool:
    slug, known = await _organization(connection, coordination, line)
    if known is not None:
        slug = known.merged_into or slug
    seat = await store.member(connection, coordination, slug)
    asked = line.asked(slug, today=seat.effective_on if seat else day_of(now))
    if known is not None:
        asked = msgspec.structs.replace(
            asked,
            name=known.name if known.name_key == name_key(asked.name) else asked.name,
            siret=asked.siret or known.siret,
            formerly=asked.formerly or known.formerly,
        )
    await confirm_member(
        connection, coordination, asked, member_id=new_id(), now=now, new_id=new_id
    )
    return seat is None


async def _organization(
    connection: Connection, coordination: str, line: MemberLine
) -> tuple[str, model.Organization | None]:
    """Return the slug of a line and what is known under it.

    It is its own, that of the same name here or with the same SIRET, or one made from its name.
    """
    if line.organization is not None:
        return line.organization, await store.organization(connection, line.organization)
    same = await identity.known_as(connection, coordination, name_key(line.name), line.siret)
    if same is not None:
        return same.organization, same
    slug = first = slug_of(line.name)
    for number in range(2, SLUGS_TRIED_MAX):
        known = await store.organization(connection, slug)
        if known is None or _is_one(line, known):
            return slug, known
        slug = another_slug(first, number)
    return slug, await store.organization(connection, slug)


def _is_one(line: MemberLine, known: model.Organization) -> bool:
    same_siret = line.siret is None or known.siret is None or line.siret == known.siret
    return known.name_key == name_key(line.name) and same_siret
