"""`infra/topology.toml` says what the code does; permissions and pictures come from it."""

import pytest

from contracts.streams import SERVICES
from infra.topology import TOPOLOGY


def test_every_service_has_its_place():
    assert set(TOPOLOGY.services) == set(SERVICES)
    ports = [place.port for place in TOPOLOGY.services.values()]
    assert len({*ports, TOPOLOGY.nats.port, TOPOLOGY.nats.monitor}) == len(ports) + 2


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_follows_the_streams_it_is_said_to_follow(service, assembled):
    _, running = assembled[service]
    followed = [consumer.name.removeprefix(f"{service}-") for consumer in running.consumers]
    said = [stream.lower() for stream in TOPOLOGY.services[service].follows]
    assert sorted(followed) == sorted(said)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_calls_the_services_it_is_said_to_call(service, assembled):
    _, running = assembled[service]
    told = {name for name in SERVICES if hasattr(running.settings, f"{name}_url")}
    assert told == set(TOPOLOGY.services[service].calls)
