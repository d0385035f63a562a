"""Where FastStream lives: an environment of its own, so that the platform does not depend on it.

`python -m bench.baselines.faststream_home` makes it under `.data/bench/`; without it the row says that it is not measured.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path

from shared.kernel.service import ROOT

HOME = ROOT / ".data" / "bench" / "faststream"
PYTHON = HOME / "bin" / "python"
REQUIREMENTS = Path(__file__).with_name("faststream-requirements.txt")
LIMIT_SECONDS = 120.0


def is_installed() -> bool:
    """Whether the versions that the requirements name are there."""
    if not PYTHON.exists():
        return False
    wanted = {line.replace("[kafka]", "") for line in REQUIREMENTS.read_text(encoding="utf-8").split()}
    listed = subprocess.run([PYTHON, "-m", "pip", "freeze"], capture_output=True, text=True, check=False)
    return wanted <= set(listed.stdout.split())


def version() -> str:
    return REQUIREMENTS.read_text(encoding="utf-8").split()[0].partition("==")[2]


def events_per_second(options: Mapping[str, object]) -> float:
    """Run the program once; raises with its words when it fails."""
    command = [str(PYTHON), str(Path(__file__).with_name("faststream_inbox.py"))]
    command += [word for name, value in options.items() for word in (f"--{name}", str(value))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT_SECONDS)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return float(done.stdout.split()[-1])


def install() -> None:
    venv.create(HOME, with_pip=True)
    subprocess.run([PYTHON, "-m", "pip", "install", "-q", "-r", REQUIREMENTS], check=True)


if __name__ == "__main__":
    sys.exit(install())
