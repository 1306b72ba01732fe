"""What must be identical in every service to be correct. No domain word in here.

Order of reading: settings, log, database, sql, migrate, outbox, relay, streams, consumer, tokens,
problems, http, service (which puts the others together).
"""
