"""The shapes of notifications' requests and answers. Addresses and texts of letters are not among them."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.notifications.links import PURPOSES
from shared.web.fields import Choice, Identifier, Moment
from shared.web.views import AggregateView


class LetterView(AggregateView):
    template = fields.String(required=True)
    state = fields.String(required=True)
    recipient_id = Identifier(required=True)
    cause_id = Identifier(required=True)
    correlation_id = Identifier(required=True)
    language = fields.String(allow_none=True)
    tries = fields.Integer(required=True)
    sent_at = Moment(allow_none=True)
    reason = fields.String(allow_none=True)


class IssueLink(Schema):
    purpose = Choice(*PURPOSES, required=True)
    subject_id = Identifier(required=True)
    object_id = Identifier(required=True)


class IssuedLinkView(Schema):
    link = fields.String(required=True)
    expires_at = Moment(required=True)


class KeyView(Schema):
    kty = fields.String(required=True)
    crv = fields.String(required=True)
    x = fields.String(required=True)
    kid = fields.String(required=True)
    use = fields.String(required=True)
    alg = fields.String(required=True)


class KeysView(Schema):
    """A JWKS (RFC 7517)."""

    keys = fields.List(fields.Nested(KeyView), required=True)
