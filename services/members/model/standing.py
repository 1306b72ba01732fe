"""What a person's rights in a coordination add up to."""

from collections.abc import Iterable

import msgspec

from services.members.model.rows import Right


class Standing(msgspec.Struct, frozen=True):
    """Roles in a coordination, and the one organisation they are had for."""

    organization: str | None
    roles: list[str]


def stand(rights: Iterable[Right], *, preferred: str | None) -> Standing | None:
    """Return what rights add up to for one organisation, None when they add up to nothing.

    A caller acts for one organisation at a time, so that the role it has for one never serves
    another: the only one there is, or else `preferred`. Rights that are for none go with any.
    """
    rights = list(rights)
    offered = {right.organization for right in rights} - {None}
    chosen = offered.pop() if len(offered) == 1 else preferred
    roles = sorted({right.role for right in rights if right.organization in {None, chosen}})
    kept = chosen if any(right.organization == chosen for right in rights) else None
    return Standing(kept, roles) if roles else None
