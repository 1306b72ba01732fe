"""The one shape a refusal has, whoever it is shown to."""

from typing import ClassVar


class Refusal(Exception):
    """A request that is understood and denied; its text is the French reason a reader sees.

    `code` is what clients match on, `status` the HTTP status, `field` the part at fault,
    `retry_after_seconds` when the same request may pass.
    """

    code: ClassVar[str] = "E_REFUSED"
    status: ClassVar[int] = 409
    field: str = ""
    retry_after_seconds: int | None = None


class Unavailable(Exception):
    """Something this service stands on is away for now; the same request may pass later."""
