"""The pages of the demo service: every macro, with something to show."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from marshmallow import fields

from shared.access.permissions import PUBLIC
from shared.domain.errors import Conflict, GateClosed, Invalid, NotFound
from shared.kernel.message import Message, gettext_noop
from shared.web.fields import Choice, Email, Flag, IsoDate, Rupiah, Text, Whole
from shared.web.pages.declare import Pages
from shared.web.pages.rendering import redirect_to, render
from shared.web.schema import Schema

PAGES = Pages("demo", stored=False)
STAFF = ("programme", "provider")
ENTERPRISES: list[dict[str, Any]] = [
    {
        "id": 1,
        "name": "CV Mebel Jati Lestari",
        "province": "ID-JT",
        "workers": 48,
        "share": 0.52,
        "paid": 1_500_000,
        "state": "active",
    },
    {
        "id": 2,
        "name": "PT Garmen Sukses Bersama Sejahtera Internasional",
        "province": "ID-JB",
        "workers": 1236,
        "share": 0.813,
        "paid": 24_750_000,
        "state": "done",
    },
    {
        "id": 3,
        "name": "UD Roti Harum",
        "province": "ID-BA",
        "workers": 12,
        "share": 0.75,
        "paid": 0,
        "state": "waiting",
    },
    {
        "id": 4,
        "name": "CV Logam Karya Utama",
        "province": "ID-JI",
        "workers": 95,
        "share": 0.105,
        "paid": 750_000,
        "state": "attention",
    },
]
REGISTERED: list[dict[str, Any]] = []


class Headcount(Schema):
    women = Whole(required=True)
    men = Whole(required=True)


class Register(Schema):
    name = Text(required=True, longest=80)
    email = Email(required=True)
    province = Choice("ID-JT", "ID-JB", "ID-BA", "ID-JI", required=True)
    headcount = fields.Nested(Headcount, required=True)
    price = Rupiah(required=True)
    days = fields.List(IsoDate(), required=True)
    modules = fields.List(Choice("M1", "M2", "M3"), load_default=list)
    delivery = Choice("direct", "indirect", required=True)
    consent = Flag(required=True)
    note = Text(lines=True, allow_none=True)


@PAGES.get("/enterprises", permits=STAFF, title=gettext_noop("Enterprises"), nav=("demo", 1))
def enterprises() -> ResponseReturnValue:
    wanted = request.args.get("province", "")
    rows = [row for row in ENTERPRISES if wanted in ("", row["province"])]
    return render("enterprises.html", rows=rows)


@PAGES.get("/enterprises/<int:enterprise_id>", permits=STAFF)
def enterprise(enterprise_id: int) -> ResponseReturnValue:
    found = next((row for row in ENTERPRISES if row["id"] == enterprise_id), None)
    if found is None:
        raise NotFound("enterprise", enterprise_id)
    return render(
        "enterprise.html",
        heading=found["name"],
        enterprise=found,
        signed=date(2026, 8, 3),
        delivered=datetime(2026, 8, 3, 2, 0, tzinfo=UTC),
        as_of=datetime(2026, 11, 24, 7, 30, tzinfo=UTC),
    )


@PAGES.post("/enterprises/<int:enterprise_id>/withdrawal", permits=STAFF, shows="enterprise")
def withdraw(enterprise_id: int) -> ResponseReturnValue:
    if not request.form.get("reason"):
        raise Invalid("/reason", "required")
    if enterprise_id == 4:
        raise GateClosed("id.score.demo.paid.v1")
    return redirect_to("enterprise", enterprise_id=enterprise_id, flash=gettext_noop("The enterprise is withdrawn."))


@PAGES.get("/enterprises/new", permits=STAFF, title=gettext_noop("Register an enterprise"), nav=("demo", 2))
def new_enterprise() -> ResponseReturnValue:
    return render("register.html")


@PAGES.post("/enterprises/new", permits=STAFF, body=Register)
def register_enterprise(body: dict[str, Any]) -> ResponseReturnValue:
    if body["name"] == "UD Roti Harum":
        raise Conflict(Message("This enterprise is registered already."))
    REGISTERED.append(body)
    return redirect_to("enterprises", flash=gettext_noop("%(name)s is registered."), values={"name": body["name"]})


@PAGES.get("/empty", permits=STAFF, title=gettext_noop("Visits"), nav=("demo", 3))
def visits() -> ResponseReturnValue:
    return render("visits.html")


@PAGES.get("/sponsors-only", permits=("sponsor",), title=gettext_noop("For sponsors"), nav=("demo", 4))
def sponsors_only() -> ResponseReturnValue:
    return render("visits.html")


@PAGES.get("/broken", permits=PUBLIC)
def broken() -> ResponseReturnValue:
    raise RuntimeError("secret inside")


@PAGES.get("/verify/<code>", permits=PUBLIC, title=gettext_noop("Verify a certificate"))
def verify(code: str) -> ResponseReturnValue:
    return render("verify.html", code=code)
