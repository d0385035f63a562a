"""Enterprises over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.enrollment import commands
from services.enrollment.enterprise import Enterprise
from services.enrollment.schemas import EnterpriseView, RegisterEnterprise
from shared.web.listing import ListQuery
from shared.web.routes import Routes

enterprises = Routes("enterprises", description="Enterprises in the programme")
READERS = ("programme", "provider", "trainer", "enterprise", "auditor")


@enterprises.post(
    "/v1/enterprises", permits=("programme", "provider"), body=RegisterEnterprise, returns=EnterpriseView, created=True,
    location="/v1/enterprises/{id}", personal=True,
)  # fmt: skip
def register_enterprise(body: dict[str, Any]) -> Enterprise:
    return commands.register_enterprise(**body)


@enterprises.list(
    "/v1/enterprises", permits=READERS, returns=EnterpriseView, filters=("province", "sector", "state"),
    sort=("created_at",), personal=True,
)  # fmt: skip
def list_enterprises(query: ListQuery) -> Any:
    del query
    return Enterprise.objects


@enterprises.get("/v1/enterprises/<uuid:enterprise_id>", permits=READERS, returns=EnterpriseView, personal=True)
def show_enterprise(enterprise_id: UUID) -> Enterprise:
    return Enterprise.get(enterprise_id)
