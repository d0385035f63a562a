"""A service of the stack's tests: a few lines that answer like a real one, so that a whole stack starts in seconds.

`python fake_service.py <name> web|worker`; web has a forked worker process of its own, as gunicorn has. A worker
joins the group `<name>.group` on the broker when FAKE_GROUP is set. A GET of /talk prints a long line.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TALK = 10_000  # bytes that a request for /talk prints: seven of them fill a pipe


def serve(port: int) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/talk":
                print("x" * TALK, flush=True)
            ready = json.dumps({"status": "ready", "pid": os.getpid()}).encode()
            content = b"" if self.path == "/metrics" else ready
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: asked.append(number))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while not asked:
        time.sleep(0.05)
    server.shutdown()


def join_group(name: str) -> None:
    from kafka import KafkaConsumer

    consumer = KafkaConsumer(
        "fake.topic", bootstrap_servers=os.environ["SCORE_KAFKA"], group_id=f"{name}.group",
        client_id=f"{name}-worker-{os.getpid()}", session_timeout_ms=6000, heartbeat_interval_ms=1000,
    )  # fmt: skip
    known: list[int] = []
    while True:
        consumer.poll(200)
        assigned = sorted(one.partition for one in consumer.assignment())
        if assigned != known:
            print("assigned", assigned, flush=True)
        known = assigned


def main() -> None:
    name, verb = sys.argv[1:3]
    print(f"{verb} starts", flush=True)
    if verb == "worker":
        if os.environ.get("FAKE_DIES") == name:
            sys.exit("the invented reason")
        if os.environ.get("FAKE_GROUP"):
            threading.Thread(target=join_group, args=(name,), daemon=True).start()
        serve(int(os.environ[f"SCORE_{name.upper()}_METRICS_PORT"]))
    elif verb == "web":
        if os.fork() == 0:
            signal.pause()  # like a gunicorn worker; a parent killed with -9 leaves it behind
        signal.signal(signal.SIGCHLD, lambda *_: os.waitpid(-1, os.WNOHANG))
        serve(int(os.environ[f"SCORE_{name.upper()}_PORT"]))
    print(f"{verb} has ended", flush=True)


if __name__ == "__main__":
    main()
