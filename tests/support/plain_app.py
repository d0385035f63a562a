"""An application without a store: it gives back what it is sent, waits, and answers at length."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from flask import Flask, Response, request

from shared.web import health
from shared.web.application import LARGEST_BODY
from shared.web.bounded_request import BoundedRequest

app = Flask(__name__)
app.request_class = BoundedRequest
LARGEST: Final = 20_000_000

app.extensions[LARGEST_BODY] = app.config["MAX_CONTENT_LENGTH"] = LARGEST
health.install(app)


@app.route("/echo", methods=["GET", "POST"])
def echo() -> dict[str, object]:
    """What arrived, by length and hash, and how it was framed."""
    data = request.get_data()
    return {
        "method": request.method,
        "length": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "chunked": request.headers.get("Transfer-Encoding"),
    }


@app.post("/unread")
def unread() -> dict[str, str]:
    """An answer that does not wait for the body."""
    return {"body": "not looked at"}


@app.get("/held")
def held() -> dict[str, bool]:
    """An answer that comes when the file that `HELD_UNTIL` names is there."""
    os.write(1, b"held\n")  # in one piece, unlike what threads print
    while not Path(os.environ["HELD_UNTIL"]).exists():
        time.sleep(0.05)
    return {"held": True}


@app.get("/large/<int:size>")
def large(size: int) -> Response:
    return Response(b"x" * size, mimetype="application/octet-stream")


@app.get("/streamed/<int:chunks>")
def streamed(chunks: int) -> Response:
    """Many parts, the length unknown beforehand."""

    def parts() -> Iterator[bytes]:
        for number in range(chunks):
            yield number.to_bytes(4, "big") * 16_384

    return Response(parts(), mimetype="application/octet-stream")
