"""The tools of `tests/contract_tools` that run on Node.js: a lane of its own, which installs its locked packages by npm.

Where npm is missing the tests skip with that reason, or fail when `SCORE_REQUIRE=all`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

NPM = "npm"
TOOLS = Path(__file__).parents[1] / "contract_tools"
INSTALLED = TOOLS / "node_modules" / ".package-lock.json"


def is_here() -> bool:
    return shutil.which(NPM) is not None


def run(*command: str, folder: Path = TOOLS, **variables: str) -> str:
    """What a tool said, on both ways; a failure of the test where it failed."""
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **variables}, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def node() -> Path:
    """The folder of the tools' programs, installed as they are locked and without running any script of theirs."""
    if not is_here():
        reason = f"{NPM} is missing"
        if os.environ.get("SCORE_REQUIRE") == "all":
            pytest.fail(reason)
        pytest.skip(reason)
    lock = TOOLS / "package-lock.json"
    if not INSTALLED.exists() or INSTALLED.stat().st_mtime < lock.stat().st_mtime:
        run(NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    return TOOLS / "node_modules" / ".bin"
