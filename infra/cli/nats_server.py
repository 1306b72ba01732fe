"""The configuration of a stack's NATS server and its users: the same embedded and in containers."""

import os
from pathlib import Path

from contracts import transport
from contracts.streams import SERVICES
from infra.cli.door import HOST
from infra.cli.environment import Ports
from infra.cli.folder import DataFolder, public_nkey
from infra.nats.render import OPERATOR, Node, Shown, configuration, prepare_access


def nats_configuration(
    folder: DataFolder,
    ports: Ports,
    *,
    access: Path,
    store: Path,
    monitor: str = HOST,
    shown: Shown | None = None,
    beside: Path | None = None,
    at: tuple[int, int] | None = None,
    node: Node | None = None,
) -> str:
    """Return the text of the configuration, and write the users that it includes in `access`.

    Args:
        folder: where the seeds of the users are, made at first use.
        ports: where the server listens.
        access: the folder of the users, in the folder of the configuration unless `beside` says.
        store: folder of the streams, as the server sees it.
        monitor: where the monitor listens.
        shown: the certificate, where the server finds it elsewhere than the door says.
        beside: the folder of the configuration.
        at: its ports, for clients and of its monitor; the first server's else.
        node: which server of a cluster it is.
    """
    users = {name: _public(folder, name) for name in (*SERVICES, OPERATOR)}
    prepare_access(access, users)
    door = ports.door
    if shown is None and door.certificate:
        shown = Shown(certificate=str(door.certificate), key=str(door.key))
    port, monitor_port = at or (ports.nats, ports.monitor)
    return configuration(
        listen=f"{transport.bracketed(door.host)}:{port}",
        monitor=f"{transport.bracketed(monitor)}:{monitor_port}",
        store=str(store),
        access=os.path.relpath(access, beside) if beside else access.name,
        system=_public(folder, "system"),
        tls=shown,
        node=node,
    )


def _public(folder: DataFolder, user: str) -> str:
    return public_nkey(folder.nats_seed(user).read_text(encoding="utf-8"))
