"""Run the roadmap service: `python -m services.roadmap serve|migrate|check|openapi`."""

import sys

from services.chassis import verbs
from services.roadmap.app import create_app
from services.roadmap.settings import Settings

if __name__ == "__main__":
    raise SystemExit(verbs.run("roadmap", Settings, create_app, sys.argv[1:]))
