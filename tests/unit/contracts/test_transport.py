"""What counts as this machine alone, and what is said of a certificate that nobody trusts."""

import pytest

from contracts.transport import is_loopback


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
