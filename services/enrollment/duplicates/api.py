"""Comparisons over HTTP, for the programme: which providers wanted to register what others have."""

from __future__ import annotations

from services.enrollment.duplicates.model import Comparisons
from services.enrollment.duplicates.schemas import ComparisonsView
from services.enrollment.roles import OVERSEERS
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.routes import Routes
from shared.web.lists.listing import ListQuery

comparisons = Routes("comparisons", description="Sign-ups that were compared with what others registered")


@comparisons.list(
    "/v1/comparisons", permits=OVERSEERS, returns=ComparisonsView, filters=("institution_id",),
    sort=("created_at",),
)  # fmt: skip
def list_comparisons(query: ListQuery) -> ScopedQuerySet:
    """List institutions and days with refused sign-ups or with corrections, the enterprises that others have by their ids."""
    del query
    return Comparisons.objects
