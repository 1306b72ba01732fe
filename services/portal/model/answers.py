"""What the portal knows of an answer: fresh, old, or none."""

from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from services.portal.model import french

T = TypeVar("T")


class Known(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """The last good answer to a question, when it was given, and why it is not a fresh one."""

    service: str
    """As a reader calls it: `des financements`."""
    value: T | None = None
    at: datetime | None = None
    trouble: str | None = None
    """What the service does instead of answering; None when `value` is fresh."""
    unknown: bool = False
    """The service answered that it knows no such thing."""

    @property
    def notice(self) -> str | None:
        """The sentence that a block shows when its figures are not fresh, None when they are."""
        if self.trouble is None:
            return None
        said = f"Le service {self.service} {self.trouble}"
        if self.at is None or self.value is None:
            return f"{said} ; aucune valeur n'est encore connue."
        return f"{said} ; dernière valeur connue à {french.clock(self.at)}."
