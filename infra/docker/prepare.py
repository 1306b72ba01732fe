"""Write what `docker-compose.yml` mounts: run it once before, and again to admit the portal.

    .venv/bin/python -m infra.docker.prepare
    docker compose up --build --detach --wait
    .venv/bin/python -m infra.docker.prepare --admit-portal

Secrets already there are kept; certificates soon over are made again. Their folder is closed to
other accounts; the files themselves are readable, because containers run as an account that this
machine does not have.
"""

import argparse
import asyncio
import sys
from pathlib import Path

import msgspec

from contracts.streams import SERVICES
from infra.cli.door import HOST, Door
from infra.cli.environment import Ports
from infra.cli.folder import PRIVATE_FOLDER, DataFolder
from infra.cli.nats_server import nats_configuration
from infra.cli.stack import NotReady, Stack
from infra.docker import certificates
from infra.nats.render import Shown
from services.chassis import ids

FOLDER = Path(".ctin/docker")
PORT_BASE = 8400
READABLE = 0o444
STORE = Path("/data")
ACCESS = "access"
EVERYWHERE = "0.0.0.0"  # noqa: S104  # Inside a container; the machine publishes its loopback alone.
MOUNTED = Path("/run/secrets")
LISTENING = ("nats", "members", "funding", "diagnostics", "roadmap", "exchange")
SHARED_FOLDER = 0o777
"""Public keys alone are there; the folder around it is closed to other accounts."""


def door(container: str, secrets: Path = MOUNTED) -> Door:
    """Return where a container listens, its certificate as it is mounted there."""
    return Door(
        host=EVERYWHERE,
        name=HOST,
        certificate=secrets / f"{container}_certificate",
        key=secrets / f"{container}_tls_key",
        ca=secrets / certificates.AUTHORITY,
    )


def ports(folder: DataFolder) -> Ports:
    """Return where this machine reaches the containers, which it verifies by their authority."""
    authority = folder.secrets / f"{certificates.AUTHORITY}.pem"
    return Ports(PORT_BASE, msgspec.structs.replace(door("nats"), ca=authority))


def prepare(root: Path) -> list[Path]:
    """Write the secrets and the configuration under `root` and return the files to mount."""
    folder = DataFolder(root)
    folder.root.chmod(PRIVATE_FOLDER)
    written = [folder.database_password("postgres")]
    for service in SERVICES:
        written += [folder.database_password(service), folder.nats_seed(service)]
    written.append(folder.nats_seed("system"))
    written += [folder.signing_key(name) for name in ("tokens", "portal", "webhooks")]
    named = {one: [one, "localhost", HOST] for one in LISTENING}
    written += certificates.renew(folder.secrets, named, now=ids.now())
    shown = door("nats")
    text = nats_configuration(
        folder,
        ports(folder),
        access=folder.root / ACCESS,
        store=STORE,
        monitor=EVERYWHERE,
        shown=Shown(certificate=str(shown.certificate), key=str(shown.key)),
    )
    (folder.root / ACCESS).chmod(SHARED_FOLDER)
    configured = folder.root / "nats.conf"
    if not configured.exists() or configured.read_text(encoding="utf-8") != text:
        configured.unlink(missing_ok=True)
        configured.write_text(text, encoding="utf-8")
    written.append(configured)
    for path in written:
        path.chmod(READABLE)
    Stack(folder, ports(folder), say=print).remember({})
    return written


def main(arguments: list[str]) -> int:
    """Prepare the folder or admit the portal; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.docker.prepare")
    parser.add_argument("--admit-portal", action="store_true", help="the containers are up")
    if not parser.parse_args(arguments).admit_portal:
        print(f"{len(prepare(FOLDER))} files are in {FOLDER}; next: docker compose up --build")
        return 0
    folder = DataFolder(FOLDER)
    stack = Stack(folder, ports(folder), say=print)
    try:
        asyncio.run(stack._admit_portal())  # noqa: SLF001  # The same admission as `ctin up`.
    except (NotReady, OSError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
