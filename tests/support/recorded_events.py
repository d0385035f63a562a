"""The events that an aggregate has recorded."""

from __future__ import annotations

from typing import Any


def said(aggregate: Any, kind: type[Any]) -> list[Any]:
    return [event for event in aggregate._events if isinstance(event, kind)]
