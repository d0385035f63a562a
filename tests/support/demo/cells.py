"""A service whose pages read and write rows of a real store."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import mongoengine

from shared.domain.errors import Invalid
from shared.kernel.message import gettext_noop
from shared.storage.transaction import current_batch
from shared.web.pages.declare import Pages
from shared.web.pages.listing import paginate
from shared.web.pages.rendering import redirect_to, render
from tests.support.demo.service import DemoService

STAFF = ("programme",)
PAGES = Pages("demo")


class Cell(mongoengine.Document):  # type: ignore[misc]
    meta = {"collection": "cells", "auto_create_index": False}  # noqa: RUF012 - mongoengine's form
    INDEXES = ()
    id = mongoengine.UUIDField(primary_key=True, binary=True)
    name = mongoengine.StringField()
    province = mongoengine.StringField()


@PAGES.get("/cells", permits=STAFF, title=gettext_noop("Visits"), personal=True)
def cells():
    found = paginate(Cell.objects, sort=("name",), filters=("province",), limit=2)
    return render("cells.html", found=found)


@PAGES.get("/empty", permits=STAFF, title=gettext_noop("Visits"))
def empty():
    return render("verify.html", code="x")


@PAGES.post("/cells", permits=STAFF, shows="empty")
def add_cell():
    current_batch().add("cells", {"_id": uuid4(), "name": "new", "province": "ID-BA"})
    return redirect_to("empty", flash=gettext_noop("%(name)s is registered."), values={"name": "new"})


@PAGES.post("/cells/refused", permits=STAFF, shows="empty")
def add_cell_and_refuse():
    current_batch().add("cells", {"_id": uuid4(), "name": "never", "province": "ID-BA"})
    raise Invalid("/name", "required")


class StoredService(DemoService):
    __slots__ = ()

    @property
    def pages(self) -> tuple[Any, ...]:
        return (PAGES,)

    @property
    def documents(self) -> tuple[Any, ...]:
        return (Cell,)


SERVICE = StoredService(name="cells", title="Demo", port=8199, metrics_port=9199)
