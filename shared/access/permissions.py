"""Says who may call what. Every rule of an application is declared, or the application does not start.

`permits` names roles, or is `PUBLIC`, which is a decision too. What a role sees of the rows behind a route is decided
below, in the storage (`shared.storage.row_scope`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from flask import Flask

Permits = Collection[str]

ROLES: Final[frozenset[str]] = frozenset(
    {
        "programme",
        "ministry",
        "partner",
        "provider",
        "trainer",
        "enterprise",
        "sponsor",
        "donor",
        "finance",
        "auditor",
    }
)
PUBLIC: Final[Permits] = ("public",)
PAGES: Final = "pages"  # the blueprint of the pages, whose declarations demand a permission themselves

_EXTENSION = "score_permissions"


class Undeclared(TypeError):
    """Raised for a route without a usable permission."""


def checked(permits: Permits, operation: str) -> Permits:
    """Return the same permission; raise `Undeclared` when it names nobody or a role that does not exist."""
    if permits is PUBLIC:
        return permits
    unknown = set(permits) - ROLES
    if unknown or not permits or isinstance(permits, str):
        raise Undeclared(f"{operation} permits {sorted(unknown) or 'nobody'}")
    return frozenset(permits)


def declare(app: Flask, endpoint: str, permits: Permits) -> None:
    app.extensions.setdefault(_EXTENSION, {})[endpoint] = checked(permits, endpoint)


def require_declared(app: Flask) -> None:
    """Refuse an application with a rule that nobody decided about."""
    declared = app.extensions.get(_EXTENSION, {})
    missing = [
        f"{rule.rule} ({rule.endpoint})"
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in declared and not rule.endpoint.startswith(f"{PAGES}.")
    ]
    if missing:
        raise Undeclared(f"routes without a declared permission: {', '.join(sorted(missing))}")
