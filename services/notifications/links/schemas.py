"""The shapes of links and of their keys."""

from __future__ import annotations

from marshmallow import fields

from services.notifications.links.model import PURPOSES
from shared.web.fields import Choice, Identifier, Moment
from shared.web.schema import Schema


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
