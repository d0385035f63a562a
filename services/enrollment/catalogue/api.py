"""The module catalogue over HTTP."""

from __future__ import annotations

from uuid import UUID

from services.enrollment.catalogue import commands
from services.enrollment.catalogue.model import ModuleVersion
from services.enrollment.catalogue.schemas import ModuleVersionView, PublishModuleVersion
from services.enrollment.roles import PROGRAMME
from shared.access.permissions import ROLES
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.routes import Routes
from shared.web.fields import Body
from shared.web.lists.listing import ListQuery

modules = Routes("modules", description="The module catalogue")


@modules.post(
    "/v1/modules", permits=PROGRAMME, body=PublishModuleVersion, returns=ModuleVersionView, created=True,
    location="/v1/modules/{id}",
)  # fmt: skip
def publish_module_version(body: Body) -> ModuleVersion:
    return commands.publish_module_version(**body)


@modules.list("/v1/modules", permits=ROLES, returns=ModuleVersionView, filters=("module",), sort=("created_at",))
def list_modules(query: ListQuery) -> ScopedQuerySet:
    del query
    return ModuleVersion.objects


@modules.get("/v1/modules/<uuid:module_version_id>", permits=ROLES, returns=ModuleVersionView)
def show_module_version(module_version_id: UUID) -> ModuleVersion:
    return ModuleVersion.get(module_version_id)
