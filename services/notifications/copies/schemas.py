"""The shape of what a letter said."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.notifications.copies.labels import FIELDS
from shared.web.schema import View


class HeaderView(View):
    LABELS = FIELDS

    name = fields.String(required=True)
    value = fields.String(required=True)


class ContentView(View):
    LABELS = FIELDS

    headers = fields.List(fields.Nested(HeaderView), required=True)
    text = fields.String(required=True)
    html = fields.String(required=True)


def written(headers: list[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in headers]
