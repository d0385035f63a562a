"""What stands in a log is one line of JSON for each thing that happened, without people in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from shared.kernel.service import ROOT

HOSTILE = 'a\nb\r\nc\x1b[31m\u2028{"level": "error"}' + "x" * 4_000
PROGRAM = """
import sys
from shared.observability import logs
logs.configure("enrollment", "web")
log = logs.get("tests")
log.info("happened", value=sys.argv[1], email="kanaria@example.org", token="kanaria", authorization="kanaria")
log.info(sys.argv[1])
try:
    raise ValueError(sys.argv[1])
except ValueError:
    log.exception("failed")
"""


def lines() -> list[str]:
    changed = {**os.environ, "SCORE_LOG_FORMAT": "json", "SCORE_LOG_LEVEL": "INFO"}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, HOSTILE], cwd=ROOT, env=changed, capture_output=True, check=True
    )
    return ran.stdout.decode("utf-8").splitlines()


def test_no_value_breaks_out_of_its_line() -> None:
    written = lines()
    documents = [json.loads(line) for line in written]
    assert [one["level"] for one in documents] == ["info", "info", "error"]
    assert documents[0]["value"] == documents[1]["event"] == HOSTILE
    assert "ValueError" in documents[2]["exception"]
    assert not any("\x1b" in line for line in written)


def test_what_names_a_person_or_a_token_is_masked_and_times_are_utc() -> None:
    (first, *_) = lines()
    assert "kanaria" not in first
    assert json.loads(first)["at"].endswith("Z")
