"""The shapes of requests and answers about improvement plans."""

from __future__ import annotations

from marshmallow import fields

from services.consulting.catalogue.queries import require_module
from services.consulting.enterprises.queries import active_enterprise
from services.consulting.plans.labels import (
    ACTION_STATES,
    BASES,
    CODES,
    FIELDS,
    OWNERS,
    PARTIES,
    RHYTHMS,
    STATES,
    THEMES,
)
from services.consulting.plans.queries import require_carried_out
from shared.web.fields import Choice, Code, Identifier, IsoDate, Moment, Rupiah, Text, Whole
from shared.web.lists.views import AggregateView
from shared.web.schema import Schema, View

LONGEST_TEXT = 1_000
MOST_MEMBERS = 999


class StartPlan(Schema):
    LABELS = FIELDS
    CHECKS = ((active_enterprise, "enterprise_id"), (require_module, "module"))

    enterprise_id = Identifier(required=True)
    module = Code(required=True)
    trainer_id = Identifier(required=True)


class AssignPlan(Schema):
    LABELS = FIELDS

    trainer_id = Identifier(required=True)


class MembersSchema(Schema):
    LABELS = FIELDS

    women = Whole(required=True, most=MOST_MEMBERS)
    men = Whole(required=True, most=MOST_MEMBERS)


class FormTeam(Schema):
    LABELS = FIELDS

    managers = fields.Nested(MembersSchema, required=True)
    workers = fields.Nested(MembersSchema, required=True)
    rhythm = Choice(*RHYTHMS, required=True)
    formed_on = IsoDate(required=True)


class GiveAction(Schema):
    LABELS = FIELDS

    theme = Choice(*THEMES, required=True)
    text = Text(required=True, longest=LONGEST_TEXT, lines=True)
    owner_role = Choice(*OWNERS, required=True)
    due_on = IsoDate(required=True)
    cost = Rupiah(allow_none=True)
    effect = Text(longest=LONGEST_TEXT, lines=True, allow_none=True)


class ApprovePlan(Schema):
    LABELS = FIELDS

    party = Choice(*PARTIES, required=True)
    approved_on = IsoDate(required=True)


class CompleteAction(Schema):
    LABELS = FIELDS
    CHECKS = ((require_carried_out, "completed_on"),)

    completed_on = IsoDate(required=True)
    saving = Rupiah()
    basis = Choice(*BASES)


class MembersView(View):
    women = fields.Integer(required=True)
    men = fields.Integer(required=True)


class TeamView(View):
    managers = fields.Nested(MembersView, required=True)
    workers = fields.Nested(MembersView, required=True)
    rhythm = Choice(*RHYTHMS, required=True)
    formed_on = IsoDate(required=True)


class ActionView(View):
    id = Identifier(required=True)
    theme = Choice(*THEMES, required=True)
    text = fields.String(required=True)
    owner_role = Choice(*OWNERS, required=True)
    due_on = IsoDate(required=True)
    cost = Rupiah(allow_none=True)
    effect = fields.String(allow_none=True)
    state = Choice(*ACTION_STATES, required=True)
    completed_on = IsoDate(allow_none=True)
    saving = Rupiah(allow_none=True)
    basis = Choice(*BASES, allow_none=True)


class ApprovalView(View):
    party = Choice(*PARTIES, required=True)
    approved_on = IsoDate(required=True)
    entered_at = Moment(required=True)
    role = fields.String(required=True)


class PlanView(AggregateView):
    LABELS = FIELDS
    CODES = CODES

    enterprise_id = Identifier(required=True)
    module = fields.String(required=True)
    trainer_id = Identifier(required=True)
    provider_id = Identifier(required=True)
    team = fields.Nested(TeamView, allow_none=True)
    actions = fields.List(fields.Nested(ActionView), required=True)
    approvals = fields.List(fields.Nested(ApprovalView), required=True)
    next_due_on = IsoDate(allow_none=True)
    state = Choice(*STATES, required=True)
