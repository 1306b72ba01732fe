"""Each service starts with nothing but itself, the chassis and the contracts."""

import json
import shutil

import pytest

from contracts import generate
from contracts.released import PUBLISHED
from contracts.streams import SERVICES
from tests.conftest import ROOT


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_stands_alone(service, tmp_path):
    for part in ("contracts", "services/chassis", f"services/{service}"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / part, tmp_path / part, ignore=ignored)
    shutil.copy(ROOT / "services/__init__.py", tmp_path / "services")

    described = generate.openapi(service, root=tmp_path)

    assert described["paths"]
    assert described == json.loads((PUBLISHED / f"openapi-{service}.json").read_text())
    others = {name for name in SERVICES if (tmp_path / "services" / name).exists()}
    assert others == {service}
