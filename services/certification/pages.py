"""Certification for people: the register of trainers, certificates, and verification by anyone. The same commands as the API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import make_response, request

from services.certification import commands
from services.certification.catalogue import KnownModule
from services.certification.partner import Partner
from services.certification.qualification import Qualification
from services.certification.schemas import (
    GrantHistoricCertificate,
    RegisterTrainer,
    RevokeCertificate,
    SuspendCertificate,
)
from services.certification.settings import certification_settings
from services.certification.trainer import Trainer
from services.certification.verification import verify_certificate
from services.certification.words import KINDS, LANGUAGES, REASONS, SEXES, STATUSES, options, reason_text
from shared.errors import NotFound
from shared.runtime import clock
from shared.runtime.context import current_principal
from shared.web.fields import PROVINCES, Choice
from shared.web.pages import PUBLIC, Pages, ResponseReturnValue, gettext_noop, listed, page, redirect_to, seen
from shared.web.pages.parties import party_names

PAGES = Pages("certification")
READERS = ("programme", "provider", "trainer", "auditor")
STAFF = ("programme", "provider")


@PAGES.get("/trainers", permits=READERS, title=gettext_noop("Trainers"), nav=True, personal=True)
def trainers() -> ResponseReturnValue:
    found = listed(
        Trainer.objects, sort=("-created_at", "created_at"), filters={"kind": Choice(*KINDS), "sex": Choice(*SEXES)}
    )
    return page(
        "trainers.html",
        found=found,
        held={trainer.id: _held(trainer.id) for trainer in found.rows},
        institutions=_names_of(trainer.institution_id for trainer in found.rows),
        kinds=KINDS,
        kind_options=options(KINDS),
        sex_options=options(SEXES),
        statuses=STATUSES,
        registers=current_principal().role in STAFF,
    )


@PAGES.get("/trainers/new", permits=STAFF, title=gettext_noop("Register a trainer"), nav=True)
def new_trainer() -> ResponseReturnValue:
    chooses = current_principal().institution is None
    partners = [partner.id for partner in Partner.objects(suspended=False)] if chooses else []
    institutions = list(party_names(partners).items())
    return page(
        "register.html",
        chooses=chooses,
        institutions=sorted(institutions, key=lambda pair: pair[1].casefold()),
        kinds=options(KINDS),
        sexes=options(SEXES),
        letter_languages=options(LANGUAGES),
        provinces=[(code, code) for code in PROVINCES],
    )


@PAGES.post("/trainers/new", permits=STAFF, body=RegisterTrainer, personal=True)
def register_trainer(body: dict[str, Any]) -> ResponseReturnValue:
    registered = commands.register_trainer(**body)
    return redirect_to("trainer", trainer_id=registered.id, said=gettext_noop("The trainer is registered."))


@PAGES.get("/trainers/<uuid:trainer_id>", permits=READERS, title=gettext_noop("Trainer"), personal=True)
def trainer(trainer_id: UUID) -> ResponseReturnValue:
    shown = Trainer.get(trainer_id)
    qualifications = sorted(Qualification.objects(trainer_id=trainer_id), key=lambda one: one.module)
    return page(
        "trainer.html",
        heading=shown.name,
        trainer=shown,
        institution=_names_of([shown.institution_id])[shown.institution_id],
        qualifications=qualifications,
        today=clock.today(certification_settings().zone),
        kinds=KINDS,
        sexes=SEXES,
        letter_languages=LANGUAGES,
        statuses=STATUSES,
        reasons=options(REASONS),
        reason_text=reason_text,
        certifies=current_principal().role == "programme",
    )


@PAGES.get(
    "/trainers/<uuid:trainer_id>/certificates/new",
    permits=("programme",),
    title=gettext_noop("Grant a historic certificate"),
    personal=True,
)
def new_certificate(trainer_id: UUID) -> ResponseReturnValue:
    return page(
        "grant.html",
        trainer=Trainer.get(trainer_id),
        modules=[(code, code) for code in KnownModule.codes()],
        months=certification_settings().certificate_months,
    )


@PAGES.post(
    "/trainers/<uuid:trainer_id>/certificates/new", permits=("programme",), body=GrantHistoricCertificate, personal=True
)
def grant_historic_certificate(trainer_id: UUID, body: dict[str, Any]) -> ResponseReturnValue:
    granted = commands.grant_historic_certificate(trainer_id, **body)
    said = gettext_noop("Certificate %(number)s is granted.")
    return redirect_to("trainer", trainer_id=trainer_id, said=said, values={"number": granted.certificate.number})


@PAGES.post(
    "/trainers/<uuid:trainer_id>/qualifications/<uuid:qualification_id>/suspension",
    permits=("programme",),
    body=SuspendCertificate,
    shows="trainer",
)
def suspend_certificate(trainer_id: UUID, qualification_id: UUID, body: dict[str, Any]) -> ResponseReturnValue:
    seen(Qualification.get(qualification_id))
    commands.suspend_certificate(qualification_id, **body)
    return redirect_to("trainer", trainer_id=trainer_id, said=gettext_noop("The certificate is suspended."))


@PAGES.post(
    "/trainers/<uuid:trainer_id>/qualifications/<uuid:qualification_id>/revocation",
    permits=("programme",),
    body=RevokeCertificate,
    shows="trainer",
)
def revoke_certificate(trainer_id: UUID, qualification_id: UUID, body: dict[str, Any]) -> ResponseReturnValue:
    seen(Qualification.get(qualification_id))
    commands.revoke_certificate(qualification_id, **body)
    return redirect_to("trainer", trainer_id=trainer_id, said=gettext_noop("The certificate is revoked."))


@PAGES.get("/verify", permits=PUBLIC, title=gettext_noop("Verify a certificate"), nav=True)
def verification() -> ResponseReturnValue:
    number = request.args.get("number", "").strip()
    return redirect_to("verified", number=number) if number else page("verify.html", asked="", found=None)


@PAGES.get("/verify/<path:number>", permits=PUBLIC, title=gettext_noop("Verify a certificate"))
def verified(number: str) -> ResponseReturnValue:
    try:
        found = verify_certificate(number)
    except NotFound:
        return make_response(page("verify.html", asked=number, found=None), 404)
    return page("verify.html", asked=number, found=found, statuses=STATUSES)


def _held(trainer_id: UUID) -> list[tuple[str, str]]:
    """Module and status of each certificate that counts, for one row of the list."""
    today = clock.today(certification_settings().zone)
    held = Qualification.objects(trainer_id=trainer_id)
    return sorted((one.module, one.certificate.status(today)) for one in held)


def _names_of(institution_ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """A freelance has no institution."""
    asked = list(institution_ids)
    names = party_names(one for one in asked if one is not None)
    return {one: names[one] if one is not None else "" for one in asked}
