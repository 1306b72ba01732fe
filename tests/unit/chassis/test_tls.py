"""What a service refuses to serve with, and what it takes up when its certificate is renewed."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from services.chassis import tls, verbs
from services.chassis.settings import ServiceSettings

NOW = datetime.now(UTC)
OUTSIDE = {"host": "0.0.0.0"}
CERTIFICATE = "ROADMAP_TLS_CERTIFICATE_FILE"


def written(folder: Path, name: str, authority: trustme.CA, **dates: datetime) -> dict[str, str]:
    """Write a certificate and its key, and return the settings that name them."""
    made = authority.issue_cert("ctin.test", **dates)
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    made.cert_chain_pems[0].write_to_path(certificate)
    made.private_key_pem.write_to_path(key)
    return {"tls_certificate_file": str(certificate), "tls_key_file": str(key)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """Settings for each kind of certificate."""
    folder, authority = tmp_path_factory.mktemp("tls"), trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    good = written(folder, "good", authority)
    over = written(folder, "over", authority, not_after=NOW - timedelta(hours=1))
    early = written(folder, "early", authority, not_before=NOW + timedelta(days=1))
    other = written(folder, "other", authority)
    (folder / "empty.pem").write_text("")
    return {
        "none": {},
        "good": good,
        "over": over,
        "early": early,
        "of another key": {**good, "tls_key_file": other["tls_key_file"]},
        "without key": {"tls_certificate_file": good["tls_certificate_file"]},
        "without certificate": {"tls_key_file": good["tls_key_file"]},
        "nowhere": {**good, "tls_certificate_file": str(folder / "none.pem")},
        "with authority": {**good, "tls_ca_file": str(folder / "authority.pem")},
        "with empty authority": {**good, "tls_ca_file": str(folder / "empty.pem")},
    }


def settings(**changes: str) -> ServiceSettings:
    told = {
        "port": 8404,
        "database_url": "postgresql://roadmap@db.example/roadmap",
        "nats_url": "nats://127.0.0.1:8422",
        "nats_monitor_url": "http://localhost:8423",
        "nats_seed_file": "/secrets/roadmap.nkey",
        "jwks_url": "http://[::1]:8401/v1/jwks",
        **changes,
    }
    return ServiceSettings(**told)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("none", {}),
        ("none", {"host": "::1"}),
        ("good", {}),
        ("good", OUTSIDE),
        ("with authority", OUTSIDE),
        ("good", {"nats_url": "tls://nats:8422", "jwks_url": "https://members:8401/v1/jwks"}),
    ],
)
def test_what_stays_here_or_is_covered_may_be_served(made, kind, changes):
    tls.must_be_safe(settings(**made[kind], **changes), prefix="roadmap")


@pytest.mark.parametrize(
    ("kind", "changes", "field", "told"),
    [
        ("none", OUTSIDE, CERTIFICATE, "aucun certificat n'est donné ; donnez .* ou écoutez 127"),
        ("none", {"host": "portail.example.fr"}, CERTIFICATE, "aucun certificat"),
        ("without key", {}, CERTIFICATE, "vont ensemble"),
        ("without certificate", OUTSIDE, CERTIFICATE, "vont ensemble"),
        ("of another key", OUTSIDE, CERTIFICATE, "ne font pas un certificat et sa clé"),
        ("nowhere", OUTSIDE, CERTIFICATE, "ne font pas un certificat et sa clé"),
        ("over", OUTSIDE, CERTIFICATE, "a expiré"),
        ("early", OUTSIDE, CERTIFICATE, "pas encore valable"),
        ("with empty authority", OUTSIDE, "ROADMAP_TLS_CA_FILE", "pas un fichier d'autorités"),
        ("good", {"nats_url": "nats://nats:8422"}, "ROADMAP_NATS_URL", "en clair .* tls://"),
        ("none", {"jwks_url": "http://10.0.0.2/v1/jwks"}, "ROADMAP_JWKS_URL", "écrivez https://"),
    ],
)
def test_what_would_go_in_the_clear_refuses_to_start_and_says_what_to_do(
    made, kind, changes, field, told
):
    with pytest.raises(SystemExit) as refused:
        tls.must_be_safe(settings(**made[kind], **changes), prefix="roadmap")
    assert re.fullmatch(rf"E_TLS, {field} : .*{told}.*\.", str(refused.value)), refused.value


def test_serving_asks_first_whether_it_is_safe(monkeypatch):
    monkeypatch.setattr(verbs.log, "configure", lambda *_: None)  # Of the whole process.
    asked = {field: getattr(settings(), field) for field in settings().__struct_fields__}
    given = {f"ROADMAP_{name}".upper(): str(value) for name, value in asked.items() if value}
    put_together: list[ServiceSettings] = []

    def run(host: str) -> None:
        given["ROADMAP_HOST"] = host
        verbs.run("roadmap", ServiceSettings, create, ["serve"], given)

    def create(found: ServiceSettings):
        put_together.append(found)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        run("127.0.0.1")
    with pytest.raises(SystemExit, match=f"^E_TLS, {CERTIFICATE} : "):
        run("0.0.0.0")
    assert [one.host for one in put_together] == ["127.0.0.1"]


def test_new_files_are_taken_up_once_and_a_pair_that_cannot_serve_is_said_once(tmp_path):
    authority = trustme.CA()
    given = written(tmp_path, "shown", authority)
    shown = tls.Certificate(*given.values())
    assert not shown.refresh()
    written(tmp_path, "shown", authority)
    assert shown.refresh()
    assert not shown.refresh()
    written(tmp_path, "shown", authority, not_after=NOW - timedelta(hours=1))
    with pytest.raises(tls.Unusable, match="a expiré"):
        shown.refresh()
    assert not shown.refresh()
    key = Path(given["tls_key_file"])
    key.unlink()
    assert not shown.refresh()
    written(tmp_path, "shown", authority)
    assert shown.refresh()
