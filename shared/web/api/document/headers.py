"""Describes the headers by which a client goes on: where a thing is, which version it is, when to ask again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

Header = Mapping[str, Any]


def _header(description: str, *, required: bool = False, **schema: Any) -> Header:
    return {"description": description, "required": required, "schema": {"type": "string", **schema}}


_SECONDS: Final = _header("Seconds to wait before asking again", type="integer", minimum=0)
HEADERS: Final[Mapping[str, Header]] = {
    "ETag": _header(
        "The version of the object, for `If-Match` and `If-None-Match`", required=True, pattern='^"[^"]+"$'
    ),
    "MaybeETag": _header("The version of the object that was changed", pattern='^"[^"]+"$'),
    "Location": _header("Where the object is read", required=True, format="uri-reference"),
    "Link": _header("The next page, with `rel=next` (RFC 8288); missing on the last", pattern="^<.+>; rel="),
    "IdempotentReplayed": _header("The answer was given before, to the same `Idempotency-Key`", const="true"),
    "RetryAfter": {**_SECONDS, "required": True},
    "MaybeRetryAfter": _SECONDS,
    "RateLimitLimit": _header("How many requests the caller has in a period", type="integer", minimum=1),
    "RateLimitRemaining": _header("How many of them are left", type="integer", minimum=0),
    "RateLimitReset": _header("Seconds until the next period begins", type="integer", minimum=1),
    "Vary": _header("The headers of a request on which the answer depends"),
    "ContentEncoding": _header("`gzip` where the caller takes it and the answer is long enough", const="gzip"),
    "Challenge": _header("How to prove who is calling", required=True),
}
ETAG, MAYBE_ETAG = {"ETag": "ETag"}, {"ETag": "MaybeETag"}
LOCATION, LINK = {"Location": "Location"}, {"Link": "Link"}
REPLAYED = {"Idempotent-Replayed": "IdempotentReplayed"}
# what any answer may say
OF_EVERY_ANSWER: Final[Mapping[str, str]] = {
    "RateLimit-Limit": "RateLimitLimit",
    "RateLimit-Remaining": "RateLimitRemaining",
    "RateLimit-Reset": "RateLimitReset",
    "Vary": "Vary",
    "Content-Encoding": "ContentEncoding",
}
# what a refusal says beside its body, by its status
OF_REFUSALS: Final[Mapping[int, Mapping[str, str]]] = {
    401: {"WWW-Authenticate": "Challenge"},
    409: {"Retry-After": "MaybeRetryAfter"},
    410: LOCATION,
    429: {"Retry-After": "RetryAfter"},
    503: {"Retry-After": "RetryAfter"},
}


def references(names: Mapping[str, str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{component}"} for name, component in names.items()}
