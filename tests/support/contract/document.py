"""An OpenAPI document as a judge of answers: what is wrong with one, in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

METHODS: Final = ("get", "post", "put", "patch", "delete")
# what may happen to any request, so that no operation names it: another host, our own error
UNSAID: Final = ("421", "500")
# headers that a client acts upon: sent only where they are described
TOLD: Final = ("ETag", "Location", "Retry-After", "Link", "Idempotent-Replayed", "WWW-Authenticate")
_ADDRESS: Final = "urn:document"
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
FORMATS: Final = FormatChecker(("date", "uuid", "email"))


@FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or bool(_MOMENT.fullmatch(value) and datetime.fromisoformat(value))


@FORMATS.checks("uri-reference")
def _is_reference(value: object) -> bool:
    return not isinstance(value, str) or not re.search(r"[\s<>\"{}|\\^`]", value)


class Document:
    """A document, whose schemas are compiled when an answer needs them."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.content = document
        resource: Resource[Any] = Resource(contents=document, specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(_ADDRESS, resource)
        self._paths = sorted(
            ((_pattern(path, one), path) for path in document["paths"] for one in ("[^/]+", ".+")),
            key=lambda known: (known[0].pattern.count(".+"), known[1].count("{")),
        )
        self.validator = cache(self._validator)

    def path_of(self, address: str) -> str | None:
        """The path of the document that an address belongs to, the one with the fewest parameters."""
        return next((path for pattern, path in self._paths if pattern.fullmatch(address)), None)

    def faults(  # noqa: PLR0911 - one for each thing that can be wrong
        self, path: str, method: str, status: int, headers: Mapping[str, str], body: bytes | None
    ) -> list[str]:
        """What is wrong with an answer; `body` is None where it is not looked at."""
        operation = self.content["paths"].get(path, {}).get("get" if method == "HEAD" else method.lower())
        if operation is None:
            return []  # no operation: the boundary refuses it
        answers = operation["responses"]
        if str(status) not in answers and not (str(status) in UNSAID and "default" in answers):
            return [f"{status} is not described"]
        place, answer = self._resolved(answers[str(status)] if str(status) in answers else answers["default"])
        faults = [*self._wrong_headers(answer, headers)]
        content = answer.get("content", {})
        media_type = headers.get("Content-Type", "").split(";")[0].strip()
        if method == "HEAD" or (body is None and not content):
            return faults
        if not content:
            return [*faults, *([f"a body of {len(body or b'')} bytes is not described"] if body else [])]
        if media_type not in content:
            return [*faults, f"{media_type!r} is not described, but {sorted(content)}"]
        if not media_type.endswith("json") or body is None:
            return faults
        if place is None:
            place = _pointer("paths", path, method.lower(), "responses", str(status))
        where = place + _pointer("content", media_type, "schema")
        return [*faults, *(_told(error) for error in self.validator(where).iter_errors(json.loads(body)))]

    def _resolved(self, answer: Mapping[str, Any]) -> tuple[str | None, Mapping[str, Any]]:
        if "$ref" not in answer:
            return None, answer
        place = answer["$ref"].removeprefix("#")
        found: Any = self.content
        for part in place.split("/")[1:]:
            found = found[part]
        return place, found

    def _wrong_headers(self, answer: Mapping[str, Any], sent: Mapping[str, str]) -> Iterator[str]:
        described = answer.get("headers", {})
        for name, reference in described.items():
            _, header = self._resolved(reference)
            if name in sent:
                validator = Draft202012Validator(header["schema"], format_checker=FORMATS)
                value = int(sent[name]) if header["schema"].get("type") == "integer" else sent[name]
                yield from (f"header {name}: {_told(error)}" for error in validator.iter_errors(value))
            elif header.get("required"):
                yield f"header {name} is missing"
        yield from (f"header {name} is not described" for name in TOLD if name in sent and name not in described)

    def _validator(self, place: str) -> Draft202012Validator:
        schema = {"$ref": f"{_ADDRESS}#{place}"}
        return Draft202012Validator(schema, registry=self._registry, format_checker=FORMATS)


def _pattern(path: str, one: str) -> re.Pattern[str]:
    return re.compile(
        "".join(one if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", path))
    )


def _pointer(*parts: str) -> str:
    return "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in parts)


def _told(error: Any) -> str:
    """The innermost reason, without the value where it is long: `/items/0/venue: None is not of type 'string'`."""
    while error.context:
        error = min(error.context, key=lambda below: -len(below.absolute_path))
    return f"/{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
