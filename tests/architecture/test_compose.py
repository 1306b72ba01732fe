"""The containers run what `ctin up` runs: no container engine is asked, the files are read."""

import asyncio
import re
import ssl
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import msgspec
import pytest
import yaml

from contracts import transport
from contracts.streams import SERVICES, stream_of
from infra.cli.environment import Ports, of_service
from infra.cli.folder import DataFolder, public_nkey
from infra.cli.stack import Stack
from infra.devservers.programs import installed_programs
from infra.docker import certificates, prepare
from infra.nats.render import OPERATOR
from services.chassis import settings as reading
from services.chassis import tls
from services.chassis.settings import ServiceSettings
from services.exchange.model.access import USERS_FILE
from tests.conftest import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
CONTAINERS = COMPOSE["services"]
PORTS = Ports(prepare.PORT_BASE)
DOCKERFILE = (ROOT / "infra/docker/Dockerfile").read_text()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """What `ctin up` would start, not started."""
    folder = DataFolder(tmp_path_factory.mktemp("stack"))
    return Stack(folder, PORTS, say=lambda _: None)


def told(service: str) -> dict[str, str]:
    """Return the environment that `ctin up` gives a service."""
    where = prepare.MOUNTED
    return of_service(
        service,
        Ports(prepare.PORT_BASE, prepare.door(service)),
        database_url=f"postgresql://{service}@/{service}",
        password_file=where / f"{service}_database",
        seed_file=where / f"{service}_nkey",
        access_folder=Path("/access"),
        system_seed_file=where / "system_nkey",
        key_file=where
        / {
            "members": "tokens_key",
            "portal": "portal_key",
            "exchange": "webhooks_key",
        }.get(service, ""),
    )


def test_the_containers_are_the_processes_of_a_stack_and_their_migrations(stack):
    migrations = {f"{service}_migrate" for service in SERVICES}
    assert set(CONTAINERS) == {"postgres", "nats", *SERVICES, *migrations}
    started = {stack._service(service).name for service in SERVICES}
    assert started == set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("verb", ["serve", "migrate"])
def test_the_entry_point_is_that_of_the_stack(service, verb, monkeypatch, stack):
    container = CONTAINERS[service if verb == "serve" else f"{service}_migrate"]
    asked: list[str] = []
    monkeypatch.setattr("infra.cli.stack.spawn", lambda argv, **_: asked.extend(argv))
    stack._service(service)._start()
    assert container["command"] == ["python", "-m", f"services.{service}", verb]
    assert asked[1:3] == container["command"][1:3]
    assert asked[3] == "serve"


@pytest.mark.parametrize("service", SERVICES)
def test_the_environment_is_that_of_the_stack(service):
    given = CONTAINERS[service]["environment"]
    expected = told(service)

    assert given.keys() == expected.keys()
    assert CONTAINERS[f"{service}_migrate"]["environment"] == given
    for name, value in expected.items():
        if name.endswith(("_FILE", "_FOLDER", "_PORT", "_AUDIENCES")):
            assert given[name] == value, name
        elif "://" in value:  # Only the host differs: a container is known by its name.
            ours, theirs = urlsplit(given[name]), urlsplit(value)
            if name.endswith("_MONITOR_URL"):  # Here it is outside the machine of who asks.
                theirs = theirs._replace(scheme="https")
            assert (ours.scheme, ours.port) == (theirs.scheme, theirs.port), name
            assert (ours.path, ours.username) == (theirs.path, theirs.username), name


@pytest.mark.parametrize("service", SERVICES)
def test_the_environment_is_read_by_the_service_and_lacks_nothing(service):
    kind = import_module(f"services.{service}.settings").Settings
    given = CONTAINERS[service]["environment"]
    fields = {f"{service}_{one.name}".upper(): one for one in msgspec.structs.fields(kind)}

    assert given.keys() <= fields.keys()
    assert {name for name, one in fields.items() if one.required} <= given.keys()
    settings = reading.read(kind, prefix=service, environment=given)
    assert isinstance(settings, ServiceSettings)
    assert settings.port == PORTS.services[service]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_reached_on_its_port_and_from_this_machine_alone(service):
    container = CONTAINERS[service]
    host = container["environment"][f"{service.upper()}_HOST"]
    port = PORTS.services[service]
    if container.get("network_mode") == "host":
        assert host == "127.0.0.1"
        assert "ports" not in container
    else:
        assert host == "0.0.0.0"
        assert container["ports"] == [f"127.0.0.1:{port}:{port}"]
    scheme = "http" if host == "127.0.0.1" else "https"
    asked = container["healthcheck"]["test"][-1]
    assert f"{scheme}://127.0.0.1:{port}/health/ready" in asked
    assert ("create_default_context(cafile='/run/secrets/authority')" in asked) is (
        scheme == "https"
    )
    compile(asked, service, "exec")


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_names_only_hosts_it_can_reach(service):
    container = CONTAINERS[service]
    known = (
        {"127.0.0.1"}
        if container.get("network_mode") == "host"
        else {"nats", *SERVICES} - {"portal"}
    )
    for name, value in container["environment"].items():
        if name.endswith("_URL") and not name.endswith("DATABASE_URL"):
            assert urlsplit(value).hostname in known, name
    assert "host=/var/run/postgresql" in container["environment"][f"{service.upper()}_DATABASE_URL"]
    assert "sockets:/var/run/postgresql" in container["volumes"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_once_its_database_is_migrated(service):
    waits = CONTAINERS[service]["depends_on"]
    assert waits[f"{service}_migrate"]["condition"] == "service_completed_successfully"
    migration = CONTAINERS[f"{service}_migrate"]
    assert migration["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert migration["restart"] == "no"
    assert migration["build"]["args"] == {"SERVICE": service}
    assert migration["image"] == CONTAINERS[service]["image"]


def test_servers_are_official_images_pinned_by_tag_that_keep_their_files():
    assert re.fullmatch(r"postgres:18\.\d+", CONTAINERS["postgres"]["image"])
    assert re.fullmatch(r"nats:2\.\d+\.\d+-alpine", CONTAINERS["nats"]["image"])
    assert "postgres:/var/lib/postgresql" in CONTAINERS["postgres"]["volumes"]
    assert f"nats:{prepare.STORE}" in CONTAINERS["nats"]["volumes"]
    for name in ("postgres", "nats", *SERVICES):
        assert CONTAINERS[name]["healthcheck"]["test"]
        assert CONTAINERS[name]["restart"] == "unless-stopped"
    named = {volume.partition(":")[0] for one in CONTAINERS.values() for volume in one["volumes"]}
    assert {name for name in named if "/" not in name} == set(COMPOSE["volumes"])


def test_postgres_is_made_as_the_embedded_one_is():
    asked = CONTAINERS["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    embedded = (ROOT / "infra/devservers/postgres.py").read_text()
    for option in asked:
        if not option.startswith("--auth-"):
            assert f'"{option}"' in embedded, option
    assert "--auth-local=scram-sha-256" in asked
    assert CONTAINERS["postgres"]["command"] == ["postgres", "-c", "listen_addresses="]


def test_secrets_are_files_that_prepare_makes_and_no_stranger_enters(tmp_path):
    written = prepare.prepare(tmp_path / "docker")
    made = {path.relative_to(tmp_path / "docker").as_posix() for path in written}
    mounted = {
        secret["file"].removeprefix(".ctin/docker/") for secret in COMPOSE["secrets"].values()
    }

    assert made == mounted | {"nats.conf"}
    assert f"./{prepare.FOLDER}/nats.conf:/etc/nats/nats.conf:ro" in CONTAINERS["nats"]["volumes"]
    assert stat.S_IMODE((tmp_path / "docker").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o444}
    kept = {path: path.read_bytes() for path in written}
    assert {path: path.read_bytes() for path in prepare.prepare(tmp_path / "docker")} == kept


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_is_given_the_secrets_it_names_and_no_other(name):
    container = CONTAINERS[name]
    named = {
        value.removeprefix("/run/secrets/")
        for value in container.get("environment", {}).values()
        if str(value).startswith("/run/secrets/")
    }
    if name == "postgres":
        named |= {f"{service}_database" for service in SERVICES}
    if name == "nats":
        named |= {"nats_certificate", "nats_tls_key"}
    assert set(container.get("secrets", [])) == named
    assert named <= COMPOSE["secrets"].keys()


def test_nats_accepts_its_configuration_and_is_durable(tmp_path):
    written = prepare.prepare(tmp_path)
    configured = next(path for path in written if path.name == "nats.conf")
    text = configured.read_text()
    assert "sync_interval: always" in text
    assert f'listen: "0.0.0.0:{PORTS.nats}"' in text
    assert f'https: "0.0.0.0:{PORTS.monitor}"' in text
    assert f'cert_file: "{prepare.door("nats").certificate}"' in text
    assert 'min_version: "1.2"' in text
    assert CONTAINERS["nats"]["ports"] == [
        f"127.0.0.1:{port}:{port}" for port in (PORTS.nats, PORTS.monitor)
    ]
    here = tmp_path / "here.conf"
    here.write_text(
        text.replace(f'"{prepare.STORE}"', f'"{tmp_path / "streams"}"')
        .replace(str(prepare.door("nats").certificate), str(tmp_path / "secrets/nats.pem"))
        .replace(str(prepare.door("nats").key), str(tmp_path / "secrets/nats.tls.key"))
    )
    server = ROOT / ".venv/bin/nats-server"
    done = subprocess.run([server, "-t", "-c", here], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_says_nothing_in_the_clear_and_shows_a_certificate_of_its_name(
    service, tmp_path
):
    prepare.prepare(tmp_path)
    secrets = {
        name: tmp_path / one["file"].removeprefix(".ctin/docker/")
        for name, one in COMPOSE["secrets"].items()
    }
    given = {
        name: str(secrets.get(value.removeprefix("/run/secrets/"), value))
        for name, value in CONTAINERS[service]["environment"].items()
    }
    kind = import_module(f"services.{service}.settings").Settings
    settings = reading.read(kind, prefix=service, environment=given)
    tls.must_be_safe(settings, prefix=service)
    if service != "portal":
        shown = transport.presenting(settings.tls_certificate_file, settings.tls_key_file)
        trust = transport.trusting(settings.tls_ca_file)
        for name in (service, "127.0.0.1"):
            transport.shake_hands(shown, trust, name)
        with pytest.raises(ssl.SSLCertVerificationError):
            transport.shake_hands(shown, trust, "funding" if service != "funding" else "members")


def test_a_certificate_is_kept_until_it_is_soon_over(tmp_path):
    now = datetime(2026, 3, 1, tzinfo=UTC)
    left = timedelta(days=certificates.DAYS - certificates.RENEWED_DAYS)
    asked = {"nats": ["nats", "127.0.0.1"], "members": ["members"]}

    def made(at, names=asked):
        paths = certificates.renew(tmp_path, names, now=at)
        return {path.name: path.read_bytes() for path in paths}

    first = made(now)
    assert made(now + left - timedelta(minutes=1)) == first
    named = made(now, {**asked, "members": ["members", "localhost"]})
    assert {name for name in first if first[name] != named[name]} == {
        "members.pem",
        "members.tls.key",
    }
    renewed = made(now + left + timedelta(minutes=1))
    assert {name for name in first if first[name] == renewed[name]} == {"authority.pem"}


def test_nats_has_the_users_of_the_embedded_one_under_the_same_rights(tmp_path, stack):
    prepare.prepare(tmp_path)
    stack.nats.configuration(1)
    ours, theirs = DataFolder(tmp_path), stack.folder

    def users(folder, access):
        """Return the lines of users, the public key of each replaced by its name."""
        text = (access / USERS_FILE).read_text()
        for name in (*SERVICES, OPERATOR, "system"):
            text = text.replace(public_nkey(folder.nats_seed(name).read_text()), name)
        return text

    contained = users(ours, tmp_path / prepare.ACCESS)
    assert contained == users(theirs, theirs.access)
    assert f"$JS.API.STREAM.DELETE.{stream_of('members')}" in contained
    assert "system" not in contained


async def test_the_first_start_gives_each_service_a_database_of_its_own(postgres, tmp_path):
    script = (ROOT / "infra/postgres/add_services.sh").read_text()
    assert re.search(r"^for service in (.*); do$", script, re.MULTILINE)[1].split() == [*SERVICES]
    renamed = {service: f"compose_{service}" for service in SERVICES}
    for service, name in renamed.items():
        (tmp_path / f"{name}_database").write_text(f'{service}\'s "own"')
    script = script.replace(" ".join(SERVICES), " ".join(renamed.values()))
    where = urlsplit(postgres.superuser_url())
    asked = dict(one.split("=") for one in where.query.split("&"))
    environment = {
        "PATH": f"{installed_programs() / 'bin'}:/usr/bin:/bin",
        "SECRETS": str(tmp_path),
        "PGHOST": asked["host"].replace("%2F", "/"),
        "PGPORT": asked["port"],
        "PGPASSWORD": postgres.superuser_password,
    }
    done = await asyncio.create_subprocess_exec(
        "sh", "-c", script, env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, said = await done.communicate()
    assert done.returncode == 0, said

    password = 'members\'s "own"'
    url = postgres.service_url("compose_members")
    connection = await asyncpg.connect(url, password=password)
    await connection.execute("CREATE TABLE mine ()")
    await connection.close()
    foreign = postgres.service_url("compose_members").replace(
        "/compose_members?", "/compose_portal?"
    )
    with pytest.raises(asyncpg.PostgresError):
        await asyncpg.connect(foreign, password=password)


def test_one_dockerfile_copies_contracts_chassis_and_its_service():
    copied = re.findall(r"^COPY (.*)$", DOCKERFILE, re.MULTILINE)
    assert copied == [
        "requirements.lock ./",
        "contracts ./contracts",
        "services/__init__.py ./services/",
        "services/chassis ./services/chassis",
        "services/${SERVICE} ./services/${SERVICE}",
    ]
    assert re.search(r"^FROM python:3\.11-slim$", DOCKERFILE, re.MULTILINE)
    assert re.search(r"^ARG SERVICE$", DOCKERFILE, re.MULTILINE)
    assert re.search(
        r"^RUN pip install .*--require-hashes -r requirements\.lock$", DOCKERFILE, re.MULTILINE
    )
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", DOCKERFILE, re.MULTILINE)
    assert DOCKERFILE.rstrip().endswith("CMD exec python -m services.${SERVICE} serve")
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {"!contracts", "!services", "!requirements.lock"} <= set(ignored)
