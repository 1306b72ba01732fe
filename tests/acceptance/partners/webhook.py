"""Receive a feed by webhook, with the standardwebhooks package, and keep what came.

python webhook.py PORT SECRET_FILE LOG_FILE

LOG_FILE gets one line per event: its number, a space, its id. A message whose signature does not
match is refused; before the secret is known, only the handshake is answered.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

PORT, SECRET, LOG = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
HANDSHAKE = "fr.ctin.exchange.handshake.v1"


class Receiver(BaseHTTPRequestHandler):
    """One endpoint."""

    def do_POST(self) -> None:
        """Verify a message, keep its events, and only then say that it came."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        content = json.loads(body)
        if content.get("type") == HANDSHAKE:
            self._answer(200, json.dumps({"challenge": content["data"]["challenge"]}).encode())
            return
        try:
            Webhook(SECRET.read_text().strip()).verify(body, dict(self.headers))
        except (OSError, WebhookVerificationError):
            self._answer(401, b"")
            return
        if "subseq" in content:
            with LOG.open("a") as log:
                log.write(f"{content['subseq']} {content['id']}\n")
        self._answer(204, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


HTTPServer(("127.0.0.1", PORT), Receiver).serve_forever()
