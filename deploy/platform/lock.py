"""One `score up` per data folder: the second is told who runs.

A lock of the kernel on an open file, so that a killed runner leaves no stale lock. The parent watch inherits the
descriptor: the data stay locked until the last process of a killed stack has ended.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

import psutil


class AlreadyRunning(RuntimeError):
    """Another runner works on this data."""

    def __init__(self, data: Path, pid: int | None) -> None:
        super().__init__(f"already running (pid {pid or 'unknown'}) on this data: {data}")
        self.pid = pid


class DataLock:
    def __init__(self, data: Path) -> None:
        self._data = data
        self._path = data / "runner.lock"
        self.descriptor = -1

    def take(self, patience: float = 0.0) -> None:
        """Lock the folder or raise `AlreadyRunning`. A runner that is dead is waited for `patience` seconds, since its
        parent watch is stopping what it left."""
        self._data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + patience
        while not self._try_lock(descriptor):
            pid = holder(self._data)
            if (pid is not None and psutil.pid_exists(pid)) or time.monotonic() >= deadline:
                os.close(descriptor)
                raise AlreadyRunning(self._data, pid)
            time.sleep(0.1)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self.descriptor = descriptor

    @staticmethod
    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        if self.descriptor >= 0:
            os.ftruncate(self.descriptor, 0)
            os.close(self.descriptor)
            self.descriptor = -1


def holder(data: Path) -> int | None:
    """Read the pid that the lock file names, alive or not."""
    try:
        return int((data / "runner.lock").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def is_held(data: Path) -> bool:
    """Return whether a runner (or the parent watch of a dead one) works on the folder now."""
    try:
        descriptor = os.open(data / "runner.lock", os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)
