"""The embedded store and broker, as programs of their own that are never imported.

SecantusDB (GPL-2.0) is started through its console script, always with `--sync-on-commit`: without it a commit that was
acknowledged can be lost. noida-db is started through the binary inside its package, since its Python wrapper does not
pass signals on. An answering port proves nothing when another server holds it: readiness asks the child as well.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from deploy.runner.child import LIVE_TIMEOUT, Child
from shared.messaging.kafka.probe import broker_answers, reach_broker

GLIBC_WARNING = b"weak version `GLIBC_"  # the broker's binary on an older libc; it runs all the same


class EngineMissing(RuntimeError):
    """An engine's program is not installed."""


def store_program() -> Path:
    program = Path(sys.executable).parent / "secantusd-py"
    if not program.exists():
        raise EngineMissing("the embedded store is not installed: pip install 'score-platform[embedded]'")
    return program


def broker_program() -> Path:
    spec = importlib.util.find_spec("noida_db")
    if spec is None or not spec.submodule_search_locations:
        raise EngineMissing("the embedded broker is not installed: pip install 'score-platform[embedded]'")
    program = Path(next(iter(spec.submodule_search_locations))) / "noida-db"
    if not program.exists():
        raise EngineMissing(f"noida-db is installed without its binary for this machine ({program})")
    if not os.access(program, os.X_OK):
        program.chmod(0o755)
    return program


def ping_store(url: str, timeout: float) -> str | None:
    """Return None when the store answers a ping within `timeout` seconds, else why not."""
    failure = _failure_of({"ping": 1}, url, timeout)
    return failure and f"the store does not answer a ping ({failure})"


def probe_store(url: str, timeout: float) -> str | None:
    """Return None when the store writes and reads a row within `timeout` seconds, else why not.

    A store whose disk was full goes on answering pings. The row's collection is the runner's own: nobody else creates it.
    """
    write = {"update": "runner", "updates": [{"q": {"_id": 1}, "u": {"_id": 1, "at": time.time()}, "upsert": True}]}
    for command in (write, {"find": "runner", "filter": {"_id": 1}, "limit": 1}):
        if failure := _failure_of(command, url, timeout, "runner"):
            return f"the store does not {next(iter(command))} a row ({failure})"
    return None


def roll_back_abandoned(url: str, timeout: float) -> str | None:
    """Let the store roll back what a dead process left open, whose rows stay locked; None when it did, else why not.

    By itself the embedded store does so after 60 idle seconds, which cannot be set. It cannot tell whose a transaction is
    either: those of the living are rolled back too, and tried again by them.
    """
    failure = _failure_of({"killAllSessions": []}, url, timeout)
    return failure and f"the store could not roll back what was left open ({failure})"


def _failure_of(command: dict[str, Any], url: str, timeout: float, database: str = "admin") -> str | None:
    """Return None when the store carries out a command within `timeout` seconds, else the name of what went wrong."""
    from pymongo import MongoClient  # takes 150 ms that `score --help` should not pay
    from pymongo.errors import PyMongoError

    wait = max(1, int(timeout * 1000))
    client: MongoClient[Any] = MongoClient(
        url, serverSelectionTimeoutMS=wait, connectTimeoutMS=wait, socketTimeoutMS=wait, maxPoolSize=1
    )
    try:
        client[database].command(command)
    except PyMongoError as reason:
        return type(reason).__name__
    finally:
        client.close()
    return None


class Store(Child):
    def __init__(self, port: int, data: Path, cache: str, free_mib: int = 0, **of_child: Any) -> None:
        """`free_mib`: so much of the disk has to be free for a start."""
        command = [
            str(store_program()), "--host", "127.0.0.1", "--port", str(port), "--storage-path", str(data / "store"),
            "--sync-on-commit", "--cache-size", cache, "--log-level", "WARNING",
        ]  # fmt: skip
        super().__init__("store", command, **of_child)
        self.url = f"mongodb://127.0.0.1:{port}"
        self._was_ready_at = -1.0
        self._folder_of_rows, self._free_mib = data / "store", free_mib
        (data / "store").mkdir(parents=True, exist_ok=True)

    def answers(self) -> str | None:
        missing = super().answers() or ping_store(self.url, 1.0)
        if missing is None:
            self._was_ready_at = self.started_at
        return missing

    @property
    def hindrance(self) -> str | None:
        free = shutil.disk_usage(self._folder_of_rows).free // 2**20
        return f"{free} MiB of the disk are free, {self._free_mib} are needed" if free < self._free_mib else None

    def terminate(self) -> None:
        """End the store, once it is ready or has had a moment to become so: a SIGTERM right after the start can hang it."""
        deadline = time.monotonic() + 5
        while self._was_ready_at != self.started_at and self.alive and time.monotonic() < deadline:
            if self.answers() is not None:
                time.sleep(0.1)
        super().terminate()


class Broker(Child):
    mute = GLIBC_WARNING

    def __init__(self, port: int, data: Path, **of_child: Any) -> None:
        command = [
            str(broker_program()), "start", "--only", "kafka", "--host", "127.0.0.1", "--kafka-port", str(port),
            "--data-dir", str(data / "broker"),
        ]  # fmt: skip
        super().__init__("broker", command, **of_child)
        self.address = f"127.0.0.1:{port}"
        (data / "broker").mkdir(parents=True, exist_ok=True)

    def answers(self) -> str | None:
        return super().answers() or reach_broker(self.address)

    def lives(self) -> bool:
        return broker_answers(self.address, LIVE_TIMEOUT)
