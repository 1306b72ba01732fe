"""What a partner institution installs: a client of the exchange, adapters, and a command line."""
