"""Who acts at this terminal, and the note that is taken of it in the service's access log, as of somebody on a page."""

from __future__ import annotations

import getpass
import os
from uuid import UUID

from shared.runtime.context import Principal

ISSUER = "score-cli"
ROLE = "operator"
KIND = "operations"


def login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"user {os.getuid()}"


def note(action: str, key: UUID | None) -> None:
    """Taken before anything is done, so that nothing is done without it."""
    from shared.web import access_log  # takes the web framework with it, which --help should not pay

    access_log.note(Principal(subject=login(), role=ROLE, issuer=ISSUER), action, KIND, key, "allowed")
