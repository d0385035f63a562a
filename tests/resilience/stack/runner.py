"""`score up` as a process on free ports, with services of a few lines."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil

from deploy.platform.ports import is_free
from tests.support.waiting import until

REPOSITORY = Path(__file__).resolve().parents[3]

HERE = Path(__file__).resolve().parent

NAMES = {"finance": (8104, 9104), "enrollment": (8101, 9101), "archive": (8110, 9110)}

PORTS = [27117, 19092, 8125, 8126, *(port for pair in NAMES.values() for port in pair)]

MAIN = """import runpy, sys
sys.argv = ["fake_service.py", {name!r}, *sys.argv[1:]]
runpy.run_path({script!r}, run_name="__main__")
"""

DECLARATION = """from shared.kernel.service import Service
SERVICE = Service(name={name!r}, title={name!r}, port={web}, metrics_port={metrics})
"""


def free_offset() -> int:
    """An offset at which all ports are free, below the range from which clients get theirs."""
    while True:
        offset = random.randrange(100, 2900, 10)
        if all(is_free(port + offset) for port in PORTS):
            return offset


class Runner:
    """`score up` as a process; its output line by line, and every process it ever had."""

    def __init__(
        self, tree: Path, data: Path, offset: int, *flags: str, terminal: int | None = None, **environment: str
    ) -> None:
        """`terminal` takes the place of the lines that a test reads."""
        self.data, self.offset, self.lines = data, offset, list[str]()
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "fake_runner.py"), "--data", str(data), "--ports-offset", str(offset), *flags],
            cwd=tree, stdout=subprocess.PIPE if terminal is None else terminal, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "PYTHONPATH": f"{tree}:{REPOSITORY}", "PYTHONUNBUFFERED": "1", **environment},
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        if self.process.stdout is not None:
            self.lines.extend(iter(self.process.stdout.readline, ""))

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def says(self, words: str, seconds: float = 40.0) -> None:
        until(lambda: words in self.output or self.process.poll() is not None, f"{words!r} in\n{self.output}", seconds)
        assert words in self.output, f"{words!r} was not said:\n{self.output}"

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, *words: str) -> psutil.Process:
        """The process whose command line has all the words."""
        return next(one for one in self.family() if set(words) <= set(one.cmdline()))

    def end(self) -> int:
        """Stop it as Ctrl-C does; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.send_signal(signal.SIGCONT)
        code = self.process.wait(60)
        self._reader.join(10)
        return code
