"""A partner's own keys: made here, kept in files of its own, their public halves alone shown."""

import json
import os
from pathlib import Path

import nkeys
from joserfc.jwk import OKPKey

PRIVATE = 0o600
SEED, JWK = "seed.nk", "key.jwk"


class KeysAreThere(Exception):
    """The folder holds a key already; the message says which."""


def make(folder: Path) -> dict[str, object]:
    """Make a pair for NATS and one for HTTP in `folder`, and return the public halves.

    Raises:
        KeysAreThere: one is there already: nothing is ever written over a key.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in (SEED, JWK):
        if (folder / name).exists():
            raise KeysAreThere(f"{folder / name} existe déjà ; donnez un autre dossier.")
    seed = nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER).decode()
    _write(folder / SEED, seed)
    _write(folder / JWK, json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)))
    return public(folder)


def public(folder: Path) -> dict[str, object]:
    """Return the public halves of the keys of a folder: what the coordination is given."""
    found: dict[str, object] = {}
    if (folder / SEED).exists():
        seed = bytearray((folder / SEED).read_bytes().strip())
        found["nkey"] = nkeys.from_seed(seed).public_key.decode()
    if (folder / JWK).exists():
        found["jwk"] = http_key(folder).as_dict(private=False)
    return found


def http_key(folder: Path) -> OKPKey:
    """Return the private key that asks for access tokens.

    Raises:
        FileNotFoundError: the folder has none.
    """
    return OKPKey.import_key(json.loads((folder / JWK).read_text(encoding="utf-8")))


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")
