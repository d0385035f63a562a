"""Who may lead a classroom: somebody certified for the module, or a candidate authorised under a certified expert."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.enrollment.trainers.authorisation import Authorisation
from services.enrollment.trainers.entitlement import Entitlement
from shared.contracts.event import Event
from shared.contracts.events.certification import SupervisedDeliveryAuthorised, TrainerCertified
from shared.kernel.context import seeing_everything


@dataclass(frozen=True, slots=True)
class Lead:
    """The trainer in front of a classroom of a module. A supervised one stands under `supervisor_id`."""

    module: str
    trainer_id: UUID
    supervisor_id: UUID | None = None

    @property
    def needed(self) -> type[Event]:
        """The event that would entitle."""
        return SupervisedDeliveryAuthorised if self.supervisor_id else TrainerCertified

    def uncovered(self, days: list[date]) -> list[date]:
        """The days on which this trainer may not lead, in order."""
        with seeing_everything():
            if self.supervisor_id is None:
                return self._uncertified(self.trainer_id, days)
            authorisation = Authorisation.of(self.trainer_id, self.module)
            alone = authorisation.uncovered(days, self.supervisor_id) if authorisation else days
            return sorted({*alone, *self._uncertified(self.supervisor_id, days)})

    def _uncertified(self, trainer_id: UUID, days: list[date]) -> list[date]:
        entitlement = Entitlement.of(trainer_id, self.module)
        return sorted(days) if entitlement is None else entitlement.uncovered(sorted(days))
