"""How fast updates may leave before they are coalesced."""

from datetime import datetime

import msgspec


class Pace(msgspec.Struct):
    """How many updates may still go out at once; above that they are coalesced by the job."""

    per_second: int
    left: float = 0.0
    at: datetime | None = None

    def take(self, wanted: int, *, now: datetime) -> bool:
        """Take `wanted` updates from what is left, or none of them."""
        if self.at is None:
            self.left = float(self.per_second)
        else:
            earned = (now - self.at).total_seconds() * self.per_second
            self.left = min(float(self.per_second), self.left + max(0.0, earned))
        self.at = now
        if wanted > self.left:
            return False
        self.left -= wanted
        return True
