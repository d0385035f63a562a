"""Serves the stylesheet and the scripts, under addresses that carry their content's hash.

A changed file has a new address, so browsers keep them for a year without asking, and take them compressed: pages
stay light on slow lines. An address with another hash answers 404 instead of storing the wrong file under a right
name.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, request

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static/score"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
YEAR = 31_536_000
ASSETS = "score_assets.show_asset"

assets = Blueprint("score_assets", __name__)


@dataclass(frozen=True, slots=True)
class Asset:
    address: str
    mimetype: str
    content: bytes
    compressed: bytes


@cache
def all_assets() -> dict[str, Asset]:
    """Return every file by its name below `static/`; read once, so a process serves what it started with."""
    by_name = {}
    for path in sorted(FOLDER.rglob("*")):
        if path.suffix in TYPES:
            content = path.read_bytes()
            name = path.relative_to(FOLDER).as_posix()
            address = f"{PREFIX}/{hashlib.sha256(content).hexdigest()[:16]}/{name}"
            by_name[name] = Asset(address, TYPES[path.suffix], content, gzip.compress(content, mtime=0))
    return by_name


def asset(name: str) -> str:
    """Return the address of a file."""
    return all_assets()[name].address


@assets.get(f"{PREFIX}/<string(length=16):digest>/<path:name>")
def show_asset(digest: str, name: str) -> Response:
    file = all_assets().get(name)
    if file is None or file.address != f"{PREFIX}/{digest}/{name}":
        abort(404)
    small = request.accept_encodings.quality("gzip") > 0
    response = Response(file.compressed if small else file.content, mimetype=file.mimetype)
    if small:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
