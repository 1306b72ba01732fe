"""A POST that does nothing, by the framework and the server of the services: their limit."""

import sys

import uvicorn
from litestar import Litestar, post
from litestar.params import RawBody


@post("/", status_code=200)
async def nothing(body: RawBody) -> list[int]:
    """Read the body and answer an empty list."""
    assert body is not None
    return []


def main(port: int) -> None:
    """Serve until told to stop."""
    app = Litestar([nothing], openapi_config=None, logging_config=None)
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", log_config=None, access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]))
