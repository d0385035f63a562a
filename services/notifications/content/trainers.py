"""What is told to a trainer of being one, and of certificates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from services.notifications.content.kind import Content, Heard, Kind
from services.notifications.content.told import Told
from shared.contracts.events.certification import (
    CertificateExpired,
    CertificateRevoked,
    CertificateSuspended,
    SuspensionLifted,
    TrainerCertified,
    TrainerRegistered,
)
from shared.i18n.language import gettext as _
from shared.kernel.message import gettext_noop

BECAUSE: Final[Mapping[str, str]] = {
    "quality": gettext_noop("The quality of training is not good enough"),
    "inactive": gettext_noop("The trainer no longer teaches"),
    "misconduct": gettext_noop("The trainer broke the programme's rules"),
    "granted_in_error": gettext_noop("The certificate was granted by mistake"),
}
CERTIFICATE: Final[Mapping[str, Any]] = {
    "trainer_id": "0196f0a2-0000-7000-8000-0000000000f1",
    "module": "M1",
    "certificate_number": "SCORE-2027-0042",
    "valid_from": "2027-01-15",
    "valid_to": "2030-01-14",
}
FIELDS: Final = ("trainer_id", "qualification_id", "module", "certificate_number", "valid_from", "valid_to")
TO_THEM: Final[Mapping[Any, str]] = {"trainer": "trainer_id"}


def registered(told: Told) -> Content:
    return Content(
        _("You are registered as a trainer candidate"),
        (
            _(
                "You are entered in the programme's register of trainers. We write to you when you are "
                "asked to teach or to visit an enterprise."
            ),
        ),
        ((_("Institution"), told.name("institution_id")),),
    )


def certified(told: Told) -> Content:
    return Content(
        _("Your certificate for %(module)s", module=told.module()),
        (_("Congratulations: you are certified as a trainer for this module."),),
        certificate(told),
        button=_verified(told),
        notes=(_("Anybody can see under this address whether the certificate is valid."),),
    )


def suspended(told: Told) -> Content:
    return Content(
        _("Your certificate for %(module)s is suspended", module=told.module()),
        (
            _(
                "Your certificate is suspended: until the suspension is lifted you may not lead trainings of this module."
            ),
        ),
        (*certificate(told), (_("Since"), told.day("effective_on")), *_because(told)),
        button=_verified(told),
        notes=(if_unclear(),),
    )


def restored(told: Told) -> Content:
    return Content(
        _("Your certificate for %(module)s is valid again", module=told.module()),
        (_("The suspension of your certificate is lifted: you may lead trainings of this module again."),),
        (*certificate(told), (_("Since"), told.day("lifted_on"))),
        button=_verified(told),
    )


def revoked(told: Told) -> Content:
    return Content(
        _("Your certificate for %(module)s is revoked", module=told.module()),
        (_("Your certificate was taken back for good: you may no longer lead trainings of this module."),),
        (*certificate(told), (_("Since"), told.day("effective_on")), *_because(told)),
        button=_verified(told),
        notes=(if_unclear(),),
    )


def expired(told: Told) -> Content:
    return Content(
        _("Your certificate for %(module)s has expired", module=told.module()),
        (
            _(
                "The last day of your certificate is over. Until it is renewed you may not lead trainings "
                "of this module."
            ),
        ),
        certificate(told),
        button=_verified(told),
        notes=(if_unclear(),),
    )


def certificate(told: Told) -> tuple[tuple[str, str], ...]:
    return (
        (_("Module"), told.module()),
        (_("Certificate number"), told.word("certificate_number")),
        (_("Valid from"), told.day("valid_from")),
        (_("Valid until"), told.day("valid_to")),
    )


def if_unclear() -> str:
    return _("If you have a question or do not agree, simply reply to this letter.")


def _because(told: Told) -> tuple[tuple[str, str], ...]:
    reason = BECAUSE.get(told.word("reason"))
    return ((_("Reason"), _(reason)),) if reason else ()


def _verified(told: Told) -> tuple[str, str]:
    return (_("See the certificate"), told.page("certification", f"/verify/{told.word('certificate_number')}"))


KINDS: Final[Mapping[str, Kind]] = {
    "trainer_registered": Kind(
        gettext_noop("Registered as a trainer"), registered, {"institution_id": "0196f0a2-0000-7000-8000-0000000000b1"},
        (Heard(TrainerRegistered, TO_THEM, ("trainer_id", "institution_id"), institution="institution_id"),),
        optional=True, topic="results",
    ),
    "certificate_issued": Kind(
        gettext_noop("Certificate"), certified, CERTIFICATE,
        (Heard(TrainerCertified, TO_THEM, FIELDS, institution="institution_id"),), must_arrive=True,
    ),
    "certificate_suspended": Kind(
        gettext_noop("Certificate suspended"), suspended, {**CERTIFICATE, "effective_on": "2027-06-01", "reason": "inactive"},
        (
            Heard(
                CertificateSuspended, TO_THEM, (*FIELDS, "effective_on", "reason"), institution="institution_id",
                thing="qualification_id", overtakes=("certificate_restored",),
            ),
        ), must_arrive=True,
    ),
    "certificate_restored": Kind(
        gettext_noop("Suspension lifted"), restored, {**CERTIFICATE, "lifted_on": "2027-07-01"},
        (
            Heard(
                SuspensionLifted, TO_THEM, (*FIELDS, "lifted_on"), institution="institution_id",
                thing="qualification_id", overtakes=("certificate_suspended",),
            ),
        ), must_arrive=True,
    ),
    "certificate_revoked": Kind(
        gettext_noop("Certificate revoked"), revoked, {**CERTIFICATE, "effective_on": "2027-06-01", "reason": "other"},
        (Heard(CertificateRevoked, TO_THEM, (*FIELDS, "effective_on", "reason"), institution="institution_id"),),
        must_arrive=True,
    ),
    "certificate_expired": Kind(
        gettext_noop("Certificate expired"), expired, CERTIFICATE,
        (Heard(CertificateExpired, TO_THEM, FIELDS, institution="institution_id"),), must_arrive=True,
    ),
}  # fmt: skip
