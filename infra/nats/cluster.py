"""Write the configuration of the three-node cluster that `ctin up --nats-nodes 3` runs.

    python -m infra.nats.cluster

The files are in `infra/nats/loopback`, a folder of each node beside a folder `access` that all of
them include, as `prepare_access` writes it and the exchange keeps it. On three machines the same
text takes other addresses, and routes take TLS.
"""

from pathlib import Path

from infra.cli.door import HOST
from infra.cli.environment import Ports
from infra.devservers.nats import Nats
from infra.devservers.nats_nodes import NatsNodes, name_of
from infra.nats.render import Node, configuration

FOLDER = Path(__file__).parent / "loopback"
PORT_BASE = 8400
NODES = 3
SYSTEM, KEY = "$CTIN_SYSTEM_NKEY", "$CTIN_STREAMS_KEY"
"""The server reads from its environment the public key of the system account's user, and the key
that its streams are encrypted with, the same on no other installation."""


def _configured(server: Nats, node: Node | None, _: str) -> str:
    return configuration(
        listen=f"{HOST}:{server.port}",
        monitor=f"{HOST}:{server.monitor_port}",
        store="streams",
        access="../access",
        system=SYSTEM,
        node=node,
    )


def rendered() -> dict[str, str]:
    """Return the text of each node's configuration, by its name."""
    ports = Ports(PORT_BASE, nats_nodes=NODES)
    nodes = NatsNodes(FOLDER, ports.nats_nodes, configure=_configured, key=lambda: KEY)
    return {name_of(one): nodes.configuration(one) for one in range(1, NODES + 1)}


def main() -> None:
    """Write them."""
    for name, text in rendered().items():
        (FOLDER / name).mkdir(parents=True, exist_ok=True)
        (FOLDER / name / "nats.conf").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
