"""A partner's own keys: made here, kept in files of its own, their public halves alone shown."""

from pathlib import Path

from contracts.partner import joining


class KeysAreThere(Exception):
    """The folder holds a key already; the message says which."""


def make(folder: Path) -> dict[str, object]:
    """Make a pair for NATS and one for HTTP in `folder`, and return the public halves.

    Raises:
        KeysAreThere: one is there already: nothing is ever written over a key.
    """
    for path in _files(folder):
        if path.exists():
            raise KeysAreThere(f"{path} existe déjà ; donnez un autre dossier.")
    joining.make_keys(folder)
    return public(folder)


def public(folder: Path) -> dict[str, object]:
    """Return the public halves of the keys of a folder: what the coordination is given."""
    seed, jwk = _files(folder)
    found: dict[str, object] = {}
    if seed.exists():
        found["nkey"] = joining.public_nkey(seed)
    if jwk.exists():
        found["jwk"] = joining.client_key(jwk).as_dict(private=False)
    return found


def _files(folder: Path) -> tuple[Path, Path]:
    return folder / joining.SEED, folder / joining.JWK
