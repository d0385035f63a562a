"""The shape of what a mail program is told that unsubscribes its reader."""

from __future__ import annotations

from marshmallow import fields

from shared.web.schema import Schema


class ChoiceView(Schema):
    opted_out = fields.Boolean(required=True)
