"""The environment of each service, and nothing else: what a process is told, in one place."""

from pathlib import Path

from contracts.streams import SERVICES
from infra.cli.door import HOST, Door
from infra.topology import TOPOLOGY

CLOSED = ("portal",)
"""Until people sign in, it listens to this machine alone, in the clear."""


class Ports:
    """Every port of a stack, from the one it starts at, behind its door."""

    def __init__(self, base: int, door: Door | None = None) -> None:
        """Count from `base`; without a door, this machine alone is let in."""
        self.base = base
        self.door = door or Door()
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
        """Where NATS takes clients."""
        scheme = "tls" if self.door.is_secure else "nats"
        return f"{scheme}://{self.door.known_as}:{self.nats}"

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
        "NATS_URL": ports.nats_url,
        "NATS_MONITOR_URL": ports.monitor_url,
        "NATS_SEED_FILE": str(seed_file),
        "JWKS_URL": f"{ports.url('members')}/v1/jwks",
    }
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
