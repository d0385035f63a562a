"""What gunicorn loads in each worker, after the fork: a connected service whose store fits its code."""

from __future__ import annotations

from flask import Flask

from shared.messaging.mergers import MergerList
from shared.messaging.nudges import CommitNudge
from shared.messaging.suspensions import SuspensionList
from shared.observability import logs, metrics
from shared.runtime.service import declared, version
from shared.storage import connection, migrations
from shared.web import authentication
from shared.web.application import create_app


def serve(name: str) -> Flask:
    logs.configure(name, "web")
    service = next(service for service in declared() if service.name == name)
    connection.connect(name)
    migrations.require(service)
    metrics.BUILD.labels(name, version()).set(1)
    authentication.suspended_check = SuspensionList().holds
    authentication.kept_enterprise = MergerList().kept_for
    app = create_app(service)
    app.extensions["score.nudge"] = CommitNudge(name)
    return app
