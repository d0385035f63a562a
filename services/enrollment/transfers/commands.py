"""Moves an enterprise to another provider, or merges it into another registration."""

from __future__ import annotations

from uuid import UUID

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.queries import known_enterprise, merged_into
from services.enrollment.errors import conflicting, refused
from services.enrollment.institutions.queries import acting_provider
from services.enrollment.journeys.queries import journeys_of
from services.enrollment.people.commands import move_participants
from services.enrollment.tax_numbers.keys import tax_number_keys
from services.enrollment.trainings.queries import refuse_open_places
from services.enrollment.transfers.errors import FURTHER_ALONG, HAS_JOURNEYS, MERGED_WITH_ITSELF, SAME_PROVIDER
from shared.kernel import clock
from shared.messaging.outbox.compacted import publish_party
from shared.reference.zones import WIB
from shared.storage.transaction import transactional

COMMITTED = ("committed", "enrolled", "graduated")


@transactional
def change_provider(enterprise_id: UUID, *, provider_id: UUID, delivery_mode: str | None = None) -> Enterprise:
    """Move an enterprise to another provider, with its people and the modules that it has not completed.

    What the previous provider completed stays that provider's. Refused while the enterprise has a place in a training
    that is still to come.
    """
    enterprise = Enterprise.get(enterprise_id)
    provider = acting_provider(provider_id)
    if provider.id == enterprise.provider_id:
        raise refused("/provider_id", SAME_PROVIDER)
    refuse_open_places(enterprise_id)
    enterprise.change_provider(provider.id, delivery_mode, clock.today(WIB))
    enterprise.save()
    for journey in journeys_of(enterprise_id):
        if journey.completed_on is None:
            journey.provider_id, journey.trainer_ids = provider.id, []
            journey.save()
    move_participants(enterprise_id, kept_id=enterprise_id, provider_id=provider.id)
    publish_party(enterprise.party())
    return enterprise


@transactional
def merge_enterprises(enterprise_id: UUID, *, kept_id: UUID, reason: str) -> Enterprise:
    """Merge two registrations of one enterprise: the first is given up for the kept one, which is returned.

    The people move. Seats, journeys and a commitment do not: a registration that has them is the one to keep.
    """
    given_up = Enterprise.get(enterprise_id)
    kept = known_enterprise("/kept_id")(kept_id)
    if kept.id == given_up.id:
        raise refused("/kept_id", MERGED_WITH_ITSELF)
    refuse_open_places(enterprise_id)
    if given_up.state in COMMITTED and kept.state not in COMMITTED:
        raise conflicting(FURTHER_ALONG)
    if any(journey.classroom or journey.visits for journey in journeys_of(enterprise_id)):
        raise conflicting(HAS_JOURNEYS)
    for earlier in merged_into(enterprise_id):
        earlier.merged_into = kept.id
        earlier.save()
    given_up.give_up_for(kept, reason, tax_number_keys())
    given_up.save()
    kept.save()
    move_participants(enterprise_id, kept_id=kept.id, provider_id=kept.provider_id)
    publish_party(kept.party())
    return kept
