"""Decides who may lead a classroom: somebody certified for the module, or a candidate authorised under a certified expert."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.enrollment.trainers.authorisation import Authorisation
from services.enrollment.trainers.entitlement import Entitlement
from shared.contracts.event import Event
from shared.contracts.events.certification import SupervisedDeliveryAuthorised, TrainerCertified, qualification_id


@dataclass(frozen=True, slots=True)
class Lead:
    """The trainer in front of a classroom of a module. A supervised one stands under `supervisor_id`."""

    module: str
    trainer_id: UUID
    supervisor_id: UUID | None = None

    @property
    def needed(self) -> type[Event]:
        """Return the event that would entitle."""
        return SupervisedDeliveryAuthorised if self.supervisor_id else TrainerCertified

    @property
    def entitlement_id(self) -> UUID:
        """Return the id of the entitlement that counts: the supervisor's, where there is one."""
        return qualification_id(self.supervisor_id or self.trainer_id, self.module)

    @property
    def authorisation_id(self) -> UUID:
        return qualification_id(self.trainer_id, self.module)

    def uncovered(
        self, days: list[date], *, entitlement: Entitlement | None, authorisation: Authorisation | None
    ) -> list[date]:
        """Return the days on which this trainer may not lead, in order."""
        uncertified = sorted(days) if entitlement is None else entitlement.uncovered(sorted(days))
        if self.supervisor_id is None:
            return uncertified
        unauthorised = authorisation.uncovered(days, self.supervisor_id) if authorisation else days
        return sorted({*unauthorised, *uncertified})
