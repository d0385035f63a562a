"""The page on which anyone checks a number, without signing in."""

from __future__ import annotations

from flask import make_response, request
from flask.typing import ResponseReturnValue

from services.certification.verification.queries import verify_certificate
from shared.access.permissions import PUBLIC
from shared.domain.errors import NotFound
from shared.kernel.message import gettext_noop
from shared.web.pages.declare import Pages
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("certification")


@PAGES.get("/verify", permits=PUBLIC, title=gettext_noop("Verify a certificate"), nav=("trainers", 2))
def verification() -> ResponseReturnValue:
    number = request.args.get("number", "").strip()
    return redirect_to("verified", number=number) if number else render("verify.html", asked="", found=None)


@PAGES.get("/verify/<path:number>", permits=PUBLIC, title=gettext_noop("Verify a certificate"))
def verified(number: str) -> ResponseReturnValue:
    try:
        certificate = verify_certificate(number)
    except NotFound:
        return make_response(render("verify.html", asked=number, found=None), 404)
    return render("verify.html", asked=number, found=certificate)
