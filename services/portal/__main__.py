"""Run the portal: `python -m services.portal serve|migrate|check|openapi`."""

import sys

from services.chassis import verbs
from services.portal.app import create_app
from services.portal.settings import Settings

if __name__ == "__main__":
    raise SystemExit(verbs.run("portal", Settings, create_app, sys.argv[1:]))
