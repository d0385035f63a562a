"""Declares what a service answers: one declaration per operation, from which checks and documentation follow.

    trainings = Routes("trainings", description="...")

    @trainings.post("/v1/trainings/<uuid:training_id>/delivery", permits=("provider",), body=DeliverTraining,
                    returns=TrainingView)
    def deliver_training(training_id: UUID, body: Body) -> Training:
        return commands.deliver_training(training_id, **body)

The function's name is the operation's and the command's. `permits` cannot be left out. The handler of a change runs in
one transaction and returns an object, which is dumped by `returns`; PUT and PATCH need a GET beside them, whose result
gives the version that `If-Match` must name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Literal, Protocol, TypeVar

from flask import Flask

from shared.access.permissions import Permits, Undeclared, declare
from shared.kernel.service import Declaration
from shared.web.answer import JSON
from shared.web.api.dispatch import handle
from shared.web.api.openapi import Operations, ProblemApi
from shared.web.api.route import EXTENSION, Handler, Route
from shared.web.lists.listing import Filters, Listing
from shared.web.schema import Schema

H = TypeVar("H", bound=Handler)


class Declares(Protocol):
    """A decorator that declares a handler and leaves it as it is."""

    def __call__(self, handler: H, /) -> H: ...


class Routes(Declaration):
    """The operations on one kind of object."""

    def __init__(self, name: str, *, description: str = "", may_be_gone: bool = False) -> None:
        """Take what all operations share; `may_be_gone` says that an object may answer 410, since another took its place."""
        self.name = name
        self.may_be_gone = may_be_gone
        self.description = description
        self.declared: list[Route] = []

    def get(
        self,
        rule: str,
        *,
        permits: Permits,
        returns: type[Schema] | None = None,
        query: type[Schema] | None = None,
        produces: str | tuple[str, ...] = (),
        personal: bool = False,
        tagged: bool = False,
    ) -> Declares:
        """Declare a read of one object, or of a file of a type that `produces` names, as a finished `Response`. Of a file that
        is `tagged` nobody is sent what they have."""
        files = (produces,) if isinstance(produces, str) else produces
        return self._declaring(
            "GET", rule, permits=permits, returns=returns, query=query, produces=files, personal=personal, tagged=tagged
        )

    def list(
        self,
        rule: str,
        *,
        permits: Permits,
        returns: type[Schema],
        filters: Filters = (),
        sort: Sequence[str] = (),
        personal: bool = False,
    ) -> Declares:
        """Declare a list of `returns`. The handler takes a `ListQuery` and returns a query set, or rows it filtered itself."""

        def declare_list(handler: H) -> H:
            listing = Listing.of(handler.__name__, returns, filters, sort)
            return self._add(
                "GET", rule, handler, permits=permits, listing=listing, query=listing.schema, personal=personal
            )

        return declare_list

    def post(
        self,
        rule: str,
        *,
        permits: Permits,
        body: type[Schema] | None = None,
        returns: type[Schema] | None = None,
        created: bool = False,
        location: str | None = None,
        idempotency: Literal["optional", "required"] = "optional",
        query: type[Schema] | None = None,
        personal: bool = False,
        serialised: bool = False,
        consumes: str | tuple[str, ...] = JSON,
        largest_body: int | None = None,
    ) -> Declares:
        """Declare a command. `created` answers 201, with `location` filled from the view; `consumes` names other formats."""
        return self._declaring(
            "POST", rule, permits=permits, body=body, returns=returns, query=query, personal=personal,
            status=HTTPStatus.CREATED if created else HTTPStatus.OK, location=location, idempotency=idempotency,
            serialised=serialised, consumes=(consumes,) if isinstance(consumes, str) else consumes, largest_body=largest_body,
        )  # fmt: skip

    def put(
        self,
        rule: str,
        *,
        permits: Permits,
        body: type[Schema],
        returns: type[Schema] | None = None,
        personal: bool = False,
    ) -> Declares:
        return self._declaring("PUT", rule, permits=permits, body=body, returns=returns, personal=personal)

    def patch(
        self,
        rule: str,
        *,
        permits: Permits,
        body: type[Schema],
        returns: type[Schema] | None = None,
        personal: bool = False,
    ) -> Declares:
        return self._declaring("PATCH", rule, permits=permits, body=body, returns=returns, personal=personal)

    def delete(
        self, rule: str, *, permits: Permits, returns: type[Schema] | None = None, personal: bool = False
    ) -> Declares:
        return self._declaring("DELETE", rule, permits=permits, returns=returns, personal=personal)

    def install(self, app: Flask, api: ProblemApi, beside: Iterable[Routes] = ()) -> None:
        """Add the operations to an application and to its document; `beside` are all that it has, since a change may be about an
        object of another subject."""
        reads = [route for routes in (self, *beside) for route in routes.declared if route.reads_one]
        blueprint = Operations(self.name, __name__, description=self.description)
        for route in (_with_current(route, reads) for route in self.declared):
            app.extensions.setdefault(EXTENSION, {})[route.endpoint] = route
            declare(app, route.endpoint, route.permits)
            blueprint.add(route, handle)
        api.register_blueprint(blueprint)

    def _declaring(self, method: str, rule: str, **options: Any) -> Declares:
        def declare_one(handler: H) -> H:
            return self._add(method, rule, handler, **options)

        return declare_one

    def _add(self, method: str, rule: str, handler: H, **options: Any) -> H:
        endpoint = f"{self.name}.{handler.__name__}"
        if any(route.endpoint == endpoint for route in self.declared):
            raise Undeclared(f"two operations are called {endpoint}")
        gone = self.may_be_gone and "<" in rule
        options |= {"endpoint": endpoint, "method": method, "rule": rule, "handler": handler, "may_be_gone": gone}
        self.declared.append(Route(**options))
        return handler


def _with_current(route: Route, reads: Iterable[Route]) -> Route:
    """Give a change its object's GET: the one whose rule is the longest beginning of the change's."""
    if route.method == "GET":
        return route
    nearest = max(
        (read for read in reads if f"{route.rule}/".startswith(f"{read.rule}/")),
        key=lambda read: len(read.rule),
        default=None,
    )
    if route.method in ("PUT", "PATCH") and (nearest is None or nearest.rule != route.rule):
        raise Undeclared(f"{route.endpoint} needs a GET of {route.rule}, which gives the version to match")
    if nearest is None or "<" not in nearest.rule:
        if route.keeps_answers and route.location is None:
            raise Undeclared(f"{route.endpoint} needs a GET of its object, by which a repeat of it is judged")
        return route
    arguments = tuple(part.split(":")[-1].rstrip(">") for part in nearest.rule.split("/") if part.startswith("<"))
    return replace(route, current=nearest.handler, current_arguments=arguments)
