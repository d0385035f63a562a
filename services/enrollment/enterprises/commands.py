"""Registers and corrects enterprises, and forgets who answered for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Unpack
from uuid import UUID

from services.enrollment.duplicates.commands import count_comparison
from services.enrollment.duplicates.matching import claims_of
from services.enrollment.duplicates.sign_up_claim import claim
from services.enrollment.enterprises.duplicate_check import Entered, asking_institution, refuse_duplicates
from services.enrollment.enterprises.errors import NUMBER_MISSING
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.queries import merged_into
from services.enrollment.enterprises.rules import EnterpriseChanges, NewEnterprise, stored_values, with_present_parts
from services.enrollment.identifiers import nib_of
from services.enrollment.institutions.model import Institution
from services.enrollment.institutions.queries import acting_provider
from services.enrollment.settings import enrollment_settings
from services.enrollment.tax_numbers.keys import tax_number_keys
from services.enrollment.tax_numbers.model import digests_of
from shared.domain.errors import Invalid
from shared.domain.external_ids import Numbered, require_free
from shared.messaging.outbox.compacted import publish_party
from shared.storage.transaction import transactional
from shared.web import idempotency

MOST_FOUND: Final = 50


@dataclass(slots=True)
class SignUps:
    """The look-ups that many sign-ups in one transaction share: providers, and who came before in this transaction.

    `rehearsed` ones stay nowhere, and are compared with what their sender may see.
    """

    rehearsed: bool = False
    providers: dict[UUID | None, Institution] = field(default_factory=dict)
    entered: Entered = field(default_factory=Entered)
    numbers: dict[Numbered, UUID] = field(default_factory=dict)

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
    **described: Unpack[NewEnterprise],
) -> Enterprise:
    """Sign an enterprise up with a provider: the caller's own institution, or the one the programme names.

    Refused where it is probably registered already, unless `confirm_distinct` says why it is another one. `among` are
    the others of the same transaction.
    """
    among, keys = among or SignUps(), tax_number_keys()
    provider = among.provider(provider_id)
    values = stored_values(
        described, legal_form=described["legal_form"], kbli_edition=enrollment_settings().kbli_version
    )
    enterprise = Enterprise(**values, provider_id=provider.id, distinct_reason=confirm_distinct)
    require_free(enterprise, among.numbers)
    refuse_duplicates(
        enterprise, confirmed=confirm_distinct is not None, entered=among.entered, rehearsed=among.rehearsed
    )
    enterprise.register(keys)
    claim(enterprise.id, claims_of(enterprise.described(keys)))
    among.entered.add(enterprise)
    if enterprise.numbered:
        among.numbers[enterprise.numbered] = enterprise.id
    enterprise.insert()
    publish_party(enterprise.party(), new=True)
    return enterprise


@transactional
def correct_enterprise(
    enterprise_id: UUID, *, confirm_distinct: str | None = None, **changes: Unpack[EnterpriseChanges]
) -> Enterprise:
    """Replace what is known of an enterprise by what is given, part by part; what is as it was changes nothing."""
    enterprise, keys = Enterprise.get(enterprise_id), tax_number_keys()
    before, as_it_was = enterprise.described(keys), enterprise.snapshot()
    legal_form = changes.get("legal_form") or enterprise.legal_form
    given = with_present_parts(changes, enterprise.headcount, enterprise.contact)
    values = stored_values(given, legal_form=legal_form, kbli_edition=enrollment_settings().kbli_version)
    enterprise.correct(values, keys)
    if enterprise.snapshot() == as_it_was:
        return enterprise
    if "external_id" in changes:
        require_free(enterprise)
    if enterprise.described(keys) != before:
        refuse_duplicates(enterprise, confirmed=confirm_distinct is not None)
        if (asking := asking_institution()) is not None:
            count_comparison(asking)
        claim(enterprise.id, claims_of(enterprise.described(keys)))
        enterprise.distinct_reason = confirm_distinct or enterprise.distinct_reason
    enterprise.save()
    publish_party(enterprise.party())
    return enterprise


@transactional
def find_enterprises(*, npwp: str | None = None, nib: str | None = None) -> list[Enterprise]:
    """Find enterprises by their numbers, among those the caller may see. A number is never part of an address."""
    conditions: dict[str, object] = {"nib": nib_of(nib)} if nib else {}
    if npwp:
        conditions["match_keys__in"] = [f"npwp:{digest}" for digest in digests_of(npwp, tax_number_keys())]
    if not conditions:
        raise Invalid(errors=[NUMBER_MISSING])
    return list(Enterprise.objects(**conditions).limit(MOST_FOUND))


@transactional
def forget_enterprise_contact(enterprise_id: UUID) -> Enterprise:
    """Forget the person who answers for an enterprise: name, address and number go here and, by a new version of the
    party, everywhere. So they do from the registrations that were given up for it."""
    enterprise = Enterprise.get(enterprise_id)
    for registration in (enterprise, *merged_into(enterprise_id)):
        registration.forget_contact(tax_number_keys())
        registration.save()
        publish_party(registration.party())
        idempotency.forget_own(registration.id)
    return enterprise
