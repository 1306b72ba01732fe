"""Write what `docker-compose.yml` mounts: run it once before, and again to admit the portal.

    .venv/bin/python -m infra.docker.prepare
    docker compose up --build --detach --wait
    .venv/bin/python -m infra.docker.prepare --admit-portal

Secrets already there are kept. Their folder is closed to other accounts; the files themselves are
readable, because containers run as an account that this machine does not have.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from contracts.streams import SERVICES
from infra.cli.environment import Ports
from infra.cli.folder import PRIVATE_FOLDER, DataFolder, public_nkey
from infra.cli.stack import NotReady, Stack
from infra.nats.render import configuration, prepare_access

FOLDER = Path(".ctin/docker")
PORT_BASE = 8400
READABLE = 0o444
STORE = "/data"
ACCESS = "access"
SHARED_FOLDER = 0o777
"""Public keys alone are there; the folder around it is closed to other accounts."""


def nats_configuration(folder: DataFolder) -> str:
    """Return the configuration of the NATS container; institutions are admitted later."""
    ports = Ports(PORT_BASE)
    return configuration(
        listen=f"0.0.0.0:{ports.nats}",
        monitor=f"0.0.0.0:{ports.monitor}",
        store=STORE,
        access=ACCESS,
        system=public_nkey(folder.nats_seed("system").read_text()),
    )


def prepare(root: Path) -> list[Path]:
    """Write the secrets and the configuration under `root` and return the files to mount."""
    folder = DataFolder(root)
    folder.root.chmod(PRIVATE_FOLDER)
    written = [folder.database_password("postgres")]
    for service in SERVICES:
        written += [folder.database_password(service), folder.nats_seed(service)]
    written.append(folder.nats_seed("system"))
    prepare_access(
        folder.root / ACCESS,
        {name: public_nkey(folder.nats_seed(name).read_text()) for name in SERVICES},
    )
    (folder.root / ACCESS).chmod(SHARED_FOLDER)
    written += [folder.signing_key(name) for name in ("tokens", "portal", "webhooks")]
    configured = folder.root / "nats.conf"
    text = nats_configuration(folder)
    if not configured.exists() or configured.read_text(encoding="utf-8") != text:
        configured.unlink(missing_ok=True)
        configured.write_text(text, encoding="utf-8")
    written.append(configured)
    for path in written:
        path.chmod(READABLE)
    return written


def main(arguments: list[str]) -> int:
    """Prepare the folder or admit the portal; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.docker.prepare")
    parser.add_argument("--admit-portal", action="store_true", help="the containers are up")
    if not parser.parse_args(arguments).admit_portal:
        print(f"{len(prepare(FOLDER))} files are in {FOLDER}; next: docker compose up --build")
        return 0
    stack = Stack(DataFolder(FOLDER), Ports(PORT_BASE), say=print)
    try:
        asyncio.run(stack._admit_portal())  # noqa: SLF001  # The same admission as `ctin up`.
    except (NotReady, OSError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
