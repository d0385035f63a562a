"""The shapes of requests and answers about institutions, the module catalogue and enterprises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast, get_args

from marshmallow import ValidationError, fields

from services.enrollment.enterprises.errors import NIB_FORM, NPWP_FORM
from services.enrollment.enterprises.labels import CODES, FIELDS, STATES
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.rules import Basis
from services.enrollment.fields import LANGUAGES
from services.enrollment.identifiers import Unreadable, nib_of, npwp_digits
from services.enrollment.institutions.queries import acting_provider
from services.enrollment.tax_numbers.keys import tax_number_keys
from services.enrollment.tax_numbers.model import shown_number
from shared.contracts import values
from shared.reference.sectors import SECTORS
from shared.web.fields import Choice, Email, ExternalId, Identifier, IsoDate, Phone, Province, Rupiah, Text, Whole
from shared.web.lists.plain_rows import PlainRow
from shared.web.lists.views import AggregateView, RowView
from shared.web.schema import Patch, Readable, Regexp, Schema, View

LEGAL_FORMS = ("PT", "CV", "UD", "Koperasi", "Firma", "Yayasan", "perorangan")


KBLI = r"^\d{5}$"

KBLI_VERSIONS = ("2015", "2020", "2025")

SIZE_SOURCES = ("owner_statement", "financial_statement", "tax_return", "licence", "other")

SCREENING_REASONS = ("not_operating", "no_owner_support", "outside_sectors", "unsafe_site", "duplicate", "other")

OVERRIDE_REASONS = ("partner_agreement", "cluster_member", "supplier_of_lead_buyer", "pilot", "other")

WITHDRAWAL_REASONS = ("no_time", "cost", "closed", "not_satisfied", "moved", "other")

DISTINCT_REASONS = ("namesake", "same_owner", "branch", "other")

MERGE_REASONS = ("registered_twice", "taken_over", "entered_in_error", "other")


NIB_TEXT: Final[Mapping[str, Any]] = {
    "longest": 32,
    "validate": Readable(nib_of, NIB_FORM),
    "metadata": {"description": "13 digits"},
}
NPWP_TEXT: Final[Mapping[str, Any]] = {
    "longest": 32,
    "validate": Readable(npwp_digits, NPWP_FORM),
    "metadata": {"description": "15 or 16 digits; separators are allowed"},
}


class Nib(Text):
    """A NIB as it is stored; as a filter with separators too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**NIB_TEXT, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return nib_of(text)
        except Unreadable:
            raise ValidationError([NIB_FORM]) from None


class PersonsSchema(RowView):
    women = Whole(required=True)
    men = Whole(required=True)


class ContactSchema(Schema):
    name = Text(required=True)
    email = Email()
    phone = Phone()
    address = Text()
    language = Choice(*LANGUAGES, load_default="id")


class PersonsChangesSchema(Patch):
    women = Whole()
    men = Whole()


class ContactChangesSchema(Patch):
    name = Text()
    email = Email(allow_none=True)
    phone = Phone(allow_none=True)
    address = Text(allow_none=True)
    language = Choice(*LANGUAGES)


class ContactView(RowView):
    name = Text(required=True, allow_none=True)
    email = Email()
    phone = Phone()
    address = Text()
    language = Choice(*LANGUAGES, required=True)


class DescribeEnterprise(Schema):
    """What sign-up and correction have in common. Sales and capital give the size class and are not kept."""

    LABELS = FIELDS

    external_id = ExternalId()
    nib = Text(**NIB_TEXT)
    npwp = Text(**NPWP_TEXT)
    place = Text()
    kbli = fields.String(validate=Regexp(KBLI), metadata={"example": "14111"})
    kbli_version = Choice(*KBLI_VERSIONS)
    size_class = Choice(*get_args(values.SizeClass))
    annual_sales = Rupiah()
    capital = Rupiah(metadata={"description": "Without land and buildings"})
    size_source = Choice(*SIZE_SOURCES)
    confirm_distinct = Choice(*DISTINCT_REASONS)


class FillInCorrection(DescribeEnterprise, Patch):
    """A correction as its form sends it: an emptied box clears, but that of the tax number, which may not be shown whole."""

    name = Text()
    legal_form = Choice(*LEGAL_FORMS)
    external_id = ExternalId(allow_none=True)
    nib = Text(**NIB_TEXT, allow_none=True)
    province = Province()
    place = Text(allow_none=True)
    sector = Choice(*SECTORS)
    kbli = fields.String(validate=Regexp(KBLI), metadata={"example": "14111"}, allow_none=True)
    kbli_version = Choice(*KBLI_VERSIONS, allow_none=True)
    size_class = Choice(*get_args(values.SizeClass), allow_none=True)
    size_source = Choice(*SIZE_SOURCES, allow_none=True)
    headcount = fields.Nested(PersonsChangesSchema)
    contact = fields.Nested(ContactChangesSchema)
    delivery_mode = Choice(*get_args(values.DeliveryMode))


class CorrectEnterprise(FillInCorrection):
    """A correction: what is left out stays as it is, null clears."""

    npwp = Text(**NPWP_TEXT, allow_none=True)


class RegisterEnterprise(DescribeEnterprise):
    """`confirm_distinct` says why it is not one of the candidates that a first attempt was answered with."""

    CHECKS = ((acting_provider, "provider_id"),)
    FILLED_IN = ("provider_id",)

    name = Text(required=True)
    legal_form = Choice(*LEGAL_FORMS, required=True)
    province = Province(required=True)
    sector = Choice(*SECTORS, required=True)
    headcount = fields.Nested(PersonsSchema, required=True)
    contact = fields.Nested(ContactSchema, required=True)
    provider_id = Identifier()
    delivery_mode = Choice(*get_args(values.DeliveryMode), load_default="direct")


class FindEnterprises(Schema):
    LABELS = FIELDS

    npwp = Text(**NPWP_TEXT)
    nib = Text(**NIB_TEXT)


class ScreeningView(View):
    screened_on = IsoDate(required=True)
    result = Choice("eligible", "ineligible", "override", required=True)
    reasons = fields.List(fields.String(), required=True)
    override = Choice(*OVERRIDE_REASONS)


class CommitmentView(View):
    signed_on = IsoDate(required=True)
    letter_id = Identifier()
    enterprise_share_percent = fields.Integer()


class PlannedView(View):
    module = fields.String(required=True)
    module_version = fields.Integer(required=True)
    journey_id = Identifier(required=True)


class WithdrawalView(View):
    stage = Choice(*get_args(values.WithdrawalStage), required=True)
    reason = Choice(*WITHDRAWAL_REASONS, required=True)
    withdrawn_on = IsoDate(required=True)


class TaxNumberView(View):
    npwp = fields.String(required=True, metadata={"description": "Every digit; that it was read is recorded"})


class EnterpriseView(AggregateView):
    """An individual's tax number is shown by its last digits only."""

    LABELS = FIELDS
    CODES = CODES

    name = fields.String(required=True)
    legal_form = Choice(*LEGAL_FORMS, required=True)
    external_id = ExternalId()
    nib = Nib()
    npwp = fields.String(attribute="shown_npwp")
    province = Province(required=True)
    place = fields.String()
    sector = Choice(*SECTORS, required=True)
    kbli = fields.String()
    kbli_version = Choice(*KBLI_VERSIONS)
    size_class = Choice(*get_args(values.SizeClass))
    size_basis = Choice(*get_args(Basis))
    size_source = Choice(*SIZE_SOURCES)
    headcount = fields.Nested(PersonsSchema, required=True)
    contact = fields.Nested(ContactView, required=True)
    provider_id = Identifier(required=True)
    delivery_mode = Choice(*get_args(values.DeliveryMode), required=True)
    state = Choice(*STATES, required=True)
    screening = fields.Nested(ScreeningView)
    commitment = fields.Nested(CommitmentView)
    plan = fields.List(fields.Nested(PlannedView), required=True)
    enrolled_on = IsoDate()
    graduated_on = IsoDate()
    withdrawal = fields.Nested(WithdrawalView)
    aliases = fields.List(Identifier(), required=True)
    merged_into = Identifier()
    merge_reason = Choice(*MERGE_REASONS)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read an individual's tax number by its end only, and everything else as it is."""
        if attr == "shown_npwp" and isinstance(obj, Enterprise | PlainRow):
            return shown_number(cast("Enterprise", obj), tax_number_keys())
        return super().get_attribute(obj, attr, default)


class FoundEnterprises(View):
    items = fields.List(fields.Nested(EnterpriseView), required=True)
