"""A stack that others can reach says nothing in the clear, and nobody believes a false one."""

import asyncio
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from contracts.partner import credentials
from contracts.partner.client import Partner
from infra.cli import status
from infra.cli.main import main
from tests.acceptance.certificates import EVERYWHERE, Certificates, own_address
from tests.acceptance.conftest import Stack, free_port_base, publish, run_ctin, until
from tests.acceptance.signals import exposure

REFUSED = 1
WORDS = """[measures]
pass_numerique = { label = "Pass numériques remis", units = ["person"] }
"""


@pytest.fixture(scope="module")
def secured(ground: Path) -> Iterator[Stack]:
    folder = ground / "secured"
    folder.mkdir()
    words = folder / "words.toml"
    words.write_text(WORDS, encoding="utf-8")
    one = Stack(
        folder,
        base=free_port_base(),
        environment={"DIAGNOSTICS_VOCABULARY_FILE": str(words)},
        certificates=Certificates(folder / "certificates", own_address()),
    )
    one.start()
    yield one
    one.stop()


def folder_of(stack: Stack, institution: str, folder: Path, **changes: str) -> Path:
    """Return an institution's own folder with something changed in it."""
    folder.mkdir()
    own = json.loads((stack.institution(institution) / "partner.json").read_text())
    (folder / "partner.json").write_text(json.dumps({**own, **changes}))
    return folder


def serial(stack: Stack, service: str) -> int:
    """Return the serial number of the certificate that is shown to who connects now."""
    is_nats = service == "nats"
    where = urlsplit(stack.ready["nats"]["url"] if is_nats else stack.ready["services"][service])
    with socket.create_connection((where.hostname, where.port), timeout=10) as plain:
        if is_nats:
            assert plain.recv(65_536).startswith(b"INFO ")
        trust = stack.certificates.trust
        with trust.wrap_socket(plain, server_hostname=where.hostname) as shown:
            return int(shown.getpeercert()["serialNumber"], 16)


def test_every_address_is_one_of_tls_and_the_portal_stays_at_home(secured: Stack):
    services = {name: urlsplit(url) for name, url in secured.ready["services"].items()}
    name = secured.certificates.name
    portal = services.pop("portal")
    assert (portal.scheme, portal.hostname) == ("http", "127.0.0.1")
    assert {(one.scheme, one.hostname) for one in services.values()} == {("https", name)}
    nats = urlsplit(secured.ready["nats"]["url"])
    assert (nats.scheme, nats.hostname) == ("tls", name)
    page = httpx.get(f"{secured.ready['services']['portal']}/c/sicoval", trust_env=False)
    assert page.status_code == 200
    assert "Le service" not in page.text  # None is told to be away.

    def well() -> bool:
        seen = status.seen(secured.data)["processes"]
        return {one["health"]["status"] for one in seen.values()} == {"ready", "running"}

    until(well)


def test_a_partner_publishes_is_answered_and_follows_by_tls(secured: Stack):
    """A measure of this installation alone, so that its words reached the diagnostic."""
    own = exposure(period="2031", measure="pass_numerique", unit="person")
    answers = publish(secured, "cpam-31", [own, exposure(period="2031", measure="inconnue")])
    assert [one["code"] for one in answers] == [None, "E_VOCABULARY"]
    figures = secured.area("31113")["exposures"]
    assert [one["known"] for one in figures if one["measure"] == "pass_numerique"] == [120]

    def followed():
        folder = str(secured.institution("la-poste"))
        done = run_ctin("partner", "follow", "--credentials", folder, "--once", check=True)
        return "pass_numerique" in done.stdout

    until(followed)
    assert main(["budget", "--data-dir", str(secured.data)]) == 0


def test_who_speaks_in_the_clear_is_not_answered(secured: Stack):
    where = urlsplit(secured.ready["services"]["exchange"])
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"http://{where.netloc}/health/live", trust_env=False)
    nats = urlsplit(secured.ready["nats"]["url"])
    with socket.create_connection((nats.hostname, nats.port), timeout=10) as plain:
        plain.settimeout(10)
        assert json.loads(plain.recv(65_536).removeprefix(b"INFO "))["tls_required"]
        plain.sendall(b'CONNECT {"verbose":false}\r\nPING\r\n')
        said = b""
        try:
            while more := plain.recv(65_536):
                said += more
        except ConnectionResetError:
            pass
        assert b"PONG" not in said


@contextmanager
def impostor(certificates: Certificates, *, first: bytes) -> Iterator[int]:
    """A server under our name whose certificate, of the same authority, is over; its port."""
    shown = certificates.authority.issue_cert(certificates.name, not_after=certificates.yesterday)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.configure_cert(context)
    listener = socket.create_server((EVERYWHERE, 0))
    ended = threading.Event()

    def answer() -> None:
        while not ended.is_set():
            with suppress(OSError):
                plain, _ = listener.accept()
                with plain:
                    plain.sendall(first)
                    context.wrap_socket(plain, server_side=True).close()

    answering = threading.Thread(target=answer, daemon=True)
    answering.start()
    yield listener.getsockname()[1]
    ended.set()
    listener.shutdown(socket.SHUT_RDWR)
    answering.join(10)
    listener.close()


@pytest.fixture(scope="module")
def impostors(secured: Stack) -> Iterator[dict[str, str]]:
    """Addresses of a false NATS, which speaks before TLS as the true one does, and a false HTTP."""
    certificates = secured.certificates
    greeting = (
        b'INFO {"server_id":"x","version":"2.15.1","max_payload":1048576,"tls_required":true}\r\n'
    )
    with (
        impostor(certificates, first=greeting) as nats,
        impostor(certificates, first=b"") as http,
    ):
        yield {
            "nats": f"tls://{certificates.name}:{nats}",
            "exchange": f"https://{certificates.name}:{http}",
        }


FALSE = {
    "wrong authority": "n'est signé par aucune autorité connue",
    "wrong name": "porte un autre nom",
    "expired": "a expiré",
}


@pytest.mark.parametrize(("how", "told"), FALSE.items())
def test_a_server_that_is_not_proven_gets_nothing_from_a_partner(
    secured: Stack, impostors: dict[str, str], tmp_path: Path, capsys, how: str, told: str
):
    certificates = secured.certificates
    nats, exchange = secured.ready["nats"]["url"], secured.ready["services"]["exchange"]
    ca = certificates.stranger if how == "wrong authority" else certificates.ca
    if how == "wrong name":
        nats, exchange = (one.replace(certificates.name, "127.0.0.1") for one in (nats, exchange))
    if how == "expired":
        nats, exchange = impostors["nats"], impostors["exchange"]
    folder = folder_of(secured, "cpam-31", tmp_path / "own", nats_url=nats, ca_file=str(ca))
    signals = folder / "signals.ndjson"
    signals.write_text(json.dumps(exposure(period="2032")))
    publishing = ["partner", "publish", str(signals), "--credentials", str(folder)]
    options = ["--exchange", exchange, "--code", "x", "--credentials", str(tmp_path / "new")]
    for command in (publishing, ["partner", "register", *options, "--ca", str(ca)]):
        assert main(command) == REFUSED
        said = capsys.readouterr()
        assert said.out == ""
        assert told in said.err


async def test_a_renewed_certificate_is_shown_and_one_that_is_over_is_not(secured: Stack):
    """Who is connected meanwhile stays connected."""
    own = credentials.load(secured.institution("cpam-31"))
    before = serial(secured, "nats")
    async with Partner(own) as partner:
        connected = partner._client.client_id
        secured.certificates.show()
        for name in ("nats", "exchange", "members"):
            await asyncio.to_thread(until, lambda name=name: serial(secured, name) != before)
        assert partner._client.client_id == connected
        assert partner._client.is_connected
    renewed = serial(secured, "nats")
    secured.certificates.show(expired=True)
    until(lambda: "n'est pas renouvelé" in secured.log.read_text(encoding="utf-8"))
    exchange = secured.data / "logs" / "exchange.log"
    until(lambda: "certificate_refused" in exchange.read_text(encoding="utf-8"))
    assert {serial(secured, name) for name in ("nats", "exchange", "members")} == {renewed}
    secured.certificates.show()
    until(lambda: serial(secured, "nats") != renewed)
