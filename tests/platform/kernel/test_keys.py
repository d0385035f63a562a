"""A digest by key: equal for equal content of one purpose, another with another key, which one machine makes once."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.kernel import keys
from shared.kernel.settings.declaration import Misconfigured
from tests.support.engines import environment

ONE, OTHER = "11" * 32, "22" * 32


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    keys._digest_key.cache_clear()
    yield
    keys._digest_key.cache_clear()


def made(key: str, purpose: str = "a", content: bytes = b"3319010101800001") -> bytes:
    keys._digest_key.cache_clear()
    with environment(SCORE_DIGEST_KEY=key):
        return keys.digest(purpose, content)


def test_nothing_follows_from_a_digest_without_its_key() -> None:
    first = made(ONE)
    assert first == made(ONE)
    assert len({first, made(OTHER), made(ONE, "b"), made(ONE, content=b"3319010101800002")}) == 4
    assert first != hashlib.sha256(b"3319010101800001").digest()


def test_a_digest_without_a_key_becomes_one_by_key() -> None:
    with environment(SCORE_DIGEST_KEY=ONE):
        assert keys.keyed("a", hashlib.sha256(b"before").digest()) == keys.digest("a", b"before")


def test_one_machine_makes_its_key_once(tmp_path: Path) -> None:
    with environment(SCORE_DATA=str(tmp_path), SCORE_DIGEST_KEY=""):
        first = keys.digest("a", b"content")
        keys._digest_key.cache_clear()
        assert keys.digest("a", b"content") == first
    (file,) = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("given", [{"SCORE_PROFILE": "production", "SCORE_DIGEST_KEY": ""}, {"SCORE_DIGEST_KEY": "11"}])
def test_without_a_good_key_nothing_is_digested(given: dict[str, str]) -> None:
    with environment(**given), pytest.raises(Misconfigured, match="SCORE_DIGEST_KEY"):
        keys.digest("a", b"content")
