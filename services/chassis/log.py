"""One line of JSON per request or event, scanned for personal data before it is written."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from contracts import privacy

REMOVED = "[donnée personnelle retirée]"
FIELD_CHARS_MAX = 32 * 1024
Logger = structlog.stdlib.BoundLogger


def _scan(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if not isinstance(value, (int, float)):
            text = str(value)[:FIELD_CHARS_MAX]
            event[name] = REMOVED if privacy.scan(text) else text
    return event


def configure(service: str, level: str) -> None:
    """Make every logger of this process write JSON lines to standard output.

    Levels below `level` (`debug`, `info`, `warning`, `error`) are dropped.
    """
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _scan,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stdout),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.basicConfig(level=logging.WARNING, stream=sys.stdout, force=True)


def logger() -> Logger:
    """Return the process's logger."""
    got: Logger = structlog.get_logger()
    return got
