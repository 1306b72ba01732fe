"""Run the diagnostics service: `python -m services.diagnostics serve|migrate|check|openapi`."""

import sys

from services.chassis import verbs
from services.diagnostics.app import create_app
from services.diagnostics.settings import Settings

if __name__ == "__main__":
    raise SystemExit(verbs.run("diagnostics", Settings, create_app, sys.argv[1:]))
