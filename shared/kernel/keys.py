"""Digests by key, and the keys that one machine makes for itself.

A digest that everybody can compute tells whoever reads the store what it was made of, wherever that can be guessed: of a
tax number six digits are seldom known. So what is compared by its digest is digested with `SCORE_DIGEST_KEY`. It stays
as it is for as long as there are rows. Production is given it; on one machine the first process that needs it makes it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson

from shared.kernel.settings.current import settings
from shared.kernel.settings.declaration import Misconfigured

KEY_BYTES: Final = 32
FILE: Final = "digests.json"


def digest(purpose: str, content: bytes) -> bytes:
    """Return 32 bytes that are equal for equal content of one purpose; nothing follows from them without the key."""
    return keyed(purpose, hashlib.sha256(content).digest())


def keyed(purpose: str, plain: bytes) -> bytes:
    """Return the digest of content whose SHA-256 this is, or any other id of it that was made without a key."""
    return hmac.digest(_digest_key(), purpose.encode() + b"\0" + plain, "sha256")


def of_this_machine(file: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the keys in a file of the data folder; who finds none makes it."""
    path = Path(settings().data) / "keys" / file
    if not path.exists():
        _write(path, make())
    kept: dict[str, Any] = orjson.loads(path.read_bytes())
    return kept


@cache
def _digest_key() -> bytes:
    key = settings().digest_key
    if not key and settings().production:
        raise Misconfigured("production needs SCORE_DIGEST_KEY, 64 hex digits: digests in the store are made by it")
    return bytes.fromhex(key or of_this_machine(FILE, lambda: {"key": secrets.token_hex(KEY_BYTES)})["key"])


def _write(path: Path, keys: dict[str, Any]) -> None:
    """Make the file complete or not at all, readable by its owner alone; of two processes the first decides."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(orjson.dumps(keys))
    try:
        path.hardlink_to(unfinished)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()
