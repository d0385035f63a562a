"""The page on which anyone checks a number, without signing in."""

from __future__ import annotations

from http import HTTPStatus

from flask import make_response, request
from flask.typing import ResponseReturnValue

from services.certification.verification.queries import Verification, verify_certificate
from services.certification.verification.schemas import VerificationView
from shared.access.permissions import PUBLIC
from shared.domain.errors import NotFound
from shared.kernel.message import gettext_noop
from shared.web.answer import JSON, answer_of
from shared.web.api import problems
from shared.web.pages.declare import Pages
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("certification")


@PAGES.get("/verify", permits=PUBLIC, title=gettext_noop("Verify a certificate"), nav=("trainers", 2))
def verification() -> ResponseReturnValue:
    number = request.args.get("number", "").strip()
    return redirect_to("verified", number=number) if number else _page("", None)


@PAGES.get("/verify/<path:number>", permits=PUBLIC, title=gettext_noop("Verify a certificate"))
def verified(number: str) -> ResponseReturnValue:
    """Show what is told of a number: the address on the paper answers a person with a page, a system with JSON."""
    wants_json = request.accept_mimetypes.best_match(["text/html", JSON]) == JSON
    try:
        certificate = verify_certificate(number)
    except NotFound as unknown:
        shown = problems.answer(unknown) if wants_json else make_response(_page(number, None), HTTPStatus.NOT_FOUND)
    else:
        told = answer_of(certificate, VerificationView(), HTTPStatus.OK).response()
        shown = told if wants_json else make_response(_page(number, certificate))
    shown.vary.add("Accept")
    return shown


def _page(asked: str, found: Verification | None) -> str:
    return render("verify.html", asked=asked, found=found)
