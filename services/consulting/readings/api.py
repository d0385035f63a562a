"""Readings over HTTP: the catalogue, what was read, to whom it is released, how it changed over many enterprises."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.consulting.enterprises.model import EnterpriseScope
from services.consulting.readings import commands
from services.consulting.readings.indicators import Indicator, indicators
from services.consulting.readings.model import Reading
from services.consulting.readings.queries import changes, province_of
from services.consulting.readings.schemas import (
    AskChanges,
    ChangesView,
    IndicatorsView,
    ReadingView,
    ReleaseReadings,
    ReleasesView,
)
from services.consulting.roles import CATALOGUE_READERS, OF_MANY, READING_READERS, RELEASERS
from services.consulting.settings import consulting_settings
from shared.kernel.context import current_principal
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.routes import Routes
from shared.web.fields import Body
from shared.web.lists.listing import ListQuery

readings = Routes("readings", description="Readings of indicators, and to whom enterprises released them")


@readings.get("/v1/indicators", permits=CATALOGUE_READERS, returns=IndicatorsView)
def list_indicators() -> dict[str, list[Indicator]]:
    return {"items": list(indicators().values())}


@readings.list(
    "/v1/readings",
    permits=READING_READERS,
    returns=ReadingView,
    filters=("enterprise_id", "indicator", "stage", "source_id"),
    sort=("created_at",),
)
def list_readings(query: ListQuery) -> ScopedQuerySet:
    del query
    return Reading.objects


@readings.get("/v1/readings/<uuid:reading_id>", permits=READING_READERS, returns=ReadingView)
def show_reading(reading_id: UUID) -> Reading:
    return Reading.get(reading_id)


@readings.get("/v1/changes", permits=OF_MANY, returns=ChangesView, query=AskChanges)
def show_changes(query: Body) -> dict[str, Any]:
    return {
        "stage": query["stage"],
        "fewest": consulting_settings().fewest_enterprises,
        "items": changes(query["stage"], province_of(current_principal())),
    }


@readings.get("/v1/enterprises/<uuid:enterprise_id>/releases", permits=RELEASERS, returns=ReleasesView)
def show_releases(enterprise_id: UUID) -> EnterpriseScope:
    return EnterpriseScope.get(enterprise_id)


@readings.post(
    "/v1/enterprises/<uuid:enterprise_id>/releases", permits=RELEASERS, body=ReleaseReadings, returns=ReleasesView
)
def release_readings(enterprise_id: UUID, body: Body) -> EnterpriseScope:
    return commands.release_readings(enterprise_id, **body)


@readings.post(
    "/v1/enterprises/<uuid:enterprise_id>/releases/<uuid:viewer_id>/withdrawal",
    permits=RELEASERS,
    returns=ReleasesView,
)
def withdraw_release(enterprise_id: UUID, viewer_id: UUID) -> EnterpriseScope:
    return commands.withdraw_release(enterprise_id, viewer_id)
