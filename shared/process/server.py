"""Makes what gunicorn loads in each worker, after the fork: a connected service whose store fits its code."""

from __future__ import annotations

from flask import Flask

from shared.access.ended_tokens import EndedTokens
from shared.access.mergers import MergerList
from shared.access.suspensions import SuspensionList
from shared.access.tokens import TokenChecks
from shared.kernel.service import declared, version
from shared.kernel.settings import production
from shared.messaging.wakeups.local import LocalNotifier
from shared.observability import logs, metrics
from shared.process.collections import collections_of
from shared.storage import connection, migrations
from shared.web.application import create_app


def serve(name: str) -> Flask:
    service = next(service for service in declared() if service.name == name)
    production.require(production.settings_for(service), name)
    logs.configure(name, "web")
    connection.connect(name)
    migrations.require(service, collections_of(service))
    metrics.BUILD.labels(name, version()).set(1)
    app = create_app(service, token_checks())
    app.extensions["score.nudge"] = LocalNotifier(name)
    return app


def token_checks() -> TokenChecks:
    """Return what every token is asked in a running service: the lists in its store, as this process remembers them."""
    return TokenChecks(is_suspended=SuspensionList().bars, kept_enterprise=MergerList().kept_for, ended=EndedTokens())
