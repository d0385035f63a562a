"""The keys of individuals' tax numbers: those that seal them, and the one by which an equal number is recognised.

The first of `SCORE_NPWP_KEYS` seals, every one of them opens, so that a key is replaced by putting a new one before it.
`SCORE_NPWP_INDEX_KEY` stays as it is for as long as there are numbers: what they are found by follows from it. Production
is given both and does not start without them; on one machine the first process that needs them makes its own.
"""

from __future__ import annotations

import os
import secrets
from functools import cache
from pathlib import Path
from typing import Final

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.enrollment.settings import enrollment_settings
from services.enrollment.tax_numbers.model import TaxNumberKeys
from shared.kernel.settings.current import settings

KEY_BYTES: Final = 32
FILE: Final = "npwp.json"


@cache
def tax_number_keys() -> TaxNumberKeys:
    chosen = enrollment_settings()
    sealing, index = dict(key.split("=") for key in chosen.npwp_keys), chosen.npwp_index_key
    if not sealing:
        sealing, index = _of_this_machine(Path(settings().data) / "keys")
    return TaxNumberKeys({name: AESGCM(bytes.fromhex(key)) for name, key in sealing.items()}, bytes.fromhex(index))


def _of_this_machine(folder: Path) -> tuple[dict[str, str], str]:
    path = folder / FILE
    if not path.exists():
        _make(path)
    stored = orjson.loads(path.read_bytes())
    return stored["keys"], stored["index"]


def _make(path: Path) -> None:
    """Make the file of keys, complete or not at all, readable by its owner alone; of two processes the first decides."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = {"keys": {"1": secrets.token_hex(KEY_BYTES)}, "index": secrets.token_hex(KEY_BYTES)}
    unfinished = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(orjson.dumps(keys))
    try:
        path.hardlink_to(unfinished)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()
