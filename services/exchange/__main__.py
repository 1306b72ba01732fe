"""Run the exchange service: `python -m services.exchange serve|migrate|check|openapi`."""

import sys

from services.chassis import verbs
from services.exchange.app import create_app
from services.exchange.settings import Settings

if __name__ == "__main__":
    raise SystemExit(verbs.run("exchange", Settings, create_app, sys.argv[1:]))
