"""Read `topology.toml`: the one place that says which service stands where and follows what."""

import tomllib
from pathlib import Path

import msgspec


class ServicePlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One service: its port above the base, the streams it follows, the services it calls."""

    port: int
    follows: list[str]
    calls: list[str]


class NatsPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ports of NATS, of its monitor and between its nodes, above the base."""

    port: int
    monitor: int
    routes: int


class Topology(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every process that an installation runs."""

    services: dict[str, ServicePlace]
    nats: NatsPlace


TOPOLOGY = msgspec.convert(
    tomllib.loads((Path(__file__).parent / "topology.toml").read_text(encoding="utf-8")), Topology
)
