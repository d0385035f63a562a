"""Journeys over HTTP: what an enterprise has of a module, and what is missing."""

from __future__ import annotations

from uuid import UUID

from services.enrollment.journeys.model import Journey
from services.enrollment.journeys.schemas import JourneyView
from services.enrollment.roles import READERS
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.routes import Routes
from shared.web.lists.listing import ListQuery

journeys = Routes("journeys", description="Each enterprise's way through a module")


@journeys.list(
    "/v1/journeys", permits=READERS, returns=JourneyView, filters=("enterprise_id", "module"), sort=("created_at",)
)
def list_journeys(query: ListQuery) -> ScopedQuerySet:
    del query
    return Journey.objects


@journeys.get("/v1/journeys/<uuid:journey_id>", permits=READERS, returns=JourneyView)
def show_journey(journey_id: UUID) -> Journey:
    return Journey.get(journey_id)
