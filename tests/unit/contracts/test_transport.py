"""What counts as this machine alone, and what is said of a certificate that nobody trusts."""

import ssl
import warnings
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from contracts import transport
from contracts.transport import is_loopback

DAY = timedelta(days=1)
NAME = "ctin.test"


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.4", False),
        ("portail.example.fr", False),
    ],
)
def test_only_this_machine_is_loopback(host, here):
    assert is_loopback(host) is here


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def meet(authority: trustme.CA, tmp_path):
    """Return a function that has a client meet a server of some certificate, by a name."""

    def meet(name: str = NAME, *, known: bool = True, version: int | None = None, **dates) -> None:
        made = authority.issue_cert(NAME, "192.0.2.7", **dates)
        shown, key, ca = tmp_path / "shown.pem", tmp_path / "shown.key", tmp_path / "ca.pem"
        made.cert_chain_pems[0].write_to_path(shown)
        made.private_key_pem.write_to_path(key)
        (authority if known else trustme.CA()).cert_pem.write_to_path(ca)
        transport.trusting.cache_clear()
        client = transport.trusting(str(ca))
        if version:
            client = ssl.create_default_context(cafile=ca)
            client.set_ciphers("ALL:@SECLEVEL=0")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                client.minimum_version = client.maximum_version = version
        transport.shake_hands(transport.presenting(str(shown), str(key)), client, name)

    return meet


@pytest.mark.parametrize("name", [NAME, "192.0.2.7"])
def test_a_server_is_trusted_by_its_authority_its_name_and_its_dates(meet, name):
    meet(name)


@pytest.mark.parametrize(
    ("told", "changes"),
    [
        ("a expiré", {"not_after": datetime.now(UTC) - DAY}),
        ("pas encore valable", {"not_before": datetime.now(UTC) + DAY}),
        ("porte un autre nom", {"name": "autre.test"}),
        ("porte un autre nom", {"name": "192.0.2.8"}),
        ("signé par aucune autorité connue", {"known": False}),
        ("ne parle pas TLS 1.2 ou 1.3", {"version": ssl.TLSVersion.TLSv1_1}),
    ],
)
def test_the_reason_of_a_distrust_is_said_in_french(meet, told, changes):
    with pytest.raises(ssl.SSLError) as distrusted:
        meet(**changes)
    wrapped = RuntimeError("as a library tells it")
    wrapped.__cause__ = distrusted.value
    assert told in transport.why(wrapped)


def test_what_is_no_matter_of_trust_has_no_reason():
    assert transport.why(ConnectionRefusedError()) is None
    assert transport.why(None) is None


def test_tls_1_2_is_spoken_still(meet):
    meet(version=ssl.TLSVersion.TLSv1_2)
