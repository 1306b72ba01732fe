"""How a page of rows is cut."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")

FIRST = UUID(int=0)


def page(found: Sequence[T], most: int) -> tuple[list[T], T | None]:
    """Cut one row more than a page: return the page, and its last row when more follow."""
    return list(found[:most]), found[most - 1] if len(found) > most else None
