"""Faults of a body are named by JSON pointers."""

from __future__ import annotations

from shared.kernel.errors import Fault
from shared.web.faults import faults_of, pointer


def test_places_are_json_pointers() -> None:
    messages = {"a/b": {0: {"~x": [Fault("unknown-field")]}}, "_schema": ["Ends before it starts."]}
    found = {(fault.pointer, fault.code) for fault in faults_of(messages)}
    assert found == {("/a~1b/0/~0x", "unknown-field"), ("", "invalid")}
    assert pointer("days", 0) == "/days/0"
    assert len(faults_of({str(n): [Fault("unknown-field")] for n in range(1000)})) == 100
