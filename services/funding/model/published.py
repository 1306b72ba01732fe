"""Rows of published lists, which have no key of their own."""

from typing import Any

import msgspec


class Counted(msgspec.Struct, frozen=True):
    """What a row says, and the how many-th it is of the rows of its file that say the same.

    These lists have no key: five equal lines are five posts, and the same file again is nothing
    new.
    """

    said: Any
    nth: int
