"""Holds one operation of the API as it was declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, Literal

from flask import Flask

from shared.access.permissions import PUBLIC, Permits, checked
from shared.tabular.media_types import CSV, XLSX
from shared.web.answer import JSON
from shared.web.fields import Choice
from shared.web.lists.listing import Listing
from shared.web.schema import Patch, Schema

Handler = Callable[..., Any]
EXTENSION: Final = "score_routes"
OF_FORMAT: Final = {"json": JSON, "csv": CSV, "xlsx": XLSX}


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation. `current` is the GET of the object it changes, with the path arguments that it takes. Changes of one
    object that is `serialised` wait for each other instead of running into each other. A file that is `tagged` carries a mark
    of its content, and whoever has it is told so. `formats` are the media types of each `format` that a caller may ask for,
    the usual one first."""

    endpoint: str
    method: str
    rule: str
    handler: Handler
    permits: Permits
    body: type[Schema] | None = None
    query: type[Schema] | None = None
    returns: type[Schema] | None = None
    status: int = HTTPStatus.OK
    location: str | None = None
    idempotency: Literal["optional", "required"] = "optional"
    personal: bool = False
    serialised: bool = False
    consumes: tuple[str, ...] = (JSON,)
    produces: tuple[str, ...] = ()
    largest_body: int | None = None
    may_be_gone: bool = False
    tagged: bool = False
    listing: Listing | None = None
    current: Handler | None = None
    current_arguments: tuple[str, ...] = ()
    view: Schema | None = field(init=False)
    formats: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        checked(self.permits, self.operation)
        if self.method == "PATCH" and not (self.body and issubclass(self.body, Patch)):
            raise TypeError(f"{self.operation} takes a JSON Merge Patch: its body is a `Patch`")
        object.__setattr__(self, "view", self.returns() if self.returns else None)
        asked = self.query().fields.get("format") if self.query else None
        formats = {name: OF_FORMAT[name] for name in asked.choices} if isinstance(asked, Choice) else {}
        object.__setattr__(self, "formats", formats)

    @property
    def keeps_answers(self) -> bool:
        """Return whether the first answer comes again under an `Idempotency-Key`: only where an object is named, or made, by
        which it shows whether the caller may still read it; what names none is made again. Of who has no token nothing is
        kept: a kept answer would join the person to the moment, and all of them share one space of keys."""
        named = "<" in self.rule or self.location is not None
        return self.method == "POST" and named and self.permits is not PUBLIC

    def media_types(self, wanted: str | None) -> tuple[str, ...]:
        """Return what a success may be written in, where a format is wanted in that one; empty of what has no content."""
        if self.formats:
            return (self.formats[wanted],) if wanted and wanted in self.formats else tuple(self.formats.values())
        return self.produces or ((JSON,) if self.returns else ())

    @property
    def reads_one(self) -> bool:
        """Return whether it reads one object, or a file."""
        return self.method == "GET" and self.listing is None

    @property
    def operation(self) -> str:
        return str(getattr(self.handler, "__name__", self.endpoint))


def route_of(app: Flask, endpoint: str | None) -> Route | None:
    by_endpoint: Mapping[str, Route] = app.extensions.get(EXTENSION, {})
    return by_endpoint.get(endpoint or "")
