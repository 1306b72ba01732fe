"""The parts of a page that change on their own."""

from datetime import datetime
from enum import StrEnum

import msgspec


class Topic(StrEnum):
    """What a fact can make old; also the name of the event a browser receives."""

    MONEY = "money"
    DIAGNOSTIC = "diagnostic"
    SIGNALS = "signals"
    PARTNERS = "partners"
    ROADMAP = "roadmap"
    MEMBERS = "members"


class Change(msgspec.Struct, frozen=True):
    """Columns of a change, in the order of the queries."""

    coordination: str
    topic: str
    n: int
    changed_at: datetime
