"""The published files: present, true to the classes, and free of personal data."""

import re
from uuid import UUID

import orjson
import pytest

from shared.contracts import golden
from shared.contracts.event import Event, Owner, Registry
from shared.contracts.parties import PARTY_TYPE
from shared.contracts.wire.shape import Code, Integer

CONTRACTS = golden.contracts()
NAME = "id.score.probe.thing_happened.v1"
LOOKS_PERSONAL = re.compile(r"@|(?<![0-9a-f-])(\+62|08)\d{7,}|(?<![0-9a-f-])\d{15,16}(?![0-9a-f-])")


def declare(**extra):
    """The probe event as some release declared it."""
    fields = {"thing_id": UUID, "module": Code} | {name: kind for name, (kind, _) in extra.items()}
    members = {"__annotations__": fields, "__doc__": "A thing happened."}
    members |= {name: default for name, (_, default) in extra.items() if default is not ...}
    cls = Owner("probe", Registry()).event(key="thing_id")(type("ThingHappened", (Event,), members))
    return {NAME: cls}


@pytest.fixture
def folder(tmp_path):
    assert golden.write(tmp_path, declare(), frozen=False) == []
    return tmp_path


def test_classes_and_published_files_agree():
    assert golden.check() == []


@pytest.mark.parametrize("name", [name for name in CONTRACTS if name != PARTY_TYPE])
def test_no_sample_of_an_event_looks_personal(name):
    assert not LOOKS_PERSONAL.search(golden.golden_body(name).decode())


def test_the_pattern_finds_what_it_is_for():
    for text in ('"sari@example.org"', '"+6281234567890"', '"081234567890"', '"3174012345678901"'):
        assert LOOKS_PERSONAL.search(text)


def test_a_missing_file_is_named(folder):
    (folder / f"{NAME}.sample.json").unlink()
    assert golden.check(folder, declare()) == [f"{NAME}: has no golden sample"]
    (folder / f"{NAME}.schema.json").unlink()
    assert len(golden.check(folder, declare())) == 2


def test_a_type_that_nobody_declares_any_more_is_named(folder):
    assert golden.check(folder, {}) == [f"{NAME}: published, but no class declares it any more"]
    assert golden.write(folder, {}, frozen=True) == golden.check(folder, {})
    assert golden.write(folder, {}, frozen=False) == []


def test_an_addition_must_be_published(folder):
    later = declare(note=(Code | None, None))
    sample = golden.golden_body(NAME, folder)
    assert golden.check(folder, later) == [f"{NAME}: the published schema is out of date"]
    assert golden.write(folder, later, frozen=True) == []
    assert golden.golden_body(NAME, folder) == sample
    assert golden.check(folder, declare()) == [f"{NAME}: note: removed"]


def test_a_release_is_not_rewritten(folder):
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    later = declare(count=(Integer, ...))
    faults = golden.write(folder, later, frozen=True)
    assert f"{NAME}: count: added as required, old events lack it" in faults
    assert f"{NAME}: the golden sample cannot be read: ThingHappened: Object missing required field `count`" in faults
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert golden.write(folder, later, frozen=False) == []


def test_a_sample_that_is_written_again_otherwise_is_named(folder):
    file = folder / f"{NAME}.sample.json"
    raw = orjson.loads(file.read_bytes())
    file.write_bytes(orjson.dumps(dict(reversed(raw.items()))))
    assert "other bytes" in golden.check(folder, declare())[0]


def test_a_default_that_old_events_never_said_is_named(folder):
    (fault,) = golden.check(folder, declare(flag=(bool, False)))
    assert "added with the default" in fault
