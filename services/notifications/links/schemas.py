"""The shape of the keys of links."""

from __future__ import annotations

from marshmallow import fields

from shared.web.schema import View


class KeyView(View):
    kty = fields.String(required=True)
    crv = fields.String(required=True)
    x = fields.String(required=True)
    kid = fields.String(required=True)
    use = fields.String(required=True)
    alg = fields.String(required=True)


class KeysView(View):
    """A JWKS (RFC 7517)."""

    keys = fields.List(fields.Nested(KeyView), required=True)
