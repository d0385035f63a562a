"""The shapes of requests and answers about institutions, the module catalogue and enterprises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from marshmallow import Schema, ValidationError, fields, validate

from services.enrollment import institution
from services.enrollment.identifiers import Unreadable, phone_of
from shared.contracts import values
from shared.web.fields import (
    Choice,
    Code,
    Email,
    Identifier,
    IsoDate,
    LocalizedName,
    Moment,
    Phone,
    Province,
    Rupiah,
    Text,
    Whole,
)
from shared.web.views import AggregateView, RowView

LEGAL_FORMS = ("PT", "CV", "UD", "Koperasi", "Firma", "Yayasan", "perorangan")
SECTORS = ("food_and_beverage", "automotive", "metal", "handicrafts", "garments", "other")
ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")
LANGUAGES = get_args(values.Language)
KBLI_VERSIONS = ("2015", "2020", "2025")
SIZE_SOURCES = ("owner_statement", "financial_statement", "tax_return", "licence", "other")
SCREENING_REASONS = ("not_operating", "no_owner_support", "outside_sectors", "unsafe_site", "duplicate", "other")
OVERRIDE_REASONS = ("partner_agreement", "cluster_member", "supplier_of_lead_buyer", "pilot", "other")
WITHDRAWAL_REASONS = ("no_time", "cost", "closed", "not_satisfied", "moved", "other")
DISTINCT_REASONS = ("namesake", "same_owner", "branch", "other")
MERGE_REASONS = ("registered_twice", "taken_over", "entered_in_error", "other")
LONGEST_PLAN = 20
MOST_CONTACTS = 20


class LocalPhone(Phone):
    """A phone number, written internationally or as within Indonesia; taken as E.164."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return phone_of(text)
        except Unreadable:
            raise ValidationError("String does not match expected pattern.") from None


class NewInstitutionContact(Schema):
    name = Text(required=True)
    roles = fields.List(
        Choice(*institution.ROLES), required=True, validate=validate.Length(min=1, max=len(institution.ROLES))
    )
    email = Email()
    phone = LocalPhone()
    language = Choice(*LANGUAGES, load_default="id")


class InstitutionContactSchema(NewInstitutionContact):
    contact_id = Identifier()


def _several(inner: fields.Field[Any], most: int) -> fields.List[Any]:
    return fields.List(inner, validate=validate.Length(max=most))


class RegisterInstitution(Schema):
    kind = Choice(*get_args(values.InstitutionKind), required=True)
    name = Text(required=True)
    province = Province(required=True)
    provinces = _several(Province(), 38)
    language = Choice(*LANGUAGES, load_default="id")
    languages = _several(Choice(*LANGUAGES), len(LANGUAGES))
    email = Email()
    phone = LocalPhone()
    contacts = _several(fields.Nested(NewInstitutionContact), MOST_CONTACTS)


class CorrectInstitution(Schema):
    """What is left out stays as it is; `contacts` replaces all of them, each kept by its `contact_id`."""

    name = Text()
    provinces = _several(Province(), 38)
    language = Choice(*LANGUAGES)
    languages = _several(Choice(*LANGUAGES), len(LANGUAGES))
    email = Email()
    phone = LocalPhone()
    contacts = _several(fields.Nested(InstitutionContactSchema), MOST_CONTACTS)


class InstitutionView(AggregateView):
    kind = fields.String(required=True)
    name = fields.String(required=True)
    province = fields.String(required=True)
    provinces = fields.List(fields.String(), required=True)
    language = fields.String(required=True)
    languages = fields.List(fields.String(), required=True)
    state = fields.String(required=True)


class InstitutionRecordView(InstitutionView):
    """With the people to write to."""

    email = fields.String()
    phone = fields.String()
    contacts = fields.List(fields.Nested(InstitutionContactSchema), required=True)


class SuspendInstitution(Schema):
    reason = Code(required=True)


class PublishModuleVersion(Schema):
    module = Code(required=True, longest=16)
    number = Whole(least=1, most=1_000)
    names = LocalizedName(required=True)
    classroom_days = Whole(required=True, least=1, most=30)
    required_visits = Whole(required=True, most=30)
    prerequisites = fields.List(Code(longest=16), load_default=list, validate=validate.Length(max=LONGEST_PLAN))
    valid_from = IsoDate(required=True)


class ModuleVersionView(AggregateView):
    module = fields.String(required=True)
    number = fields.Integer(required=True)
    names = LocalizedName(required=True)
    classroom_days = fields.Integer(required=True)
    required_visits = fields.Integer(required=True)
    prerequisites = fields.List(fields.String(), required=True)
    valid_from = IsoDate(required=True)


class PersonsSchema(RowView):
    women = Whole(required=True)
    men = Whole(required=True)


class ContactSchema(RowView):
    name = Text(required=True)
    email = Email()
    phone = LocalPhone()
    language = Choice(*LANGUAGES, load_default="id")


class CorrectEnterprise(Schema):
    """What is left out stays as it is. Sales and capital give the size class and are not kept."""

    name = Text()
    legal_form = Choice(*LEGAL_FORMS)
    nib = Text(longest=32, metadata={"description": "13 digits"})
    npwp = Text(longest=32, metadata={"description": "15 or 16 digits; separators are allowed"})
    province = Province()
    place = Text()
    sector = Choice(*SECTORS)
    kbli = fields.String(validate=validate.Regexp(r"^\d{5}$"))
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


class ScreenEnterprise(Schema):
    screened_on = IsoDate(required=True)
    reasons = fields.List(Choice(*SCREENING_REASONS), load_default=list, validate=validate.Length(max=6))


class OverrideScreening(Schema):
    reason = Choice(*OVERRIDE_REASONS, required=True)


class LetterView(Schema):
    id = Identifier(required=True)
    digest = fields.String(required=True, metadata={"description": "SHA-256 of the content"})
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    uploaded_at = Moment(required=True)


class CommitEnterprise(Schema):
    signed_on = IsoDate(required=True)
    letter_id = Identifier()
    plan = fields.List(Code(longest=16), required=True, validate=validate.Length(min=1, max=LONGEST_PLAN))
    enterprise_share_percent = Whole(most=100)


class EnrollEnterprise(Schema):
    enrolled_on = IsoDate()


class WithdrawEnterprise(Schema):
    reason = Choice(*WITHDRAWAL_REASONS, required=True)


class ChangeProvider(Schema):
    provider_id = Identifier(required=True)
    delivery_mode = Choice(*get_args(values.DeliveryMode))


class MergeEnterprises(Schema):
    kept_id = Identifier(required=True)
    reason = Choice(*MERGE_REASONS, required=True)


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
