"""A service as small as a service can be: one aggregate, a handful of operations, no events."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import mongoengine as me
from flask import Response

from shared.access.permissions import PUBLIC
from shared.domain.aggregate import Aggregate
from shared.domain.errors import GateClosed, NotAllowedNow
from shared.kernel.message import Message
from shared.kernel.principal import Principal
from shared.kernel.service import Service
from shared.storage.indexes import index
from shared.storage.transaction import transactional
from shared.web import fields
from shared.web.api.routes import Routes
from shared.web.lists.listing import ListQuery
from shared.web.schema import Patch, Schema


class Workshop(Aggregate):
    meta: ClassVar[dict[str, Any]] = {"collection": "workshops"}
    INDEXES = (index("provider", "created_at"), index("provider", "updated_at"), index("province"))

    provider = me.UUIDField(binary=True)
    title = me.StringField()
    province = me.StringField()
    seats = me.IntField()
    fee = me.IntField(null=True)
    days = me.ListField(me.DateField())
    women = me.IntField(default=0)
    state = me.StringField(default="planned")

    @classmethod
    def row_scope(cls, principal: Principal) -> dict[str, Any] | None:
        if principal.role in ("programme", "auditor"):
            return {}
        return {"provider": principal.institution} if principal.institution else None


class Headcount(Schema):
    women = fields.Whole()


class PlanWorkshop(Schema):
    title = fields.Text(required=True, longest=80)
    province = fields.Province(required=True)
    seats = fields.Whole(required=True, least=1, most=500)
    days = fields.fields.List(fields.IsoDate(), required=True)
    fee = fields.Rupiah()
    note = fields.Text(longest=2000, lines=True)
    headcount = fields.fields.Nested(Headcount)


class ReviseWorkshop(Patch):
    title = fields.Text(longest=80)
    seats = fields.Whole(least=1, most=500)


class HeadcountView(Schema):
    women = fields.Whole()


class WorkshopView(Schema):
    id = fields.Identifier()
    version = fields.Whole()
    title = fields.Text()
    province = fields.Province()
    seats = fields.Whole()
    fee = fields.Rupiah(allow_none=True)
    days = fields.fields.List(fields.IsoDate())
    headcount = fields.fields.Nested(HeadcountView, attribute="self_headcount")
    state = fields.Choice("planned", "held")
    created_at = fields.Moment()
    updated_at = fields.Moment()


Workshop.self_headcount = property(lambda self: {"women": self.women})  # type: ignore[attr-defined]

workshops = Routes("workshops", description="Workshops of providers")
STAFF = ("programme", "provider")
effects: list[str] = []


@transactional
def plan(body: dict[str, Any], provider: UUID | None) -> Workshop:
    body.pop("note", None)
    women = body.pop("headcount", {}).get("women", 0)
    return Workshop(provider=provider, women=women, **body).save()


@workshops.post(
    "/v1/workshops",
    permits=STAFF,
    body=PlanWorkshop,
    returns=WorkshopView,
    created=True,
    location="/v1/workshops/{id}",
)
def plan_workshop(body: dict[str, Any]) -> Workshop:
    """Plan a workshop."""
    from shared.kernel.context import current_principal

    effects.append("plan")
    return plan(body, current_principal().institution)


@workshops.list(
    "/v1/workshops",
    permits=(*STAFF, "auditor"),
    returns=WorkshopView,
    filters=("province", "state", "seats"),
    sort=("created_at", "title"),
)
def list_workshops(query: ListQuery) -> Any:
    """The workshops that the caller may see."""
    assert query.limit
    return Workshop.objects


@workshops.get("/v1/workshops/<uuid:workshop_id>", permits=STAFF, returns=WorkshopView, personal=True)
def show_workshop(workshop_id: UUID) -> Workshop:
    return Workshop.get(workshop_id)


@workshops.patch("/v1/workshops/<uuid:workshop_id>", permits=STAFF, body=ReviseWorkshop, returns=WorkshopView)
def revise_workshop(workshop_id: UUID, body: dict[str, Any]) -> Workshop:
    workshop = Workshop.get(workshop_id)
    for name, value in body.items():
        setattr(workshop, name, value)
    return workshop.save()


@workshops.post("/v1/workshops/<uuid:workshop_id>/holding", permits=STAFF, returns=WorkshopView, idempotency="required")
def hold_workshop(workshop_id: UUID) -> Workshop:
    workshop = Workshop.get(workshop_id)
    if workshop.state == "held":
        raise NotAllowedNow(verb="hold", state="held", allowed_from=("planned",))
    workshop.state = "held"
    return workshop.save()


@workshops.post("/v1/workshops/<uuid:workshop_id>/crash", permits=STAFF, returns=WorkshopView)
def crash_workshop(workshop_id: UUID) -> Workshop:
    workshop = Workshop.get(workshop_id)
    workshop.title = "crashed"
    workshop.save()
    raise RuntimeError("a secret path /etc/score and mongodb://user:password@host")


@workshops.post("/v1/workshops/<uuid:workshop_id>/gate", permits=STAFF, returns=WorkshopView)
def gate_workshop(workshop_id: UUID) -> Workshop:
    words = Message("No baseline yet.")
    raise GateClosed("id.score.consulting.baseline_assessed.v1", words)


@workshops.delete("/v1/workshops/<uuid:workshop_id>", permits=("programme",))
def delete_workshop(workshop_id: UUID) -> None:
    Workshop.get(workshop_id).delete()


@workshops.post("/v1/workshops/photo", permits=STAFF, consumes="image/jpeg", largest_body=2_000_000)
def upload_photo() -> None:
    return None


@workshops.get("/v1/about", permits=PUBLIC, produces="text/plain")
def about() -> Response:
    return Response("about", mimetype="text/plain")


class WorkshopService(Service):
    """The declaration of a service whose parts are in this file, and its words in the demo's catalogue."""

    @property
    def folder(self) -> Path:
        return Path(__file__).parent / "demo"

    @property
    def routes(self) -> tuple[Any, ...]:
        return (workshops,)

    @property
    def documents(self) -> tuple[Any, ...]:
        return (Workshop,)


SERVICE = WorkshopService(name="workshops", title="Workshops", port=0, metrics_port=0)
