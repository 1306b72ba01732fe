"""Requests made up by another program from each service's own description: none is answered 5xx."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.acceptance.conftest import Stack, free_port_base

ST = str(Path(sys.executable).parent / "st")
CONFIGURATION = Path(__file__).with_name("generated_requests.toml")
EXAMPLES = 4
SECONDS_MAX = 400
AT_ONCE = 2
SERVICES = ("members", "funding", "diagnostics", "exchange", "roadmap")
ROLES = ("coordinator", "member")
Made = tuple[int, int, str]
"""Exit code, how many requests were made and what the program printed."""


def run(url: str, token: str, folder: Path) -> Made:
    """Run the program against a service and return what it made of it."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        [
            *(ST, "--config-file", str(CONFIGURATION), "run", f"{url}/schema/openapi.json"),
            *("-u", url, "-c", "not_a_server_error", "-H", f"Authorization: Bearer {token}"),
            *("-n", str(EXAMPLES), "--phases", "examples,coverage,fuzzing"),
            *("--warnings", "off", "--continue-on-failure"),
        ],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
    )
    made = re.search(r"(\d+) generated", done.stdout)
    return done.returncode, int(made[1]) if made else 0, done.stdout


@pytest.fixture(scope="module")
def shaken(ground: Path) -> Iterator[Stack]:
    """A stack of its own: made-up requests end agreements and close periods as others do."""
    one = Stack(ground / "shaken", base=free_port_base())
    one.start()
    yield one
    one.stop()


@pytest.fixture(scope="module")
def runs(shaken: Stack, tmp_path_factory) -> Iterator[dict[tuple[str, str], Future[Made]]]:
    """Each service asked in each role, the longest first, as many at once as there are cores."""
    folder = tmp_path_factory.mktemp("shaken")
    with ThreadPoolExecutor(AT_ONCE) as workers:
        yield {
            (service, role): workers.submit(
                run,
                shaken.ready["services"][service],
                shaken.ready["tokens"][role],
                folder / f"{service}-{role}",
            )
            for service in SERVICES
            for role in ROLES
        }


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("role", ROLES)
def test_no_request_is_answered_by_a_failure(runs, service, role):
    code, made, told = runs[service, role].result()

    assert code == 0, told[-4000:]
    assert made >= 100, told[-2000:]


class Failing(BaseHTTPRequestHandler):
    """A service that fails on one route."""

    def do_GET(self) -> None:
        described = self.path == "/schema/openapi.json"
        body = (
            b'{"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {"/x": {"get": '
            b'{"responses": {"200": {"description": "x"}}}}}}'
            if described
            else b"{}"
        )
        self.send_response(200 if described else 500)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def failing() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Failing)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_failure_would_be_seen(failing, tmp_path):
    code, _, told = run(failing, "none", tmp_path)
    assert code != 0, told
