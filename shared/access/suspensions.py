"""Keeps the list of suspended institutions, in every service, and refuses their tokens, their trainers' and erased trainers'.

The web process reads the list again every few seconds, so a suspension, and its end, hold everywhere within
`SCORE_SUSPENSION_SECONDS` of the event's arrival. Enterprises are nobody's staff: those of a suspended provider go on
reading their own data. The group hears of merged enterprises (`mergers`) and of trainers (`trainers`) too: they bear on
tokens in the same way; of erasures (`shared.erasure`): every service answers them; and what modules are called, which every
service shows: one group of readers is enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shared.access import mergers
from shared.contracts.envelope import Envelope
from shared.contracts.events.certification import PersonErased, SupervisedDeliveryAuthorised, TrainerRegistered
from shared.contracts.events.enrollment import EnterprisesMerged, InstitutionRestored, InstitutionSuspended
from shared.contracts.reference import MODULE
from shared.domain import trainers
from shared.erasure import copies, progress
from shared.kernel.principal import Principal
from shared.kernel.service import Service
from shared.kernel.settings.current import settings
from shared.messaging.subscriptions import ConsumerGroup, EraseHandler
from shared.storage import connection
from shared.storage.remembered import Remembered

COLLECTION = "suspended_institutions"
COLLECTIONS: dict[str, Any] = {COLLECTION: ()}


def group_for(service: str, erase_handlers: Sequence[EraseHandler] = ()) -> ConsumerGroup:
    """Return the consumer group that every service has."""
    suspensions = ConsumerGroup(f"{service}.suspensions")
    suspensions.keeps_reference("enrollment", kinds=(MODULE,))
    copies.listen(suspensions, service, {PersonErased: trainers.forget_trainer}, erase_handlers)
    progress.listen(suspensions, service)

    @suspensions.handles(InstitutionSuspended)
    def suspend(event: InstitutionSuspended, about: Envelope) -> None:
        row = {"suspended_at": about.time, "reason": event.reason}
        connection.database()[COLLECTION].replace_one({"_id": event.institution_id}, row, upsert=True)

    @suspensions.handles(InstitutionRestored)
    def restore(event: InstitutionRestored, _about: Envelope) -> None:
        connection.database()[COLLECTION].delete_one({"_id": event.institution_id})

    @suspensions.handles(EnterprisesMerged)
    def merge(event: EnterprisesMerged, _about: Envelope) -> None:
        mergers.keep(event)

    @suspensions.handles(TrainerRegistered)
    def keep_trainer(event: TrainerRegistered, _about: Envelope) -> None:
        trainers.keep_trainer(event)

    @suspensions.handles(SupervisedDeliveryAuthorised)
    def keep_authorisation(event: SupervisedDeliveryAuthorised, _about: Envelope) -> None:
        trainers.keep_authorisation(event)

    return suspensions


def groups_of(service: Service) -> tuple[ConsumerGroup, ...]:
    """Return a service's own consumer groups, and the one that every service has."""
    erase_handlers = [handler for group in service.groups for handler in group.erase_handlers]
    return (*service.groups, group_for(service.name, erase_handlers))


def suspended_institutions() -> frozenset[UUID]:
    """Return which institutions are suspended: what is done for somebody later, without a token, waits for theirs."""
    return frozenset(row["_id"] for row in connection.database()[COLLECTION].find({}, {"_id": 1}))


class SuspensionList:
    """The list of suspended institutions, their trainers and erased trainers as a web process remembers it."""

    def __init__(self) -> None:
        self._barred = Remembered(_barred, lambda: settings().suspension_seconds)

    def bars(self, principal: Principal) -> bool:
        """Return whether somebody acts for a suspended institution, as its staff or as its trainer, or as an erased trainer."""
        barred = self._barred()
        staff_of = None if principal.role == "enterprise" else principal.institution
        return staff_of in barred or principal.trainer in barred


def _barred() -> frozenset[UUID]:
    institutions = suspended_institutions()
    return institutions | trainers.trainers_of(institutions) | trainers.erased_trainers()
