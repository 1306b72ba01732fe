"""`ctin up` beyond this machine: what it refuses before it starts anything."""

import re
from pathlib import Path

import pytest
import trustme

from infra.cli import supervisor
from infra.cli.door import Door, opened
from infra.cli.environment import Ports, of_service
from infra.cli.main import main

NAME = "ctin.test"
EVERYWHERE = ("--host", "0.0.0.0")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder, authority = tmp_path_factory.mktemp("door"), trustme.CA()
    made = authority.issue_cert(NAME)
    made.cert_chain_pems[0].write_to_path(folder / "shown.pem")
    made.private_key_pem.write_to_path(folder / "shown.key")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    (folder / "empty.pem").write_text("")
    return {path.name: str(path) for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("asked", "field", "told"),
    [
        ("--host 0.0.0.0 --name ctin.test", "--tls-certificate", "aucun certificat n'est donné"),
        ("--host nowhere", "--host", "pas une adresse IP"),
        ("--host :: --tls-certificate shown.pem --tls-key shown.key", "--name", "donnez le nom"),
        ("--tls-certificate shown.pem", "--tls-certificate", "vont ensemble"),
        ("--host 0.0.0.0 --name ctin.test --tls-key shown.key", "--tls-certificate", "ensemble"),
        (
            "--host 0.0.0.0 --name ctin.test --tls-certificate shown.pem --tls-key shown.key",
            "--tls-certificate",
            "aucune autorité connue",
        ),
        (
            "--host 0.0.0.0 --name ctin.test --tls-certificate shown.pem --tls-key shown.key "
            "--tls-ca empty.pem",
            "--tls-ca",
            "pas un fichier d'autorités",
        ),
        (
            "--host 0.0.0.0 --name autre.test --tls-certificate shown.pem --tls-key shown.key "
            "--tls-ca ca.pem",
            "--tls-certificate",
            "porte un autre nom",
        ),
    ],
)
def test_an_open_door_without_a_certificate_to_trust_is_refused(
    files, tmp_path, capsys, asked, field, told
):
    options = [files.get(one, one) for one in asked.split()]
    assert main(["up", "--data-dir", str(tmp_path / "data"), *options]) == 2
    assert re.fullmatch(rf"E_TLS, {field} : .*{told}.*\.\n", capsys.readouterr().err)
    assert not (tmp_path / "data").exists()


def test_a_door_is_told_to_each_service_but_the_portal(files):
    named = {
        name: Path(files[file])
        for name, file in {"certificate": "shown.pem", "key": "shown.key", "ca": "ca.pem"}.items()
    }
    ports = Ports(8400, opened(host="::", name=NAME, **named))
    where = {
        "database_url": "postgresql://x@/x",
        "password_file": Path("p"),
        "seed_file": Path("s"),
    }
    members = of_service("members", ports, key_file=Path("k"), **where)
    assert members["MEMBERS_HOST"] == "::"
    assert members["MEMBERS_TLS_CERTIFICATE_FILE"] == files["shown.pem"]
    assert members["MEMBERS_NATS_URL"] == "tls://ctin.test:8422"
    assert members["MEMBERS_NATS_MONITOR_URL"] == "http://127.0.0.1:8423"
    portal = of_service("portal", ports, key_file=Path("k"), **where)
    assert portal["PORTAL_HOST"] == "127.0.0.1"
    assert "PORTAL_TLS_CERTIFICATE_FILE" not in portal
    assert portal["PORTAL_TLS_CA_FILE"] == files["ca.pem"]
    assert portal["PORTAL_MEMBERS_URL"] == "https://ctin.test:8401"


def test_an_address_of_version_6_is_written_in_brackets():
    assert Ports(8400, Door(host="::1")).nats_url == "nats://[::1]:8422"


def test_the_words_of_an_installation_are_passed_on_by_their_whole_name(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIAGNOSTICS_VOCABULARY_FILE", "words.toml")
    monkeypatch.setenv("DIAGNOSTICS_NATS_URL", "nats://elsewhere")
    passed = supervisor._plain()
    assert passed["DIAGNOSTICS_VOCABULARY_FILE"] == str(tmp_path / "words.toml")
    assert "DIAGNOSTICS_NATS_URL" not in passed
