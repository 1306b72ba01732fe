"""The environment of each service, and nothing else: what a process is told, in one place."""

from pathlib import Path

from contracts.streams import SERVICES
from infra.cli.door import HOST, Door
from infra.topology import TOPOLOGY

PORTS_PER_NODE = 3
CLOSED = ("portal",)
"""Until people sign in, it listens to this machine alone, in the clear."""


class Ports:
    """Every port of a stack, from the one it starts at, behind its door."""

    def __init__(self, base: int, door: Door | None = None, *, nats_nodes: int = 1) -> None:
        """Count from `base`; without a door, this machine alone is let in.

        `nats_nodes`: servers of NATS.
        """
        self.base = base
        self.door = door or Door()
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
        if service in CLOSED:
            return f"http://{HOST}:{self.services[service]}"
        scheme = "https" if self.door.is_secure else "http"
        return f"{scheme}://{self.door.known_as}:{self.services[service]}"

    @property
    def nats_url(self) -> str:
        """Where NATS takes clients; its first node, which tells them of the others."""
        return self.nats_urls.partition(",")[0]

    @property
    def nats_urls(self) -> str:
        """Where each server of NATS takes clients, as services are told."""
        where = f"{'tls' if self.door.is_secure else 'nats'}://{self.door.known_as}"
        return ",".join(f"{where}:{client}" for client, _, _ in self.nats_nodes)

    @property
    def monitor_urls(self) -> str:
        """Where each server of NATS says how it is, likewise."""
        return ",".join(f"http://{HOST}:{monitor}" for _, monitor, _ in self.nats_nodes)

    @property
    def monitor_url(self) -> str:
        """Where NATS says how it is, to this machine alone."""
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
    door = ports.door
    named = {
        "HOST": HOST if service in CLOSED else door.host,
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
    if door.certificate and service not in CLOSED:
        named["TLS_CERTIFICATE_FILE"] = str(door.certificate)
        named["TLS_KEY_FILE"] = str(door.key)
    if door.ca_file:
        named["TLS_CA_FILE"] = door.ca_file
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
