"""Requests of one institution's callers that name a thing of another's, and the same that name nothing."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient

from docs.scope_matrix import PARAMETER, Cell
from services.enrollment.trainings.model import Training
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.web.answer import JSON
from shared.web.api.route import Route
from shared.web.pages.declare import Page
from shared.web.pages.session.visitor import CSRF_FIELD, TOKEN_COOKIE, _csrf_of
from tests.support import factories
from tests.support.declared_operations import filled
from tests.support.factories import ALPHA, BETA, STAFF
from tests.support.good_requests import prepared
from tests.support.owned_things import OWNED, owned, training
from tests.support.request_bodies import accepted
from tests.support.request_order import Order, made_from_schema
from tests.support.tokens import BOUND, Tokens

Told = tuple[int, Any]
HEXADECIMAL = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
TIME_OF_DAY = re.compile(r"\b\d{1,2}[.:]\d{2}\b")

# What has to stand beside an id, or may not, for the request to be about the id.
BESIDE: Mapping[tuple[str, str], Callable[[dict[str, Any]], object]] = {
    ("seat_enterprise", "/participant_ids/0"): lambda body: body.pop("seats"),
    ("release_seats", "/participant_ids/0"): lambda body: body.pop("seats"),
    ("schedule_training", "/supervisor_id"): lambda body: body.update(kind="supervised"),
    ("correct_institution", "/contacts/0/contact_id"): lambda body: body.update(
        contacts=[{"name": "Wulan", "roles": ["billing"]}]
    ),
}


def _supervised() -> Order:
    lead, expert = (factories.entitled(ids.new(), of=ALPHA) for _ in range(2))
    factories.candidate(lead, expert, factories.days_ago(10, 9))
    factories.institution(ALPHA)
    planned = factories.training(ALPHA, trainer=lead, kind="supervised", supervisor_id=expert)
    return Order({"training_id": planned.id}, {"reason": "other", "supervisor_id": str(expert)})


ORDERS: Mapping[tuple[str, str], Callable[[], Order]] = {("reschedule_training", "/supervisor_id"): _supervised}


@dataclass
class Sides:
    """The things of both institutions in the connected service, each made when it is first named."""

    service: str
    things: dict[tuple[str, UUID], Any] = field(default_factory=dict)

    def of(self, owner: UUID, name: str) -> Any:
        if (name, owner) not in self.things:
            with acting_as(STAFF):
                self.things[name, owner] = owned(self.service, name, owner)
        return self.things[name, owner]

    def make_all(self) -> None:
        for owner in (ALPHA, BETA):
            for name in OWNED.get(self.service, {}):
                self.of(owner, name)

    @property
    def foreign(self) -> set[str]:
        return {str(thing) for (_, owner), thing in self.things.items() if owner == BETA}


def callers() -> dict[str, UUID]:
    """What the tokens of ALPHA's callers are bound to, who have nothing of their own but what ALPHA has."""
    return {"institution": ALPHA, "trainer": ids.new(), "enterprise": ids.new(), "sponsor": ids.new()}


def bindings(service: str) -> dict[str, UUID]:
    """What they are bound to, so that each has something of its own."""
    bound = callers()
    with acting_as(STAFF):
        if service == "enrollment":
            held = training(ALPHA)
            bound |= {"trainer": held.lead_trainer_id, "enterprise": held.rosters[0].enterprise_id}
        elif service == "consulting":
            visit = factories.visit(ALPHA)
            bound |= {"trainer": visit.trainer_id, "enterprise": visit.enterprise_id}
        elif service == "certification":
            bound["trainer"] = factories.qualification(ALPHA).trainer_id
        elif service == "finance":
            bound["enterprise"] = factories.invoice(ALPHA).enterprise_id
    return bound


def headers_of(tokens: Tokens, role: str, bound: Mapping[str, UUID]) -> dict[str, str]:
    claim = BOUND.get(role, "institution" if role == "finance" else None)
    return {**tokens.headers(role, **({claim: bound[claim]} if claim else {})), "If-Match": "*"}


def signed_in(caller: FlaskClient, tokens: Tokens, role: str, bound: Mapping[str, UUID]) -> dict[str, str]:
    """Sign a browser in with a token; returns what its forms carry."""
    token = headers_of(tokens, role, bound)["Authorization"].removeprefix("Bearer ")
    caller.set_cookie(TOKEN_COOKIE, token, domain="localhost")
    return {CSRF_FIELD: _csrf_of(token)}


def filled_in(page: Page) -> dict[str, str]:
    """What a form sends that its schema accepts; nothing for a page that is read."""

    def boxes(name: str, value: Any) -> Iterator[tuple[str, str]]:
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for part, one in inner:
            yield from boxes(f"{name}.{part}", one)
        if not isinstance(value, (dict, list)):
            yield name, str(value)

    body = accepted(page.body) if page.body is not None else {}
    return dict(box for name, value in body.items() for box in boxes(name, value))


def paths(rule: str, cell: Cell, sides: Sides) -> tuple[str, str]:
    """The address with own ids before the place, somebody else's from there on; and with unknown ones."""
    names = PARAMETER.findall(rule)
    place = names.index(cell.at)
    own = {name: sides.of(ALPHA, name) for name in names[:place]}
    foreign = {name: sides.of(BETA, name) for name in names[place:]}
    return filled(rule, **own, **foreign), filled(rule, **own)


def sent_to(route: Route) -> dict[str, Any]:
    """As the test client takes it; some bytes where the operation takes a file."""
    if route.consumes != (JSON,):
        return {"data": b"%PDF-", "content_type": route.consumes[0]}
    return {"json": None if route.body is None else made_from_schema(route.operation)}


def order_for(operation: str, pointer: str) -> Order:
    """A good request of ALPHA's for an operation, to which an id at the pointer can be added."""
    if (operation, pointer) not in ORDERS:
        return prepared(operation)
    with acting_as(STAFF):
        return ORDERS[operation, pointer]()


def with_id(order: Order, operation: str, pointer: str, value: object) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(json.dumps(order.body))
    BESIDE.get((operation, pointer), lambda _: None)(body)
    *above, last = pointer.strip("/").split("/")
    within: Any = body
    for part in above:
        within = within[int(part)] if part.isdigit() else within.setdefault(part, [])
    if last.isdigit():
        within[:] = [str(value)]
    else:
        within[last] = str(value)
    return body


def trainer_of(order: Order) -> dict[str, UUID]:
    """The trainer of the training that a request is about."""
    planned = order.path.get("training_id")
    if planned is None:
        return {}
    with acting_as(STAFF):
        return {"trainer": Training.get(UUID(str(planned))).lead_trainer_id}


def shown(answer: Any) -> Told:
    """What a page shows, without the ids that name the request and what was asked for, and the minute it was made in."""
    return answer.status_code, TIME_OF_DAY.sub("", HEXADECIMAL.sub("", answer.text))


def told(answer: Any) -> Told:
    """What an answer says, without what names the request itself and its moment."""
    if not answer.is_json:
        return answer.status_code, answer.data
    said = {name: value for name, value in answer.json.items() if name not in ("instance", "request_id", "as_of")}
    return answer.status_code, said


def read(answer: Any) -> str:
    """All text of a list as JSON, CSV or a workbook."""
    if not answer.data.startswith(b"PK"):
        return str(answer.text)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())
