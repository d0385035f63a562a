"""What enrollment can be asked about enterprises: sign-up, correction, another provider, merging, graduation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.enrollment.duplicates.matching import claims_of
from services.enrollment.duplicates.sign_up_claim import claim
from services.enrollment.enterprises.duplicate_check import Entered, refuse_duplicates
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.rules import stored_values
from services.enrollment.institutions.model import Institution
from services.enrollment.institutions.queries import acting_provider
from services.enrollment.tax_numbers.model import number_of
from shared.domain.errors import NotFound
from shared.kernel.context import seeing_everything
from shared.messaging.outbox.parties import publish_party
from shared.storage.transaction import transactional
from shared.web import idempotency


@dataclass(slots=True)
class SignUps:
    """What signing up many in one transaction looks up once: providers, and who came before in this transaction."""

    providers: dict[UUID | None, Institution] = field(default_factory=dict)
    entered: Entered = field(default_factory=Entered)

    def provider(self, provider_id: UUID | None) -> Institution:
        if provider_id not in self.providers:
            self.providers[provider_id] = acting_provider(provider_id)
        return self.providers[provider_id]


@transactional
def register_enterprise(
    *,
    provider_id: UUID | None = None,
    confirm_distinct: str | None = None,
    among: SignUps | None = None,
    **described: Any,
) -> Enterprise:
    """An enterprise signs up with a provider: the caller's own institution, or the one the programme names.

    Refused where it is probably registered already, unless `confirm_distinct` says why it is another one. `among` are
    the others of the same transaction.
    """
    among = among or SignUps()
    provider = among.provider(provider_id)
    values = stored_values(described, legal_form=described["legal_form"])
    enterprise = Enterprise(**values, provider_id=provider.id, distinct_reason=confirm_distinct)
    refuse_duplicates(enterprise, confirmed=confirm_distinct is not None, entered=among.entered)
    enterprise.register()
    claim(enterprise.id, claims_of(enterprise.described))
    among.entered.add(enterprise)
    enterprise.insert()
    publish_party(enterprise.party(), new=True)
    return enterprise


@transactional
def correct_enterprise(enterprise_id: UUID, *, confirm_distinct: str | None = None, **changes: Any) -> Enterprise:
    """What is given takes the place of what was there."""
    enterprise = Enterprise.get(enterprise_id)
    before = enterprise.described
    enterprise.correct(stored_values(changes, legal_form=changes.get("legal_form") or enterprise.legal_form))
    if enterprise.described != before:
        refuse_duplicates(enterprise, confirmed=confirm_distinct is not None)
        claim(enterprise.id, claims_of(enterprise.described))
        enterprise.distinct_reason = confirm_distinct or enterprise.distinct_reason
    enterprise.save()
    publish_party(enterprise.party())
    return enterprise


@transactional
def forget_enterprise_contact(enterprise_id: UUID) -> Enterprise:
    """The person who answers for an enterprise withdraws: name, address and number go here and, by a new version of the
    party, everywhere. So they do from the registrations that were given up for it."""
    enterprise = Enterprise.get(enterprise_id)
    with seeing_everything():
        former = list(Enterprise.objects(merged_into=enterprise_id))
    for each in (enterprise, *former):
        each.forget_contact()
        each.save()
        publish_party(each.party())
        idempotency.forget(each.id)
    return enterprise


def tax_number_of(enterprise_id: UUID) -> str:
    """For those who may see the enterprise; `NotFound` where no number is known."""
    number = number_of(Enterprise.get(enterprise_id))
    if number is None:
        raise NotFound("TaxNumber", enterprise_id)
    return number
