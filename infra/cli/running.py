"""What a command is told of the stack that runs in a data folder: where it is, whom to trust."""

import json
from pathlib import Path

import httpx
import msgspec

from contracts import transport


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """Content of `processes.json` but the processes themselves."""

    services: dict[str, str]
    nats: str = ""
    ca_file: str | None = None

    def client(self, seconds: float) -> httpx.Client:
        """Return an HTTP client for its services."""
        trust = transport.trusting(self.ca_file)
        return httpx.Client(timeout=seconds, trust_env=False, verify=trust)


def running(folder: Path) -> Running:
    """Return where the stack of a folder answers.

    Raises:
        FileNotFoundError: none was ever started there.
    """
    told = json.loads((folder / "processes.json").read_text(encoding="utf-8"))
    return msgspec.convert(told, Running)
