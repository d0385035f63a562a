"""Reads the Maildir into which mail to the bounce address is delivered.

A mail is marked as seen before it is looked at, so that one on which reading fails is not looked at again. What is no bounce
stays marked for as long as copies of letters are kept: a person may have answered to the wrong address.
"""

from __future__ import annotations

import mailbox
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

LARGEST: Final = 2 * 2**20
SEEN: Final = "S"


class Bounces:
    def __init__(self, folder: str) -> None:
        self._box = mailbox.Maildir(folder, create=True)
        self._folder = Path(folder)

    def unseen(self) -> Iterator[tuple[str, bytes]]:
        """Yield the mails that nobody has looked at, each marked before."""
        for key in list(self._box.iterkeys()):
            info = self._box.get_message(key) if self._is_small(key) else None
            if info is None or SEEN in info.get_flags():
                continue
            info.add_flag(SEEN)
            info.set_subdir("cur")
            self._box[key] = info
            yield key, self._box.get_bytes(key)

    def remove(self, key: str) -> None:
        self._box.discard(key)

    def forget(self, seconds: float) -> None:
        """Drop what has lain here for longer."""
        for folder in ("cur", "new"):
            for path in (self._folder / folder).iterdir():
                if time.time() - path.stat().st_mtime > seconds:
                    path.unlink(missing_ok=True)

    def _is_small(self, key: str) -> bool:
        with self._box.get_file(key) as file:
            file.seek(0, 2)
            return file.tell() <= LARGEST
