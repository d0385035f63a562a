"""Row scope, enforced below the handlers: `objects` of a scoped document is already limited to what the principal may see.

A document says in `row_scope` which rows a principal sees (a filter; `{}` is all, `None` is none). Without a principal in
the context a query cannot be built at all, unless the scope is lifted for a reason. The system principal, under which
handlers run, sees everything. The query set also rewrites compiled regular expressions, for which the embedded store
returns no rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeAlias

import mongoengine

from shared.kernel.context import current_principal, sees_everything, unscoped
from shared.kernel.principal import Principal

Scope: TypeAlias = dict[str, Any]  # a filter over stored fields: `{}` is every row

SEES_ALL = frozenset({"programme", "auditor"})
BOUND_TO = {
    "provider": "institution",
    "finance": "institution",
    "trainer": "trainer",
    "enterprise": "enterprise",
    "sponsor": "sponsor",
}
NOTHING: Scope = {"_id": {"$exists": False}}
_FLAGS = ((re.IGNORECASE, "i"), (re.MULTILINE, "m"), (re.DOTALL, "s"), (re.VERBOSE, "x"))


class ScopedQuerySet(mongoengine.QuerySet):  # type: ignore[misc]
    """A query set that carries the scope of the principal it was made for."""

    def __init__(self, document: Any, collection: Any) -> None:
        super().__init__(document, collection)
        self._scope = scope_of(document)

    def _clone_into(self, new_qs: Any) -> Any:
        clone = super()._clone_into(new_qs)
        clone._scope = self._scope  # noqa: SLF001
        return clone

    def in_bulk(self, object_ids: Iterable[Any]) -> dict[Any, Any]:
        """Return the rows with these ids that are within the scope; mongoengine's own goes around `_query`."""
        return {row.pk: row for row in self.filter(pk__in=list(object_ids))}

    @property
    def _query(self) -> Scope:
        query = _without_compiled_patterns(super()._query)
        if not self._scope or not query:
            return self._scope or query
        return within(self._scope, query)


def within(scope: Scope, query: Scope) -> Scope:
    """Join both conditions. The embedded store reads by the first one that an index serves and by none inside `$and`:
    an id stands first, since one row is less than all of the caller's.
    """
    if any(scope[name] != query[name] for name in scope.keys() & query.keys()):
        return {"$and": [scope, query]}
    return {**query, **scope} if "_id" in query else {**scope, **query}


def rows_for(principal: Principal, **fields: str) -> Scope | None:
    """Make the usual scope: programme and auditor see all rows; each role named here those whose field holds the id that its
    token is bound to; everybody else none. `rows_for(principal, provider="provider_id", enterprise="_id")`."""
    if principal.role in SEES_ALL:
        return {}
    field = fields.get(principal.role)
    bound = getattr(principal, BOUND_TO.get(principal.role, ""), None)
    return {field: bound} if field and bound else None


def rows_through(field: str, document: Any, **held: object) -> Scope | None:
    """Make the scope of rows that follow another document's: those whose `field` holds the id of one that is `held` so.

    `rows_through("enterprise_id", Enterprise, trainer_ids=principal.trainer)`."""
    with unscoped("a scope is made of the rows that it rests on, whoever may read those"):
        ids = [row.id for row in document.objects(**held).only("id")]
    return {field: {"$in": ids}} if ids else None


def scope_of(document: Any) -> Scope:
    if sees_everything():
        return {}
    scope = document.row_scope(current_principal())
    return NOTHING if scope is None else scope


def _without_compiled_patterns(value: Any) -> Any:
    if isinstance(value, re.Pattern):
        return {"$regex": value.pattern, "$options": "".join(letter for flag, letter in _FLAGS if value.flags & flag)}
    if isinstance(value, dict):
        return {key: _without_compiled_patterns(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_compiled_patterns(item) for item in value]
    return value
