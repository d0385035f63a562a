"""A command over HTTP with everything on, beside a bare Flask route with one transaction of two inserts.

Both run under the same gunicorn settings. Ours checks the token, the body and the permission, keeps the answer under
the idempotency key and writes the institution, its event, its party and that answer in one transaction.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import sys
import uuid
from datetime import timedelta
from pathlib import Path

from bench import ground, load
from bench.figures import Finding, at_least, in_turn
from deploy.platform.keys import Claims, make_keys, mint

SECONDS = 4.0
WARM_SECONDS = 1.0
FLOOR = 0.4
BODY = json.dumps(
    {
        "kind": "private_provider",
        "name": "Lembaga Contoh",
        "province": "ID-JB",
        "language": "id",
        "email": "info@example.org",
    }
).encode()
BARE = (
    sys.executable,
    "-m",
    "gunicorn",
    "-c",
    "python:shared.process.gunicorn_config",
    "bench.baselines.bare_route:app",
)
OURS = (sys.executable, "-m", "services.enrollment", "web")


def measure() -> list[Finding]:
    with ground.engines(broker=False) as running, ground.store("bench", "bare_state", "bare_events"):
        keys = running.folder / "keys"
        make_keys(keys)
        token = mint(Claims(role="programme"), keys, timedelta(hours=1))
        told = {
            "SCORE_SERVICE": "enrollment",
            "SCORE_JWKS_URL": (keys / "jwks.json").as_uri(),
            "SCORE_RATE_LIMIT": "10000000 per minute",
        }
        with contextlib.ExitStack() as servers:
            bare, ours = (_serving(servers, command, told, running.folder) for command in (BARE, OURS))
            numbers = itertools.count()
            run = uuid.uuid4()

            def command() -> bytes:
                headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{run}-{next(numbers)}"}
                return load.post("/v1/institutions", BODY, headers)

            plain = load.post("/institutions", BODY, {})
            load.answers_per_second(ours, command, WARM_SECONDS)
            load.answers_per_second(bare, lambda: plain, WARM_SECONDS)
            fast, full = in_turn(
                lambda: load.answers_per_second(bare, lambda: plain, SECONDS),
                lambda: load.answers_per_second(ours, command, SECONDS),
            )
    return [at_least("command POST, everything on, beside a bare Flask route", full, fast, "/s", FLOOR)]


def _serving(servers: contextlib.ExitStack, command: tuple[str, ...], told: dict[str, str], folder: Path) -> int:
    port, log = ground.free_port(), folder / f"{uuid.uuid4()}.log"
    started = servers.enter_context(ground.process(command, {**told, "SCORE_ENROLLMENT_PORT": str(port)}, log))
    ground.await_port(port, started, log)
    return port
