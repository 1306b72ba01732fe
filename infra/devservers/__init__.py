"""The PostgreSQL and the NATS that `ctin up` runs itself, where a machine has none of its own."""
