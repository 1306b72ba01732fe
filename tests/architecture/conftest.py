"""What the tests about the codebase share: each service put together, but not started."""

import warnings
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

import msgspec
import pytest
from joserfc.jwk import OKPKey
from litestar import Litestar
from litestar.exceptions import LitestarDeprecationWarning

from contracts import generate
from contracts.streams import SERVICES
from services.chassis import settings as reading
from services.chassis.service import Service


@pytest.fixture(scope="session")
def assembled(tmp_path_factory: pytest.TempPathFactory):
    """Application and running parts of every service, by name; nothing is opened."""
    folder: Path = tmp_path_factory.mktemp("settings")
    key = OKPKey.generate_key("Ed25519").as_dict(private=True)
    (folder / "key.jwk").write_bytes(msgspec.json.encode(key))
    found: dict[str, tuple[Litestar, Service]] = {}
    # What litestar will ask of handlers in its next major version is no matter for these tests.
    warnings.simplefilter("ignore", LitestarDeprecationWarning)
    for service in SERVICES:
        kind = import_module(f"services.{service}.settings").Settings
        given = generate.dummy_settings(service, folder)
        settings = reading.read(kind, prefix=service, environment=given)
        found[service] = import_module(f"services.{service}.app").create_app(settings)
    return MappingProxyType(found)
