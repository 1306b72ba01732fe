"""Endpoints as a subscriber runs them: they verify with the independent package, and may fail."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from standardwebhooks import Webhook


class Receiver:
    """An HTTP server of one endpoint. `answers` says what a message gets, by its rank."""

    def __init__(self) -> None:
        self.secrets: list[str] = []
        self.messages: list[tuple[dict[str, str], Any]] = []
        """Headers and content of each event message, in order; handshakes are apart."""
        self.handshakes: list[dict[str, Any]] = []
        self.answers: Callable[[Any], int] = lambda _: 200
        self.wait: Callable[[], Any] | None = None
        self.echo = True
        self._server: asyncio.Server | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/in"

    async def start(self, port: int = 0) -> "Receiver":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                lines = [line.partition(": ") for line in head.split("\r\n")[1:] if line]
                headers = {name.lower(): value for name, _, value in lines}
                body = await reader.readexactly(int(headers["content-length"]))
                status, answer = await self._answer(headers, body)
                told = f"HTTP/1.1 {status} X\r\nlocation: http://127.0.0.1:{self.port}/other\r\n"
                writer.write(f"{told}content-length: {len(answer)}\r\n\r\n".encode() + answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        for secret in self.secrets:
            Webhook(secret).verify(body, headers)
        content = json.loads(body)
        if isinstance(content, dict) and content["type"].endswith(".handshake.v1"):
            self.handshakes.append(content)
            told = content["data"]["challenge"] if self.echo else "something else"
            return 200, json.dumps({"challenge": told}).encode()
        if self.wait:
            await self.wait()
        self.messages.append((headers, content))
        return self.answers(content), b""

    def subseqs(self) -> list[int]:
        """Numbers of the events that came, in the order they came."""
        found: list[int] = []
        for _, content in self.messages:
            batch = content if isinstance(content, list) else [content]
            found += [one["subseq"] for one in batch]
        return found
