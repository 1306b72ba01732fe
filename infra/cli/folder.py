"""The data folder of a stack: where everything is, and the secrets it makes once."""

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

import nkeys
from joserfc.jwk import OKPKey

PRIVATE = 0o600
PRIVATE_FOLDER = 0o700
PASSAGE = 0o711
"""Entered and not listed: as root, PostgreSQL runs under an account of its own, inside."""


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.rename(path)


def _nkey_seed() -> str:
    seed: bytes = nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER)
    return seed.decode()


def public_nkey(seed: str) -> str:
    """Return the public key of an NKey seed."""
    key: bytes = nkeys.from_seed(bytearray(seed.encode())).public_key
    return key.decode()


def _signing_key() -> str:
    return json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True))


class DataFolder:
    """One stack's folder. Secrets are made at first use, readable by their owner alone."""

    def __init__(self, root: Path) -> None:
        """Make the folder when it is not there."""
        self.root = root.resolve()
        mode = PASSAGE if os.geteuid() == 0 else PRIVATE_FOLDER
        self.root.mkdir(parents=True, exist_ok=True, mode=mode)
        self.postgres = self.root / "postgres"
        self.nats = self.root / "nats"
        self.access = self.nats / "access"
        self.logs = self.root / "logs"
        self.secrets = self.root / "secrets"
        self.institutions = self.root / "institutions"
        self.processes = self.root / "processes.json"
        self.played = self.root / "demo.json"
        for folder in (self.logs, self.secrets, self.institutions):
            folder.mkdir(exist_ok=True, mode=PRIVATE_FOLDER)

    def _once(self, path: Path, make: Callable[[], str]) -> Path:
        if not path.exists():
            _write_private(path, make())
        return path

    def database_password(self, service: str) -> Path:
        """Return the file of a service's database password."""
        return self._once(self.secrets / f"{service}.database", lambda: secrets.token_urlsafe(24))

    def nats_seed(self, user: str) -> Path:
        """Return the file of the NKey seed of a service, or of `system`."""
        return self._once(self.secrets / f"{user}.nkey", _nkey_seed)

    def streams_key(self) -> Path:
        """Return the file of the key that encrypts the streams of a cluster on disk."""
        return self._once(self.secrets / "streams.key", lambda: secrets.token_hex(32))

    def signing_key(self, name: str) -> Path:
        """Return the file of a private signing key, as a JWK."""
        return self._once(self.secrets / f"{name}.jwk", _signing_key)

    def institution_seed(self, institution: str) -> Path:
        """Return the file of the NKey seed that stands for an institution's own system."""
        return self._once(self.institutions / institution / "seed.nk", _nkey_seed)

    def write(self, path: Path, document: object) -> None:
        """Write a JSON document at once: a reader sees the old one or the new one."""
        _write_private(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
