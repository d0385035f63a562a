"""A service's web process as it runs: what reaches its operations over a real connection."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from shared.storage import connection
from tests.support.callers import Callers
from tests.support.fixture_types import Stores
from tests.support.web_process import Caller, serving

ENROLLMENT = "shared.process.server:serve('enrollment')"
CHUNK = b"%x\r\n%s\r\n" % (1_000_000, b"x" * 1_000_000)


def sent(caller: Caller, path: str, token: str, kind: str, *, first: bytes, chunks: int) -> None:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {token}", f"Content-Type: {kind}"]
    caller.send("\r\n".join([*lines, "Transfer-Encoding: chunked", "", ""]).encode())
    caller.send(b"%x\r\n%s\r\n" % (len(first), first))
    with suppress(OSError):
        for _ in range(chunks):
            caller.send(CHUNK)
        caller.send(b"0\r\n\r\n")


@pytest.mark.parametrize("chunks", [5, 60])
def test_a_file_in_chunks_is_refused_beyond_its_bound_and_nothing_of_it_is_kept(
    store: Stores, callers: Callers, tmp_path: Path, chunks: int
) -> None:
    store("enrollment")
    with serving(tmp_path, ENROLLMENT, SCORE_JWKS_URL=callers.jwks.as_uri()) as web:
        caller = web.caller(seconds=30)
        heading = b"name,legal_form,province,sector\r\nContoh,CV,ID-JT,metal\r\n"
        sent(caller, "/v1/imports/enterprises", callers.token("programme"), "text/csv", first=heading, chunks=chunks)
        answer = caller.answer()
        assert (answer.status, answer.json["type"]) == (413, "/problems/body-too-large")
        assert web.ask("/health/ready").json["status"] == "ready"
    assert connection.database()["imports"].count_documents({}) == 0
    assert connection.database()["import_files"].count_documents({}) == 0
