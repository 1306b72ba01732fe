"""What came out of sessions, as it is kept."""

from datetime import datetime
from uuid import UUID

import msgspec


class OutputRow(msgspec.Struct, frozen=True):
    """Columns of what came out of a session, in the order of the queries."""

    coordination: str
    output_id: UUID
    session_id: UUID
    kind: str
    text: str
    concerns: str | None
    recorded_at: datetime
