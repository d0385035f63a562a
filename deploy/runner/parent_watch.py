"""Nothing outlives the runner, not even when the runner is killed with -9.

A small process in a session of its own reads a pipe whose writing end only the runner holds. Each line adds or removes
a process group; the end of the pipe means that the runner is gone: the groups are then stopped, the highest tier first
(web, workers, ... the store last), first politely, after `GRACE` seconds by SIGKILL. It also holds the lock of the data
folder, so that no second stack starts on the data before the last process of the first one has ended.

When both are killed, the next runner ends what they left: `end_left_behind`.
"""

import fcntl
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

GRACE = 5.0  # seconds a tier has to end by itself; the engines lose nothing that was acknowledged if they take longer


class ParentWatch:
    """The runner's end of the pipe."""

    def __init__(self, held: Iterable[int] = (), marks: Path | None = None) -> None:
        """`held` are descriptors (the lock of the data folder) that stay open as long as the parent watch lives; `marks`
        is the folder in which every child leaves a mark that outlives both."""
        self._held, self._marks = tuple(held), marks
        if marks is not None:
            marks.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._groups: dict[int, int] = {}
        self._open()

    def _open(self) -> None:
        reading, self.pipe = os.pipe()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", __file__, str(reading)],
                pass_fds=(reading, *self._held),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        finally:
            os.close(reading)
        for group, tier in self._groups.items():
            os.write(self.pipe, f"+ {tier} {group}\n".encode())

    @property
    def pid(self) -> int:
        return self._process.pid

    def launcher(self, tier: int) -> list[str]:
        """Return what to put in front of a command so that it is guarded."""
        script = Path(__file__).resolve().parent / "launch.py"
        return [sys.executable, "-I", "-S", str(script), str(self.pipe), str(tier), str(self._marks or "")]

    def knows(self, group: int, tier: int) -> None:
        """Remember a child for a parent watch that must be replaced; the launcher has told the present one."""
        self._groups[group] = tier

    def forget(self, group: int) -> None:
        tier = self._groups.pop(group, None)
        if tier is not None:
            if self._marks is not None:
                (self._marks / f"{tier}.{group}").unlink(missing_ok=True)
            try:
                os.write(self.pipe, f"- {group}\n".encode())
            except BrokenPipeError:
                self.revive()

    def revive(self) -> bool:
        """Start a new parent watch if this one has died; say whether that was necessary."""
        if self._process.poll() is None:
            return False
        os.close(self.pipe)
        self._open()
        return True

    def close(self) -> None:
        """End the parent watch; whatever is still registered is stopped by it."""
        os.close(self.pipe)
        self._process.wait()


def group_lives(group: int) -> bool:
    """Return whether a process of the group still runs; one that is dead but not reaped does not count."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    proc = Path("/proc")
    return not proc.is_dir() or any(_runs_in(entry, group) for entry in proc.iterdir() if entry.name.isdigit())


def _runs_in(process: Path, group: int) -> bool:
    try:
        state, _, process_group = (
            (process / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[:3]
        )
    except (OSError, ValueError):
        return False
    return int(process_group) == group and state != "Z"


def _signal(groups: Iterable[int], number: int) -> None:
    for group in groups:
        try:
            os.killpg(group, number)
        except (ProcessLookupError, PermissionError):
            continue


def stop(groups: dict[int, int], grace: float = GRACE) -> None:
    for tier in sorted(set(groups.values()), reverse=True):
        members = [group for group, its_tier in groups.items() if its_tier == tier]
        _signal(members, signal.SIGTERM)
        _signal(members, signal.SIGCONT)
        deadline = time.monotonic() + grace
        while any(group_lives(group) for group in members) and time.monotonic() < deadline:
            time.sleep(0.05)
        _signal(members, signal.SIGKILL)


def left_behind(marks: Path) -> dict[int, int]:
    """Return what a killed runner and its parent watch left running: process group -> tier, by the locks on their marks."""
    try:
        return {int(path.suffix[1:]): int(path.stem) for path in marks.iterdir() if _is_locked(path)}
    except FileNotFoundError:
        return {}


def end_left_behind(marks: Path) -> int:
    """End what is left behind, and return how many groups that were; only for whom holds the lock of the data folder."""
    groups = left_behind(marks)
    stop(groups)
    deadline = time.monotonic() + GRACE
    while any(map(group_lives, groups)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for path in marks.glob("*.*"):
        path.unlink(missing_ok=True)
    return len(groups)


def _is_locked(path: Path) -> bool:
    with path.open() as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def watch(reading: int) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: dict[int, int] = {}
    with os.fdopen(reading) as lines:
        for line in lines:
            if line.startswith("+"):
                _, tier, group = line.split()
                groups[int(group)] = int(tier)
            else:
                groups.pop(int(line.split()[1]), None)
    living = {group: tier for group, tier in groups.items() if group_lives(group)}
    if living:
        _say(f"score: the runner is gone, stopping the {len(living)} processes it left\n")
        stop(living)


def _say(words: str) -> None:
    try:
        if select.select([], [2], [], 0)[1]:  # a terminal that stands still must not keep anything alive
            os.write(2, words.encode())
    except (OSError, ValueError):
        pass  # the terminal went with the runner


if __name__ == "__main__":
    watch(int(sys.argv[1]))
