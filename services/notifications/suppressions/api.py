"""Addresses that nothing is sent to any more, over HTTP."""

from __future__ import annotations

from uuid import UUID

from services.notifications.roles import DECIDERS, READERS
from services.notifications.suppressions import commands
from services.notifications.suppressions.model import Suppression
from services.notifications.suppressions.schemas import SuppressionView
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.routes import Routes
from shared.web.lists.listing import ListQuery

suppressions = Routes("suppressions", description="Addresses that no letter goes to any more")


@suppressions.list(
    "/v1/suppressions",
    permits=READERS,
    returns=SuppressionView,
    filters=("state", "recipient_id"),
    sort=("created_at",),
)
def list_suppressions(query: ListQuery) -> ScopedQuerySet:
    del query
    return Suppression.objects


@suppressions.get("/v1/suppressions/<uuid:suppression_id>", permits=READERS, returns=SuppressionView)
def show_suppression(suppression_id: UUID) -> Suppression:
    return Suppression.get(suppression_id)


@suppressions.post("/v1/suppressions/<uuid:suppression_id>/lifting", permits=DECIDERS, returns=SuppressionView)
def lift_suppression(suppression_id: UUID) -> Suppression:
    return commands.lift_suppression(suppression_id)
