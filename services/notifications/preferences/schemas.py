"""The shapes of a recipient's choice: what a mail program is told that unsubscribes its reader, and what the page takes."""

from __future__ import annotations

from marshmallow import fields

from services.notifications.preferences.labels import FIELDS
from services.notifications.preferences.topics import TOPICS
from shared.reference.languages import LANGUAGES
from shared.web.fields import Choice
from shared.web.schema import Schema, View


class ChoiceView(View):
    opted_out = fields.Boolean(required=True)


class ChooseLetters(Schema):
    LABELS = FIELDS

    topics = fields.List(Choice(*TOPICS), load_default=list)
    language = Choice(*LANGUAGES, load_default=None, allow_none=True)
