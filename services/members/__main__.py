"""Run the members service: `python -m services.members serve|migrate|check|openapi`."""

import sys

from services.chassis import verbs
from services.members.app import create_app
from services.members.settings import Settings

if __name__ == "__main__":
    raise SystemExit(verbs.run("members", Settings, create_app, sys.argv[1:]))
