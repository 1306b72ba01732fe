"""Run the funding service: `python -m services.funding serve|migrate|check|openapi`."""

import sys

from services.chassis import verbs
from services.funding.app import create_app
from services.funding.settings import Settings

if __name__ == "__main__":
    raise SystemExit(verbs.run("funding", Settings, create_app, sys.argv[1:]))
