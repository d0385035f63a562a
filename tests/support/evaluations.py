"""A delivered training, and answers about it by link."""

from __future__ import annotations

from typing import Any

from services.enrollment.evaluations.labels import QUESTIONS
from services.enrollment.trainings.model import Training
from shared.kernel.context import acting_as
from tests.support import factories
from tests.support.declared_operations import app_of
from tests.support.factories import ALPHA, STAFF


def held() -> Training:
    with acting_as(STAFF):
        return factories.delivered(ALPHA, factories.enterprise(ALPHA).id)


def answered(link: str, overall: int = 4) -> Any:
    body = {"link": link, "marks": {**dict.fromkeys(QUESTIONS, 3), "overall": overall}}
    return app_of("enrollment").test_client().post("/v1/evaluations", json=body)
