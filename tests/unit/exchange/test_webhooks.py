"""Signatures, addresses and attempts of webhooks, against oracles that others wrote."""

import base64
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from standardwebhooks import Webhook

from services.exchange.model import webhooks
from tests.conftest import real_data

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ONE = UUID("019b76da-8000-7000-8a00-00000000ca01")


@pytest.mark.real_data
def test_signatures_are_those_of_the_published_vectors():
    path = real_data() / "conformance/standard_webhooks_vectors.json"
    cases = [one for one in json.loads(path.read_text()) if one["signature"] and one["id"]]
    checked = 0
    for one in cases:
        if not isinstance(one["timestamp"], int) or one["secret"] == "whsec_":
            continue
        ours = webhooks.sign(one["secret"], one["id"], one["timestamp"], one["payload"].encode())
        given = one["signature"].split(" ")
        stale = abs(one["now"] - one["timestamp"]) > 300
        assert (ours in given) == (one["valid"] or stale), one["case"]
        checked += 1
    assert checked >= 8


def test_a_receiver_of_standard_webhooks_accepts_what_we_sign():
    secret = webhooks.secret_of(b"master", ONE, 1)
    body = '{"é": 1}'.encode()
    timestamp = int(datetime.now(UTC).timestamp())
    headers = {
        "webhook-id": "m-1",
        "webhook-timestamp": str(timestamp),
        "webhook-signature": webhooks.sign(secret, "m-1", timestamp, body),
    }
    assert Webhook(secret).verify(body, headers) == {"é": 1}


def test_secrets_differ_by_installation_subscription_and_version():
    found = {
        webhooks.secret_of(master, subscription, version)
        for master in (b"a", b"b")
        for subscription in (ONE, UUID(int=2))
        for version in (1, 2)
    }
    assert len(found) == 8
    for one in found:
        assert len(base64.b64decode(one.removeprefix("whsec_"))) == 32


def test_ten_attempts_are_made_over_three_days():
    at, attempts = NOON, 0
    while (again := webhooks.next_attempt(attempts + 1, now=at)) is not None:
        assert again > at
        at, attempts = again, attempts + 1
    assert attempts + 1 == webhooks.ATTEMPTS == 10
    assert timedelta(days=3) <= at - NOON < timedelta(days=3, hours=4)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("127.9.9.9", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("172.31.255.255", False),
        ("172.32.0.1", True),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("203.0.113.9", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fd12:3456::1", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.215.14", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
        ("2002:a00:1::1", False),
        ("2001:0:7f00:1::", False),
    ],
)
def test_only_addresses_of_the_internet_are_public(address, public):
    assert webhooks.is_public(address) is public


@pytest.mark.parametrize(
    ("url", "in_production", "in_development"),
    [
        ("https://example.org/in?x=1", True, True),
        ("https://example.org:8443/in", True, True),
        ("http://example.org/in", False, True),
        ("http://127.0.0.1:9/in", False, True),
        ("https://127.0.0.1/in", False, True),
        ("https://[::1]/in", False, True),
        ("https://[::ffff:127.0.0.1]/in", False, True),
        ("https://169.254.169.254/latest", False, False),
        ("https://[fe80::1]/in", False, False),
        ("https://user:pass@example.org/", False, False),
        ("https://example.org/#part", False, False),
        ("https://exämple.org/", False, False),
        ("https:///nothing", False, False),
        ("ftp://example.org/", False, False),
        ("file:///etc/passwd", False, False),
        ("https://example.org:99999/", False, False),
        ("https://[::1", False, False),
    ],
)
def test_an_endpoint_is_an_https_address_of_the_internet(url, in_production, in_development):
    assert (webhooks.url_fault(url, loopback=False) is None) is in_production
    assert (webhooks.url_fault(url, loopback=True) is None) is in_development


def test_a_breaker_opens_after_five_failures_and_tries_once_after_a_while():
    one = webhooks.Breaker()
    for _ in range(4):
        one.told(good=False, now=0)
    assert one.waits(0) == 0
    one.told(good=False, now=0)
    assert one.waits(0) == 30
    assert one.waits(29.5) == 0.5
    assert one.waits(30) == 0
    one.told(good=False, now=30)
    assert one.waits(31) == 29
    one.told(good=True, now=60)
    assert one.waits(60) == 0
