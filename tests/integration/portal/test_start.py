"""What the portal refuses to start with."""

import pytest

from services.portal.app import create_app


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_without_sign_in_it_listens_on_loopback_only(make_settings, host):
    """One French sentence names the variable, its value and what to do."""
    with pytest.raises(SystemExit) as stopped:
        create_app(make_settings("postgresql://x@127.0.0.1:1/x", host=host))

    said = str(stopped.value)
    assert f"PORTAL_HOST vaut « {host} »" in said
    assert "mettez 127.0.0.1" in said


@pytest.mark.parametrize("content", [None, "", "{}", '{"kty": "OKP", "crv": "Ed25519", "x": "AA"}'])
def test_without_its_key_it_does_not_start(make_settings, tmp_path, content):
    """A missing, empty, wrong or public key: one sentence that names the variable."""
    path = tmp_path / "key.jwk"
    if content is not None:
        path.write_text(content)

    with pytest.raises(SystemExit, match="PORTAL_CLIENT_KEY_FILE"):
        create_app(make_settings("postgresql://x@127.0.0.1:1/x", client_key_file=str(path)))
