"""The environment of each service, and nothing else: what a process is told, in one place."""

from pathlib import Path

from contracts.streams import SERVICES
from infra.topology import TOPOLOGY

HOST = "127.0.0.1"
PORTS_PER_NODE = 3


class Ports:
    """Every port of a stack, from the one it starts at."""

    def __init__(self, base: int, *, nats_nodes: int = 1) -> None:
        """Count from `base`; `nats_nodes`: servers of NATS."""
        self.base = base
        steps = [PORTS_PER_NODE * number for number in range(nats_nodes)]
        place = TOPOLOGY.nats
        self.nats_nodes = [
            (base + place.port + one, base + place.monitor + one, base + place.routes + one)
            for one in steps
        ]
        """Of each server of NATS: for clients, of its monitor, for the other nodes."""
        self.services = {name: base + TOPOLOGY.services[name].port for name in SERVICES}
        self.nats = base + TOPOLOGY.nats.port
        self.monitor = base + TOPOLOGY.nats.monitor

    def url(self, service: str) -> str:
        """Return where a service answers."""
        return f"http://{HOST}:{self.services[service]}"

    @property
    def nats_url(self) -> str:
        """Where NATS takes clients; its first node, which tells them of the others."""
        return f"nats://{HOST}:{self.nats}"

    @property
    def nats_urls(self) -> str:
        """Where each server of NATS takes clients, as services are told."""
        return ",".join(f"nats://{HOST}:{client}" for client, _, _ in self.nats_nodes)

    @property
    def monitor_urls(self) -> str:
        """Where each server of NATS says how it is, likewise."""
        return ",".join(f"http://{HOST}:{monitor}" for _, monitor, _ in self.nats_nodes)

    @property
    def monitor_url(self) -> str:
        """Where NATS says how it is."""
        return f"http://{HOST}:{self.monitor}"


def of_service(
    service: str,
    ports: Ports,
    *,
    database_url: str,
    password_file: Path,
    seed_file: Path,
    key_file: Path | None,
    access_folder: Path | None = None,
    system_seed_file: Path | None = None,
) -> dict[str, str]:
    """Return the settings of a service, as the variables it reads."""
    named = {
        "HOST": HOST,
        "PORT": str(ports.services[service]),
        "DATABASE_URL": database_url,
        "DATABASE_PASSWORD_FILE": str(password_file),
        "NATS_URL": ports.nats_urls,
        "NATS_MONITOR_URL": ports.monitor_urls,
        "NATS_SEED_FILE": str(seed_file),
        "JWKS_URL": f"{ports.url('members')}/v1/jwks",
    }
    if len(ports.nats_nodes) > 1:
        named["NATS_REPLICAS"] = str(len(ports.nats_nodes))
    for called in TOPOLOGY.services[service].calls:
        named[f"{called.upper()}_URL"] = ports.url(called)
    if service == "members":
        named["SIGNING_KEY_FILE"] = str(key_file)
        named["TOKEN_AUDIENCES"] = f"{ports.url('members')}/v1/token,urn:ctin:token"
    if service == "exchange":
        named["ACCESS_FOLDER"] = str(access_folder)
        named["SYSTEM_SEED_FILE"] = str(system_seed_file)
        named["WEBHOOK_KEY_FILE"] = str(key_file)
    if service == "portal":
        named["CLIENT_KEY_FILE"] = str(key_file)
    return {f"{service.upper()}_{name}": value for name, value in named.items()}
