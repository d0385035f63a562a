"""The register of trainers over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.certification.qualifications import commands as qualifications_commands
from services.certification.qualifications.model import Qualification
from services.certification.qualifications.schemas import GrantHistoricCertificate, QualificationView
from services.certification.roles import PROGRAMME, READERS, RECORD_READERS, STAFF
from services.certification.trainers import commands
from services.certification.trainers.model import Trainer
from services.certification.trainers.schemas import RegisterTrainer, TrainerView
from shared.erasure.progress import require_progress
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.erasures import ErasureView
from shared.web.api.routes import Routes
from shared.web.fields import Body
from shared.web.lists.listing import ListQuery

trainers = Routes("trainers", description="The register of trainers")


@trainers.post(
    "/v1/trainers", permits=STAFF, body=RegisterTrainer, returns=TrainerView, created=True,
    location="/v1/trainers/{id}", personal=True,
)  # fmt: skip
def register_trainer(body: Body) -> Trainer:
    return commands.register_trainer(**body)


@trainers.list(
    "/v1/trainers", permits=READERS, returns=TrainerView, filters=("institution_id", "kind", "sex", "state"),
    sort=("created_at",), personal=True,
)  # fmt: skip
def list_trainers(query: ListQuery) -> ScopedQuerySet:
    del query
    return Trainer.objects


@trainers.get("/v1/trainers/<uuid:trainer_id>", permits=READERS, returns=TrainerView, personal=True)
def show_trainer(trainer_id: UUID) -> Trainer:
    return Trainer.get(trainer_id)


@trainers.post(
    "/v1/trainers/<uuid:trainer_id>/certificates", permits=PROGRAMME, body=GrantHistoricCertificate,
    returns=QualificationView, created=True, location="/v1/qualifications/{id}",
)  # fmt: skip
def grant_historic_certificate(trainer_id: UUID, body: Body) -> Qualification:
    return qualifications_commands.grant_historic_certificate(trainer_id, **body)


@trainers.post("/v1/trainers/<uuid:trainer_id>/erasure", permits=STAFF, returns=TrainerView, personal=True)
def erase_trainer(trainer_id: UUID) -> Trainer:
    return qualifications_commands.erase_trainer(trainer_id)


@trainers.get(
    "/v1/trainers/<uuid:trainer_id>/erasure/progress", permits=RECORD_READERS, returns=ErasureView,
    personal=True,
)  # fmt: skip
def show_trainer_erasure(trainer_id: UUID) -> dict[str, Any]:
    """Return which services have forgotten the trainer, and which have not yet."""
    Trainer.get(trainer_id)
    return require_progress("certification", trainer_id)
