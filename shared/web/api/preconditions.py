"""Checks `If-Match` and `If-None-Match` against the version of an aggregate.

A change by PUT or PATCH must name the version its caller has seen: 428 without, 412 when the object has moved on. The
version is read in the transaction of the change, so two callers with the same version cannot both succeed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from flask import Request, Response

from shared.domain.errors import StaleVersion
from shared.kernel.errors import Fault
from shared.web.answer import OF_GZIP, version_in
from shared.web.errors import Malformed, NotAcceptable, PreconditionRequired

_ETAG: Final = re.compile(r'\s*(W/)?"([\x21\x23-\x7e]*)"\s*')
ANY: Final = "*"


def expected_tags(request: Request, *, required: bool) -> frozenset[str] | None:
    """Return the versions that `If-Match` accepts; None when any version will do."""
    header = request.headers.get("If-Match")
    if header is None:
        if required:
            raise PreconditionRequired
        return None
    if header.strip() == ANY:
        return None
    matches = [_ETAG.fullmatch(part) for part in header.split(",")]
    if not all(matches):
        raise Malformed(errors=[Fault("etag", header="If-Match")])
    # a weak tag never matches strongly (RFC 9110, 13.1.1)
    return frozenset(version_in(match[2]) for match in matches if match and not match[1])


def require_tag(current: Any, expected: frozenset[str]) -> None:
    if str(getattr(current, "version", None)) not in expected:
        raise StaleVersion(type(current).__name__, getattr(current, "id", None))


def require_acceptable(request: Request, *given: str) -> None:
    """Refuse a caller who takes nothing that the operation gives (RFC 9110, 12.5.1), before anything is done."""
    wanted = request.accept_mimetypes
    if given and wanted and not any(wanted.quality(media_type) for media_type in given):
        raise NotAcceptable(", ".join(given))


def best_format(request: Request, formats: Mapping[str, str]) -> str:
    """Return the name of the format that the caller likes best (RFC 9110, 12.5.1), the usual one of several alike."""
    best = request.accept_mimetypes.best_match(formats.values())
    return next((name for name, media_type in formats.items() if media_type == best), next(iter(formats)))


def tagged(request: Request, response: Response) -> Response:
    """Mark a file by its content, and leave it out for a caller who has it."""
    response.set_etag(sha256(response.get_data()).hexdigest()[:32])
    if not unchanged(request, response.headers["ETag"]):
        return response
    kept = {name: value for name, value in response.headers.items() if name not in ("Content-Type", "Content-Length")}
    return Response(status=304, headers=kept)


def unchanged(request: Request, etag: str | None) -> bool:
    """Return whether the caller already has this representation (304)."""
    if etag is None:
        return False
    known = request.if_none_match
    return known.contains_weak(etag.strip('"')) or known.contains_weak(f"{etag.strip(chr(34))}{OF_GZIP}")
