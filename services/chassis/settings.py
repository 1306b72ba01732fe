"""Read a service's settings from the environment, once, at start."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

S = TypeVar("S", bound=msgspec.Struct)
Port = Annotated[int, Meta(ge=1, le=65535)]


class ServiceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What every service must know before it can start."""

    host: str = "127.0.0.1"
    port: Port
    database_url: str
    """As `postgresql://role@host/database`, without the password."""
    database_password_file: str | None = None
    pool_size_max: Annotated[int, Meta(ge=1, le=100)] = 10
    nats_url: str
    """One server, or those of a cluster between commas."""
    nats_monitor_url: str
    """Where `/varz` proves that the server syncs each message to disk, likewise."""
    nats_seed_file: str
    nats_replicas: Annotated[int, Meta(ge=1, le=5)] = 1
    jwks_url: str
    """Where the public keys of access tokens are read."""
    reconcile_hours: Annotated[int, Meta(ge=1, le=720)] = 24
    """How often the service's streams are compared with its table."""
    tls_certificate_file: str | None = None
    """In PEM, with what leads to its authority; outside loopback nothing is served without it."""
    tls_key_file: str | None = None
    tls_ca_file: str | None = None
    """Authorities that servers are verified by, in PEM; without it, those of the machine."""
    vocabulary_file: str | None = None
    """Words that this installation adds to those of the contracts, in TOML."""
    production: bool = False
    log_level: str = "info"


def read(kind: type[S], *, prefix: str, environment: Mapping[str, str] = os.environ) -> S:
    """Return `kind` filled from variables named `<PREFIX>_<FIELD>`.

    Raises:
        SystemExit: a value is missing or is not of its field's type; one sentence names the
            variable, what it holds and what it must hold.
    """
    found: dict[str, object] = {}
    for field in msgspec.structs.fields(kind):
        variable = f"{prefix}_{field.name}".upper()
        if variable in environment:
            try:
                found[field.name] = msgspec.convert(environment[variable], field.type, strict=False)
            except msgspec.ValidationError as error:
                raise SystemExit(f'{variable} is "{environment[variable]}": {error}.') from None
        elif field.required:
            raise SystemExit(f"{variable} is not set; the service cannot start without it.")
    return msgspec.convert(found, kind)


def secret(path: str | None) -> str | None:
    """Return the content of a secret's file without its last line feed, None when there is none."""
    return None if path is None else Path(path).read_text(encoding="utf-8").rstrip("\n")
