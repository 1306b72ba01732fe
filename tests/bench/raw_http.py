"""As little of an HTTP client as measuring needs: what it costs is not the service's."""

import asyncio
from types import TracebackType
from typing import Self


class Caller:
    """One connection, kept, to a service of this machine; one request at a time."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._port = port
        told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._head = f"Host: 127.0.0.1\r\nContent-Type: application/json\r\n{told}"
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave; the next request opens another connection."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Return status and body of the answer.

        Raises:
            OSError: the service is away, or went away under the request.
        """
        try:
            return await self._ask(f"POST {path} HTTP/1.1\r\n", body)
        except (OSError, asyncio.IncompleteReadError, ValueError) as fault:
            self.close()
            raise ConnectionError(str(fault)) from fault
        except asyncio.CancelledError:
            self.close()
            raise

    async def _ask(self, verb: str, body: bytes) -> tuple[int, bytes]:
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection(
                "127.0.0.1", self._port, limit=2**24
            )
        head = f"{verb}{self._head}Content-Length: {len(body)}\r\n\r\n"
        self._writer.write(head.encode() + body)
        told = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(told.split(" ", 2)[1])
        length = int(told.split("content-length:", 1)[1].split("\r\n", 1)[0])
        return status, await self._reader.readexactly(length)
