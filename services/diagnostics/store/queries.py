"""The queries of this service, by name."""

from services.chassis import sql

SQL = sql.load("services.diagnostics")
