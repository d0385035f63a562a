"""The shape of what a mail program is told that unsubscribes its reader."""

from __future__ import annotations

from marshmallow import fields

from shared.web.schema import View


class ChoiceView(View):
    opted_out = fields.Boolean(required=True)
