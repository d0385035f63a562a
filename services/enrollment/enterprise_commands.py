"""What enrollment can be asked about enterprises: sign-up, correction, another provider, merging, graduation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.enrollment.duplicates import Entered, refuse_duplicates
from services.enrollment.enterprise import Enterprise
from services.enrollment.enterprise_description import stored_values
from services.enrollment.institution import Institution
from services.enrollment.journey import ZONE, Journey
from services.enrollment.matching import claims_of
from services.enrollment.participant_commands import move_participants
from services.enrollment.refusals import conflicting, refused
from services.enrollment.sign_up_claim import claim
from services.enrollment.tax_number import number_of
from services.enrollment.training import Training
from shared.errors import Invalid, NotFound
from shared.messaging.contact_outbox import tell
from shared.runtime import clock
from shared.runtime.context import current_principal, seeing_everything
from shared.storage.transaction import transactional
from shared.web import idempotency

COMMITTED = ("committed", "enrolled", "graduated")


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
    enterprise.enter()
    tell(enterprise.party(), new=True)
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
    tell(enterprise.party())
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
        tell(each.party())
        idempotency.forget(each.id)
    return enterprise


@transactional
def change_provider(enterprise_id: UUID, *, provider_id: UUID, delivery_mode: str | None = None) -> Enterprise:
    """An enterprise moves to another provider, with its people and the modules that it has not completed.

    What the previous provider completed stays that provider's. Refused while the enterprise has a place in a training
    that is still to come.
    """
    enterprise = Enterprise.get(enterprise_id)
    provider = acting_provider(provider_id)
    if provider.id == enterprise.provider_id:
        raise refused("/provider_id", "same-provider")
    refuse_open_places(enterprise_id)
    enterprise.change_provider(provider.id, delivery_mode, clock.today(ZONE))
    enterprise.save()
    with seeing_everything():
        for journey in Journey.objects(enterprise_id=enterprise_id, completed_on=None):
            journey.provider_id, journey.trainer_ids = provider.id, []
            journey.save()
    move_participants(enterprise_id, kept_id=enterprise_id, provider_id=provider.id)
    tell(enterprise.party())
    return enterprise


@transactional
def merge_enterprises(enterprise_id: UUID, *, kept_id: UUID, reason: str) -> Enterprise:
    """Two registrations are one enterprise: the first is given up for the kept one, which is answered.

    The people move. Seats, journeys and a commitment do not: a registration that has them is the one to keep.
    """
    given_up = Enterprise.get(enterprise_id)
    kept = Enterprise.find(kept_id)
    if kept is None:
        raise refused("/kept_id", "unknown-enterprise")
    if kept.id == given_up.id:
        raise refused("/kept_id", "merged-with-itself")
    refuse_open_places(enterprise_id)
    if given_up.state in COMMITTED and kept.state not in COMMITTED:
        raise conflicting("further-along")
    with seeing_everything():
        if any(journey.classroom or journey.visits for journey in Journey.objects(enterprise_id=enterprise_id)):
            raise conflicting("has-journeys")
        for earlier in Enterprise.objects(merged_into=enterprise_id):
            earlier.merged_into = kept.id
            earlier.save()
    given_up.give_up_for(kept, reason)
    given_up.save()
    kept.save()
    move_participants(enterprise_id, kept_id=kept.id, provider_id=kept.provider_id)
    tell(kept.party())
    return kept


@transactional
def graduate_if_complete(enterprise_id: UUID) -> None:
    """A journey was completed, or no longer is: the enterprise graduates, or its plan is open again."""
    with seeing_everything():
        enterprise = Enterprise.find(enterprise_id)
        if enterprise is None or enterprise.state not in ("enrolled", "graduated"):
            return
        completed = {
            journey.module: journey.completed_on
            for journey in Journey.objects(enterprise_id=enterprise_id)
            if journey.completed_on
        }
        if enterprise.weigh_graduation(completed, clock.today(ZONE)):
            enterprise.save()


def tax_number_of(enterprise_id: UUID) -> str:
    """For those who may see the enterprise; `NotFound` where no number is known."""
    number = number_of(Enterprise.get(enterprise_id))
    if number is None:
        raise NotFound("TaxNumber", enterprise_id)
    return number


def refuse_open_places(enterprise_id: UUID) -> None:
    """While an enterprise has seats in a planned training, or waits for some, others count on it."""
    with seeing_everything():
        planned = Training.objects(enterprise_ids=enterprise_id, state="scheduled")
        trainings = sorted(str(training.id) for training in planned)
    if trainings:
        raise conflicting("has-seats", members={"trainings": trainings})


def acting_provider(provider_id: UUID | None) -> Institution:
    """The caller's own institution; the programme names one."""
    own = current_principal().institution
    wanted = own or provider_id
    if wanted is None:
        raise Invalid("/provider_id", "required")
    try:
        provider = Institution.get(wanted)
    except NotFound:
        raise refused("/provider_id", "unknown-institution") from None
    if provider_id not in (None, wanted):
        raise refused("/provider_id", "unknown-institution")
    if provider.state != "active":
        raise refused("/provider_id", "institution-suspended")
    return provider
