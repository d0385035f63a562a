"""The shapes of requests and answers about institutions, the module catalogue and enterprises."""

from __future__ import annotations

from typing import Any, cast, get_args

from marshmallow import fields

from services.enrollment.enterprises.errors import NIB_FORM, NPWP_FORM
from services.enrollment.enterprises.labels import FIELDS
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.fields import LANGUAGES, LocalPhone
from services.enrollment.identifiers import nib_of, npwp_digits
from services.enrollment.tax_numbers.keys import tax_number_keys
from services.enrollment.tax_numbers.model import shown_number
from shared.contracts import values
from shared.reference.sectors import SECTORS
from shared.web.fields import Choice, Email, Identifier, IsoDate, Province, Rupiah, Text, Whole
from shared.web.lists.plain_rows import PlainRow
from shared.web.lists.views import AggregateView, RowView
from shared.web.schema import Readable, Regexp, Schema

LEGAL_FORMS = ("PT", "CV", "UD", "Koperasi", "Firma", "Yayasan", "perorangan")


KBLI_VERSIONS = ("2015", "2020", "2025")

SIZE_SOURCES = ("owner_statement", "financial_statement", "tax_return", "licence", "other")

SCREENING_REASONS = ("not_operating", "no_owner_support", "outside_sectors", "unsafe_site", "duplicate", "other")

OVERRIDE_REASONS = ("partner_agreement", "cluster_member", "supplier_of_lead_buyer", "pilot", "other")

WITHDRAWAL_REASONS = ("no_time", "cost", "closed", "not_satisfied", "moved", "other")

DISTINCT_REASONS = ("namesake", "same_owner", "branch", "other")

MERGE_REASONS = ("registered_twice", "taken_over", "entered_in_error", "other")


class PersonsSchema(RowView):
    women = Whole(required=True)
    men = Whole(required=True)


class ContactSchema(RowView):
    name = Text(required=True)
    email = Email()
    phone = LocalPhone()
    address = Text()
    language = Choice(*LANGUAGES, load_default="id")


class CorrectEnterprise(Schema):
    """A correction: what is left out stays as it is. Sales and capital give the size class and are not kept."""

    LABELS = FIELDS

    name = Text()
    legal_form = Choice(*LEGAL_FORMS)
    nib = Text(longest=32, validate=Readable(nib_of, NIB_FORM), metadata={"description": "13 digits"})
    npwp = Text(
        longest=32,
        validate=Readable(npwp_digits, NPWP_FORM),
        metadata={"description": "15 or 16 digits; separators are allowed"},
    )
    province = Province()
    place = Text()
    sector = Choice(*SECTORS)
    kbli = fields.String(validate=Regexp(r"^\d{5}$"))
    kbli_version = Choice(*KBLI_VERSIONS)
    size_class = Choice(*get_args(values.SizeClass))
    annual_sales = Rupiah()
    capital = Rupiah(metadata={"description": "Without land and buildings"})
    size_source = Choice(*SIZE_SOURCES)
    headcount = fields.Nested(PersonsSchema)
    contact = fields.Nested(ContactSchema)
    delivery_mode = Choice(*get_args(values.DeliveryMode))
    confirm_distinct = Choice(*DISTINCT_REASONS)


class RegisterEnterprise(CorrectEnterprise):
    """`confirm_distinct` says why it is not one of the candidates that a first attempt was answered with."""

    name = Text(required=True)
    legal_form = Choice(*LEGAL_FORMS, required=True)
    province = Province(required=True)
    sector = Choice(*SECTORS, required=True)
    headcount = fields.Nested(PersonsSchema, required=True)
    contact = fields.Nested(ContactSchema, required=True)
    provider_id = Identifier()
    delivery_mode = Choice(*get_args(values.DeliveryMode), load_default="direct")


class ScreeningView(Schema):
    screened_on = IsoDate(required=True)
    result = fields.String(required=True)
    reasons = fields.List(fields.String(), required=True)
    override = fields.String()


class CommitmentView(Schema):
    signed_on = IsoDate(required=True)
    letter_id = Identifier()
    enterprise_share_percent = fields.Integer()


class PlannedView(Schema):
    module = fields.String(required=True)
    module_version = fields.Integer(required=True)
    journey_id = Identifier(required=True)


class WithdrawalView(Schema):
    stage = fields.String(required=True)
    reason = fields.String(required=True)
    withdrawn_on = IsoDate(required=True)


class TaxNumberView(Schema):
    npwp = fields.String(required=True, metadata={"description": "Every digit; that it was read is recorded"})


class EnterpriseView(AggregateView):
    """An individual's tax number is shown by its last digits only."""

    LABELS = FIELDS

    name = fields.String(required=True)
    legal_form = fields.String(required=True)
    nib = fields.String()
    npwp = fields.String(attribute="shown_npwp")
    province = fields.String(required=True)
    place = fields.String()
    sector = fields.String(required=True)
    kbli = fields.String()
    kbli_version = fields.String()
    size_class = fields.String()
    size_basis = fields.String()
    size_source = fields.String()
    headcount = fields.Nested(PersonsSchema, required=True)
    contact = fields.Nested(ContactSchema, required=True)
    provider_id = Identifier(required=True)
    delivery_mode = fields.String(required=True)
    state = fields.String(required=True)
    screening = fields.Nested(ScreeningView)
    commitment = fields.Nested(CommitmentView)
    plan = fields.List(fields.Nested(PlannedView), required=True)
    enrolled_on = IsoDate()
    graduated_on = IsoDate()
    withdrawal = fields.Nested(WithdrawalView)
    aliases = fields.List(Identifier(), required=True)
    merged_into = Identifier()
    merge_reason = fields.String()

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read an individual's tax number by its end only, and everything else as it is."""
        if attr == "shown_npwp" and isinstance(obj, Enterprise | PlainRow):
            return shown_number(cast("Enterprise", obj), tax_number_keys())
        return super().get_attribute(obj, attr, default)
