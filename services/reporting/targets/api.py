"""Targets over HTTP: what Phase III promised, and what became of it."""

from __future__ import annotations

from services.reporting.roles import PROGRAMME, READERS
from services.reporting.targets import commands
from services.reporting.targets.model import Target
from services.reporting.targets.queries import target_coded
from services.reporting.targets.schemas import SetTarget, TargetView
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.routes import Routes
from shared.web.fields import Body
from shared.web.lists.listing import ListQuery

targets = Routes("targets", description="The targets of the results framework, with their history")


@targets.list("/v1/targets", permits=READERS, returns=TargetView, filters=("code",), sort=("position",))
def list_targets(query: ListQuery) -> ScopedQuerySet:
    del query
    return Target.objects


@targets.get("/v1/targets/<string:code>", permits=READERS, returns=TargetView)
def show_target(code: str) -> Target:
    return target_coded(code)


@targets.put("/v1/targets/<string:code>", permits=PROGRAMME, body=SetTarget, returns=TargetView)
def set_target(code: str, body: Body) -> Target:
    return commands.set_target(code, **body)
