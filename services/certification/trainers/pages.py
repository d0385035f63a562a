"""The register of trainers for people, each with their certificates. The same commands as the API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from services.certification.partners.model import Partner
from services.certification.qualifications import commands as qualifications_commands
from services.certification.qualifications.model import Qualification
from services.certification.roles import PROGRAMME, READERS, STAFF
from services.certification.settings import certification_settings
from services.certification.trainers import commands
from services.certification.trainers.labels import KINDS
from services.certification.trainers.model import Trainer
from services.certification.trainers.queries import MOST_FOUND, trainers_called
from services.certification.trainers.schemas import FindTrainers, RegisterTrainer, TrainerView
from shared.erasure.progress import progress_of
from shared.kernel import clock
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.reference.sexes import SEXES
from shared.web.fields import Body, Choice
from shared.web.pages.declare import Pages
from shared.web.pages.listing import paginate
from shared.web.pages.parties import party_names
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("certification")


@PAGES.get(
    "/trainers",
    permits=READERS,
    title=gettext_noop("Trainers"),
    nav=("trainers", 1),
    rows=TrainerView,
    names={"institution_id": party_names},
    personal=True,
)
def trainers() -> ResponseReturnValue:
    page = paginate(
        Trainer.objects, sort=("-created_at", "created_at"), filters={"kind": Choice(*KINDS), "sex": Choice(*SEXES)}
    )
    return render(
        "trainers.html",
        found=page,
        registers=current_principal().role in STAFF,
        **_beside(page.rows),
    )


@PAGES.post("/trainers", permits=READERS, body=FindTrainers, personal=True)
def find_trainers(body: Body) -> ResponseReturnValue:
    """Draw the trainers of a name. A form and no address asks: a person's name stands in no address."""
    people = trainers_called(body["name"])
    return render("trainers_found.html", people=people, most=MOST_FOUND, sought=body["name"], **_beside(people))


@PAGES.get("/trainers/new", permits=STAFF, title=gettext_noop("Register a trainer"))
def new_trainer() -> ResponseReturnValue:
    chooses = current_principal().institution is None
    partners = [partner.id for partner in Partner.objects(suspended=False)] if chooses else []
    institutions = list(party_names(partners).items())
    return render(
        "register.html",
        chooses=chooses,
        institutions=sorted(institutions, key=lambda pair: pair[1].casefold()),
    )


@PAGES.post("/trainers/new", permits=STAFF, body=RegisterTrainer, personal=True)
def register_trainer(body: Body) -> ResponseReturnValue:
    registered = commands.register_trainer(**body)
    return redirect_to("trainer", trainer_id=registered.id, flash=gettext_noop("The trainer is registered."))


@PAGES.get("/trainers/<uuid:trainer_id>", permits=READERS, title=gettext_noop("Trainer"), personal=True)
def trainer(trainer_id: UUID) -> ResponseReturnValue:
    shown = Trainer.get(trainer_id)
    qualifications = sorted(
        Qualification.objects(trainer_id=trainer_id), key=lambda qualification: qualification.module
    )
    return render(
        "trainer.html",
        heading=shown.name or "",
        trainer=shown,
        institution=_names_of([shown.institution_id])[shown.institution_id],
        qualifications=qualifications,
        today=clock.today(certification_settings().zone),
        certifies=current_principal().role in PROGRAMME and shown.state == "active",
        erases=current_principal().role in STAFF and shown.state == "active",
        erasure=progress_of("certification", trainer_id),
    )


@PAGES.post("/trainers/<uuid:trainer_id>/erasure", permits=STAFF, shows="trainer", personal=True)
def erase_trainer(trainer_id: UUID) -> ResponseReturnValue:
    qualifications_commands.erase_trainer(trainer_id)
    flash = gettext_noop("The trainer is erased here. The other services follow.")
    return redirect_to("trainer", trainer_id=trainer_id, flash=flash)


def _beside(trainers: Sequence[Trainer]) -> dict[str, Any]:
    """Return what a list of trainers says beside their names."""
    return {
        "held": {trainer.id: _module_statuses(trainer.id) for trainer in trainers},
        "institutions": _names_of(trainer.institution_id for trainer in trainers),
    }


def _module_statuses(trainer_id: UUID) -> list[tuple[str, str]]:
    """Return module and status of each certificate that counts, for one row of the list."""
    today = clock.today(certification_settings().zone)
    qualifications = Qualification.objects(trainer_id=trainer_id)
    return sorted((qualification.module, qualification.certificate.status(today)) for qualification in qualifications)


def _names_of(institution_ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Return the institutions' names; a freelance has no institution and an empty name."""
    ids = list(institution_ids)
    names = party_names(institution_id for institution_id in ids if institution_id is not None)
    return {institution_id: names[institution_id] if institution_id is not None else "" for institution_id in ids}
