"""Public verification over HTTP: anyone may ask about a number, without signing in."""

from __future__ import annotations

from services.certification.verification.queries import Verification
from services.certification.verification.queries import verify_certificate as verify
from services.certification.verification.schemas import VerificationView
from shared.access.permissions import PUBLIC
from shared.web.api.routes import Routes

certificates = Routes("certificates", description="Whether a certificate is valid, for anyone")


@certificates.get("/v1/certificates/<path:number>", permits=PUBLIC, returns=VerificationView)
def verify_certificate(number: str) -> Verification:
    return verify(number)
