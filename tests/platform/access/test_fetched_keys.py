"""Keys come from the address that was configured and from no other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from shared.access import tokens
from shared.kernel.errors import Unavailable

ASKED: list[str] = []


class Redirecting(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        ASKED.append(self.path)
        if self.path == "/jwks.json":
            self.send_response(302)
            self.send_header("Location", "/elsewhere.json")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"keys": []}')

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    ASKED.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Redirecting)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    serving.join()
    server.server_close()


def test_no_redirect_leads_to_other_keys(address: str) -> None:
    with pytest.raises(Unavailable):
        tokens.key_of(f"{address}/jwks.json", "services")
    assert ASKED == ["/jwks.json"]
