"""The configuration of the NATS server, derived from the topology and the admitted partners."""
