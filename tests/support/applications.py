"""Applications whose tokens need no rows: nobody is suspended, merged or signed out but whom a test names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask

from shared.access.tokens import CHECKS, TokenChecks
from shared.kernel.service import Service
from shared.web.application import create_app


class NoneEnded:
    """Signs nobody out."""

    def holds(self, token: str) -> bool:
        del token
        return False

    def add(self, token: str, expires_at: float) -> None: ...


EVERYBODY_IN = TokenChecks(
    is_suspended=lambda _principal: False, kept_enterprise=lambda enterprise: enterprise, ended=NoneEnded()
)


def app_for(service: Service, *, checks: dict[str, Callable[[], None]] | None = None, **asked: Any) -> Flask:
    """Make a service's application; `asked` are the checks of tokens that are not the usual ones."""
    return create_app(service, replace(EVERYBODY_IN, **asked), checks=checks)


def asking(app: Flask, **asked: Any) -> TokenChecks:
    """The checks of an application with some changed, for a test to put in their place."""
    return replace(app.extensions[CHECKS], **asked)
