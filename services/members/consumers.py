"""Facts from other services that the members service acts on: none yet."""

from services.chassis.consumer import Source

SOURCES: tuple[Source, ...] = ()
