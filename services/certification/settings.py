"""The settings that the programme may choose about certification."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from shared.kernel.settings.declaration import NOT_NEGATIVE, POSITIVE, load, setting
from shared.reference.zones import WIB


@dataclass(frozen=True, slots=True)
class CertificationSettings:
    certificate_months: int = setting(
        "SCORE_CERTIFICATE_MONTHS", 36, "How long a certificate is valid where no last day is given", check=POSITIVE
    )
    ending_days: int = setting(
        "SCORE_CERTIFICATE_ENDING_DAYS",
        90,
        "Days before a certificate's last day from which the first page names it (our choice)",
        check=NOT_NEGATIVE,
    )
    name_days: int = setting(
        "SCORE_CERTIFICATE_NAME_DAYS",
        365,
        "Days after a certificate's last day for which its holder's name is kept, whoever asks for its erasure",
        check=NOT_NEGATIVE,
    )
    erasure_hours: float = setting(
        "SCORE_TRAINER_ERASURE_HOURS", 72.0, "Hours to erase a trainer, in every service (our choice)", check=POSITIVE
    )
    expiry_seconds: float = setting(
        "SCORE_CERTIFICATE_EXPIRY_SECONDS", 3600.0, "Pause between two looks for expired certificates", check=POSITIVE
    )
    zone: str = setting("SCORE_CERTIFICATION_ZONE", WIB, "Zone in which a certificate's last day ends")


@cache
def certification_settings() -> CertificationSettings:
    return load(CertificationSettings)
