"""Lets certificates expire by the clock."""

from services.certification.qualifications import commands
from services.certification.settings import certification_settings
from shared.process.jobs import Timer

EXPIRE_CERTIFICATES = Timer(
    "expire_certificates", certification_settings().expiry_seconds, commands.expire_certificates
)
