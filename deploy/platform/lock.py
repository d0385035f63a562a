"""One `score up` per data folder: the second is told who runs. To other users of the machine the folder is closed.

A lock of the kernel on an open file, so that a killed runner leaves no stale lock. The parent watch inherits the
descriptor: the data stay locked until the last process of a killed stack has ended.
"""

from __future__ import annotations

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
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
        parent watch is stopping what it left.

        From then on what this process and its children write is their owner's alone, as is all that lies there.
        """
        self._data.mkdir(parents=True, exist_ok=True, mode=0o700)
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
        os.umask(0o077)
        close_to_others(self._data)

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


def close_to_others(data: Path) -> None:
    """Let nobody but its owner into a folder that an earlier release left open, nor read what lies in it."""
    for path in _below(data):
        with suppress(FileNotFoundError):
            found = path.stat() if path == data else path.lstat()
            mode = stat.S_IMODE(found.st_mode)
            if mode & 0o077 and found.st_uid == os.geteuid() and not stat.S_ISLNK(found.st_mode):
                path.chmod(mode & 0o700)


def _below(data: Path) -> Iterator[Path]:
    yield data
    for folder, folders, files in os.walk(data):
        yield from (Path(folder) / name for name in (*folders, *files))


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
